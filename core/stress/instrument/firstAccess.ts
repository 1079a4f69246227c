/**
 * The first access of a line of memory 0 in an execution. If an earlier execution has asked the engine about the same
 * caller and line, and no other caller shares the line, it is noted here, without leaving wasm: the line gets the
 * caller's tag, and one that is written joins the list of lines to restore.
 */
import type { Encoder } from '../../wasm/encoder.ts';
import { Op } from '../../wasm/ops.ts';
import { I32 } from '../../wasm/types.ts';
import { callFunction, end, i32Const, ifThen, localGet, localSet, memoryOp } from '../rewrite/emit.ts';
import { type Context, helper, tagWord } from './context.ts';
import { HookAnswer, LINE_LOG2, LINK_BIT, RECORD_BYTES, RecordWord, TagWord } from './hooks.ts';
import { point } from './points.ts';

const RECORD_LOG2 = Math.log2(RECORD_BYTES);

/** Whether lines of a memory have records. */
export const hasRecords = ({ filtered }: Context, memory: number): boolean => filtered && memory === 0;

/** Takes an address; pushes the offset of the record of its line. */
export function recordOf(e: Encoder): void {
  i32Const(e, LINE_LOG2);
  e.u8(Op.i32_shr_u);
  i32Const(e, RECORD_LOG2);
  e.u8(Op.i32_shl);
}

/** Takes the offset of a record; pushes a word of it. */
export const recordWord = (context: Context, e: Encoder, word: number): void =>
  memoryOp(e, Op.i32_load, 2, context.tagMemory, context.tagBase + 4 * word);

/** (site, address, width - 1, tag of the line) -> `HookAnswer.Perform` or `HookAnswer.Parts`. Also of later accesses that are misaligned. */
export const firstAccess = (context: Context, writes: boolean): number =>
  helper(context, writes ? 'firstWrite' : 'firstRead', [I32, I32, I32, I32], [I32], [I32], (e) => {
    const [site, address, reach, tag, record] = [0, 1, 2, 3, 4];
    localGet(e, address);
    recordOf(e);
    localSet(e, record);
    localGet(e, address);
    localGet(e, reach);
    e.u8(Op.i32_add);
    recordOf(e);
    localGet(e, record);
    e.u8(Op.i32_eq);
    ifThen(e);
    localGet(e, tag);
    tagWord(context, e, TagWord.Tag);
    e.u8(Op.i32_eq);
    ifThen(e);
    i32Const(e, HookAnswer.Perform);
    e.u8(Op.return);
    end(e);
    localGet(e, record);
    recordWord(context, e, RecordWord.Passes);
    tagWord(context, e, writes ? TagWord.Writer : TagWord.Reader);
    e.u8(Op.i32_and);
    ifThen(e);
    for (const word of writes ? [RecordWord.ReadTag, RecordWord.WriteTag] : [RecordWord.ReadTag]) {
      localGet(e, record);
      tagWord(context, e, TagWord.Tag);
      setWord(context, e, word);
    }
    if (writes) addToWritten(context, e, record);
    i32Const(e, HookAnswer.Perform);
    e.u8(Op.return);
    end(e);
    end(e);
    localGet(e, site);
    localGet(e, address);
    callFunction(e, point(context));
  });

const setWord = (context: Context, e: Encoder, word: number): void =>
  memoryOp(e, Op.i32_store, 2, context.tagMemory, context.tagBase + 4 * word);

/** Puts a record at the head of the list of written lines, unless it is in it. */
function addToWritten(context: Context, e: Encoder, record: number): void {
  localGet(e, record);
  recordWord(context, e, RecordWord.Next);
  e.u8(Op.i32_eqz);
  ifThen(e);
  localGet(e, record);
  tagWord(context, e, TagWord.Written);
  setWord(context, e, RecordWord.Next);
  i32Const(e, 0);
  localGet(e, record);
  i32Const(e, LINK_BIT);
  e.u8(Op.i32_or);
  memoryOp(e, Op.i32_store, 2, context.tagMemory, 4 * TagWord.Written);
  end(e);
}

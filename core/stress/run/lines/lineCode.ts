/**
 * Functions that go through many lines of a guest's memory at once, with vectors. The guest's memory is the first one of
 * their module, and a *book* of the engine the second. In the book stand the list of lines to go through, for each line of
 * the guest's memory where its contents at the base are saved, and these; see writtenLines.ts.
 */
import type { Encoder } from '../../../wasm/encoder.ts';
import { Op } from '../../../wasm/ops.ts';
import { I32, I64, V128, type ValType } from '../../../wasm/types.ts';
import { LINE_LOG2 } from '../../instrument/hooks.ts';
import {
  block,
  branch,
  branchIf,
  end,
  extend,
  i32Const,
  i64Const,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  memoryOp,
} from '../../rewrite/emit.ts';
import { addHash, linesDiffer, VECTORS } from './lineHash.ts';

/** Offsets in the book. */
export const BOOK = {
  /** Four words: a hash of what differs from the base, added up. */
  sum: 0,
  /** Two lines for `add`: current contents, and those at the base. */
  current: 64,
  base: 128,
  /** The list: numbers of lines, 4 bytes each. */
  list: 256,
} as const;

/** The functions as an instance exports them; all numbers are i32. */
export interface LineFunctions {
  /**
   * Adds up the hashes of those of the first `count` lines of the list that differ from the base, apart from
   * `[from, to)` and from `after` on. `saved`: offset in the book of the places of saved lines.
   */
  sum(count: number, saved: number, from: number, to: number, after: number): void;
  /** Adds that of a line whose contents stand at `BOOK.current` and `BOOK.base`. */
  add(line: number): void;
  /** Copies those of the first `count` lines of the list that come before `after` from the book to the guest's memory. */
  restore(count: number, saved: number, after: number): void;
}

const GUEST = 0;
const OWN = 1;
const loadOwn = (e: Encoder, offset: number): void => memoryOp(e, Op.v128_load, 4, OWN, offset);

/** One function. */
export interface LineFunction {
  /** Number of its parameters. */
  params: number;
  locals: readonly ValType[];
  /** Writes its instructions without the last `end`. */
  write(e: Encoder): void;
}

/** The functions for a guest's memory. */
export function lineFunctions(is64: boolean): Record<keyof LineFunctions, LineFunction> {
  /** Takes a line's number; pushes its address in the guest's memory. */
  const address = (e: Encoder): void => {
    if (is64) {
      extend(e);
      i64Const(e, LINE_LOG2);
      e.u8(Op.i64_shl);
    } else {
      i32Const(e, LINE_LOG2);
      e.u8(Op.i32_shl);
    }
  };
  /** Goes through the list: `each` may branch to 0 for the next line. Locals `at` and `last` are offsets. */
  const through = (e: Encoder, { count, at, last, line }: Record<string, number>, each: () => void): void => {
    i32Const(e, BOOK.list);
    localTee(e, at);
    localGet(e, count);
    i32Const(e, 2);
    e.u8(Op.i32_shl);
    e.u8(Op.i32_add);
    localSet(e, last);
    block(e);
    loop(e);
    localGet(e, at);
    localGet(e, last);
    e.u8(Op.i32_eq);
    branchIf(e, 1);
    localGet(e, at);
    memoryOp(e, Op.i32_load, 2, OWN, 0);
    localSet(e, line);
    localGet(e, at);
    i32Const(e, 4);
    e.u8(Op.i32_add);
    localSet(e, at);
    each();
    branch(e, 0);
    end(e);
    end(e);
  };
  /** Leaves a line out from `after` on; else sets `placed` to its address, and `base` to where its contents are saved. */
  const locate = (e: Encoder, { line, after, saved, placed, base }: Record<string, number>): void => {
    localGet(e, line);
    localGet(e, after);
    e.u8(Op.i32_ge_u);
    branchIf(e, 0);
    localGet(e, line);
    address(e);
    localSet(e, placed);
    localGet(e, line);
    i32Const(e, 2);
    e.u8(Op.i32_shl);
    localGet(e, saved);
    e.u8(Op.i32_add);
    memoryOp(e, Op.i32_load, 2, OWN, 0);
    localSet(e, base);
  };
  const place = is64 ? I64 : I32;
  return {
    sum: {
      params: 5,
      locals: [I32, I32, I32, I32, place, V128, V128, V128, V128, V128, V128],
      write(e) {
        const [count, saved, from, to, after, at, last, line, base, placed, total, v, words] = [...Array(13).keys()];
        through(e, { count, at, last, line }, () => {
          localGet(e, line);
          localGet(e, from);
          e.u8(Op.i32_sub);
          localGet(e, to);
          localGet(e, from);
          e.u8(Op.i32_sub);
          e.u8(Op.i32_lt_u);
          branchIf(e, 0);
          locate(e, { line, after, saved, placed, base });
          for (let i = 0; i < VECTORS; i++) {
            localGet(e, placed);
            memoryOp(e, Op.v128_load, 4, GUEST, 16 * i);
            localSet(e, words + i);
          }
          linesDiffer(e, words, (i) => {
            localGet(e, base);
            loadOwn(e, 16 * i);
          });
          ifThen(e);
          localGet(e, total);
          addHash(e, line, words, v);
          localSet(e, total);
          end(e);
        });
        i32Const(e, 0);
        localGet(e, total);
        memoryOp(e, Op.v128_store, 4, OWN, BOOK.sum);
      },
    },
    add: {
      params: 1,
      locals: [V128, V128, V128, V128, V128],
      write(e) {
        const [line, v, words] = [0, 1, 2];
        for (let i = 0; i < VECTORS; i++) {
          i32Const(e, 0);
          loadOwn(e, BOOK.current + 16 * i);
          localSet(e, words + i);
        }
        linesDiffer(e, words, (i) => {
          i32Const(e, 0);
          loadOwn(e, BOOK.base + 16 * i);
        });
        ifThen(e);
        i32Const(e, 0);
        i32Const(e, 0);
        loadOwn(e, BOOK.sum);
        addHash(e, line, words, v);
        memoryOp(e, Op.v128_store, 4, OWN, BOOK.sum);
        end(e);
      },
    },
    restore: {
      params: 3,
      locals: [I32, I32, I32, I32, place],
      write(e) {
        const [count, saved, after, at, last, line, base, placed] = [...Array(8).keys()];
        through(e, { count, at, last, line }, () => {
          locate(e, { line, after, saved, placed, base });
          for (let i = 0; i < VECTORS; i++) {
            localGet(e, placed);
            localGet(e, base);
            loadOwn(e, 16 * i);
            memoryOp(e, Op.v128_store, 4, GUEST, 16 * i);
          }
        });
      },
    },
  };
}

/** The immediates of an instruction in the text format. */
import { BlockForm, CatchKind, type Instruction } from '../immediates.ts';
import { ACQUIRE_RELEASE, IMM, Imm, WIDTH } from '../instructions.ts';
import { Op } from '../ops.ts';
import { heapOf, isNullable } from '../types.ts';
import type { Ids, Space } from './ids.ts';
import { f32Text, f64Text, v128Text } from './numbers.ts';
import type { BodyScope } from './scope.ts';
import { heapTypeText, refText, typeListText, typeUseText, valTypeText } from './types.ts';

/** Deepest label that a branch refers to by name: checking whether a name is shadowed takes as many steps. */
const MAX_NAMED_DEPTH = 64;

/** Longest `br_table` with names and comments. */
const MAX_NAMED_LABELS = 16;

/** Most clauses of a `try_table` that are shown. */
const MAX_CLAUSES = 1000;

/**
 * A label: by name if that means the right block, else by depth. The comment gives the nesting level of the block, as
 * at its opening.
 */
function labelText(scope: BodyScope, depth: number, comment: boolean): string {
  const { labels } = scope;
  const position = labels.length - 1 - depth;
  const id = labels[position];
  if (id !== undefined && depth < MAX_NAMED_DEPTH && labels.lastIndexOf(id) === position) return id;
  return comment && position >= 0 ? `${depth} (;@${position + 1};)` : String(depth);
}

/** ` (result t)` or ` (type $t) (param ...) (result ...)`, nothing for the empty type. */
function blockTypeText(form: number, value: number, scope: BodyScope): string {
  if (form === BlockForm.Empty) return '';
  if (form === BlockForm.Result) return typeListText('result', [value], scope.ids);
  return typeUseText(scope.module.types, value, scope.ids);
}

function tryTableText({ values }: Instruction, scope: BodyScope): string {
  let text = blockTypeText(values[0], values[1], scope);
  for (let i = 2; i < values.length; i += 3) {
    if (i > 3 * MAX_CLAUSES) return `${text} (;${(values.length - i) / 3} more;)`;
    const [kind, tag, label] = [values[i], values[i + 1], labelText(scope, values[i + 2], false)];
    const tagId = scope.ids.use('tag', tag);
    switch (kind) {
      case CatchKind.Catch:
        text += ` (catch ${tagId} ${label})`;
        break;
      case CatchKind.CatchRef:
        text += ` (catch_ref ${tagId} ${label})`;
        break;
      case CatchKind.CatchAll:
        text += ` (catch_all ${label})`;
        break;
      default:
        text += ` (catch_all_ref ${label})`;
    }
  }
  return text;
}

/** The ordering of an atomic access, in the words of its proposal. */
function orderText(order: number): string {
  const [read, write] = [order & 15, order >> 4];
  if (order === 0) return ' seqcst';
  return read === ACQUIRE_RELEASE && write <= ACQUIRE_RELEASE ? ' acqrel' : ` (;ordering ${order};)`;
}

/** Memory 0 and natural alignment are omitted. */
function memargText({ id, values, wide }: Instruction, ids: Ids): string {
  const [alignment, memory] = values;
  let text = memory === 0 ? '' : ` ${ids.use('memory', memory)}`;
  if (IMM[id] === Imm.Memarg && values.length > 2) text += orderText(values[2]);
  if (wide !== 0n) text += ` offset=${wide}`;
  if (2 ** alignment !== WIDTH[id]) text += ` align=${2n ** BigInt(alignment)}`;
  return text;
}

/** Two indices of one space, omitted if both are 0. */
function pairText(ids: Ids, space: Space, [to, from]: readonly number[]): string {
  return to === 0 && from === 0 ? '' : ` ${ids.use(space, to)} ${ids.use(space, from)}`;
}

/** ` owner segment`, which the binary has in the opposite order. */
function segmentText(ids: Ids, owner: Space, segment: Space, [segmentIndex, ownerIndex]: readonly number[]): string {
  return `${ownerIndex === 0 ? '' : ` ${ids.use(owner, ownerIndex)}`} ${ids.use(segment, segmentIndex)}`;
}

function callTypeText(ids: Ids, [type, table]: readonly number[]): string {
  // A named table is shown even if it is table 0.
  const shown = table !== 0 || ids.has('table', 0);
  return `${shown ? ` ${ids.use('table', table)}` : ''} (type ${ids.use('type', type)})`;
}

function fieldText(scope: BodyScope, [type, field]: readonly number[]): string {
  return ` ${scope.ids.use('type', type)} ${scope.fields(type).get(field) ?? field}`;
}

/** Index space of kinds of immediates that are a single index. */
const INDEX_SPACE: Readonly<Record<number, Space>> = {
  [Imm.Func]: 'func',
  [Imm.Type]: 'type',
  [Imm.Global]: 'global',
  [Imm.Table]: 'table',
  [Imm.Elem]: 'elem',
  [Imm.Data]: 'data',
  [Imm.Tag]: 'tag',
};

/** Everything after the mnemonic, with a leading space; empty if there is nothing. */
export function operandText(instruction: Instruction, scope: BodyScope): string {
  const { id, at, values } = instruction;
  const { ids, view } = scope;
  const kind = IMM[id];
  const space = INDEX_SPACE[kind];
  if (space !== undefined) return ` ${ids.use(space, values[0])}`;
  switch (kind) {
    case Imm.Local:
      return ` ${scope.locals.get(values[0]) ?? values[0]}`;
    case Imm.I32:
    case Imm.Lane:
      return ` ${values[0]}`;
    case Imm.I64:
      return ` ${instruction.wide}`;
    case Imm.F32:
      return ` ${f32Text(view, at)}`;
    case Imm.F64:
      return ` ${f64Text(view, at)}`;
    case Imm.V128:
      return ` ${v128Text(view, at)}`;
    case Imm.Shuffle:
      return ` ${scope.module.bytes.subarray(at, at + 16).join(' ')}`;
    case Imm.Memarg:
      return memargText(instruction, ids);
    case Imm.MemargLane:
      return `${memargText(instruction, ids)} ${values[2]}`;
    case Imm.Memory:
      return values[0] === 0 ? '' : ` ${ids.use('memory', values[0])}`;
    case Imm.MemoryMemory:
      return pairText(ids, 'memory', values);
    case Imm.TableTable:
      return pairText(ids, 'table', values);
    case Imm.DataMemory:
      return segmentText(ids, 'memory', 'data', values);
    case Imm.ElemTable:
      return segmentText(ids, 'table', 'elem', values);
    case Imm.Label:
      return ` ${labelText(scope, values[0], true)}`;
    case Imm.BrTable:
      // Many labels are shown as numbers: thousands of names are neither readable nor bounded.
      if (values.length > MAX_NAMED_LABELS) return ` ${values.join(' ')}`;
      return ` ${values.map((depth) => labelText(scope, depth, true)).join(' ')}`;
    case Imm.BlockType:
      return blockTypeText(values[0], values[1], scope);
    case Imm.TryTable:
      return tryTableText(instruction, scope);
    case Imm.TypeUse:
      return callTypeText(ids, values);
    case Imm.SelectTypes:
      return typeListText('result', values, ids) || ' (result)';
    case Imm.HeapType:
      if (id === Op.ref_null) return ` ${heapTypeText(values[0], ids)}`;
      return ` ${refText(values[0], id === Op.ref_test_null || id === Op.ref_cast_null, ids)}`;
    case Imm.BrOnCast:
      return ` ${labelText(scope, values[0], false)} ${valTypeText(values[1], ids)} ${refText(heapOf(values[2]), isNullable(values[2]), ids)}`;
    case Imm.TypeField:
      return fieldText(scope, values);
    case Imm.TypeCount:
      return ` ${ids.use('type', values[0])} ${values[1]}`;
    case Imm.TypeData:
      return ` ${ids.use('type', values[0])} ${ids.use('data', values[1])}`;
    case Imm.TypeElem:
      return ` ${ids.use('type', values[0])} ${ids.use('elem', values[1])}`;
    case Imm.TypeType:
      return ` ${ids.use('type', values[0])} ${ids.use('type', values[1])}`;
    default:
      return '';
  }
}

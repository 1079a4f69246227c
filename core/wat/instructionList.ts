/** The growing form of `Instructions`: parallel arrays that are cut to size at the end. */
import type { Instructions } from './model.ts';

/** Instructions under construction; the arrays have `capacity` entries. */
export interface InstructionList extends Instructions {
  capacity: number;
}

/** An empty list for a text of `tokens` tokens. */
export function createInstructionList(tokens: number): InstructionList {
  const capacity = (tokens >> 1) + 64;
  return {
    count: 0,
    capacity,
    op: new Int16Array(capacity),
    nameStart: new Uint32Array(capacity),
    nameEnd: new Uint32Array(capacity),
    start: new Uint32Array(capacity),
    end: new Uint32Array(capacity),
    ownerOfToken: new Int32Array(tokens).fill(-1),
  };
}

function grow(list: InstructionList): void {
  list.capacity *= 2;
  const op = new Int16Array(list.capacity);
  op.set(list.op);
  list.op = op;
  for (const key of ['nameStart', 'nameEnd', 'start', 'end'] as const) {
    const grown = new Uint32Array(list.capacity);
    grown.set(list[key]);
    list[key] = grown;
  }
}

/** Appends an instruction and returns its index. */
export function addInstruction(
  list: InstructionList,
  op: number,
  nameStart: number,
  nameEnd: number,
  start: number,
  end: number,
): number {
  if (list.count === list.capacity) grow(list);
  const index = list.count++;
  list.op[index] = op;
  list.nameStart[index] = nameStart;
  list.nameEnd[index] = nameEnd;
  list.start[index] = start;
  list.end[index] = end;
  return index;
}

/** The instructions of a list, with arrays of exactly `count` entries. */
export function finishInstructions(list: InstructionList): Instructions {
  const { count, op, nameStart, nameEnd, start, end, ownerOfToken } = list;
  return {
    count,
    op: op.slice(0, count),
    nameStart: nameStart.slice(0, count),
    nameEnd: nameEnd.slice(0, count),
    start: start.slice(0, count),
    end: end.slice(0, count),
    ownerOfToken,
  };
}

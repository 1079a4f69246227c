/**
 * Programs for the independent oracle: each caller makes calls, each of them a list of instructions with constant
 * operands. A program is data: `generate.ts` makes random ones, `watOf` writes one as WebAssembly text, `interpret.ts`
 * runs it without WebAssembly.
 */

/** Bytes of an access; 16 is a v128. */
export type Width = 1 | 2 | 4 | 8 | 16;

/** Where a memory instruction goes: an effective address, `offset` of it in the instruction itself. */
export interface Place {
  memory: number;
  at: number;
  offset: number;
}

/** What the table's slots and the passive element segment hold: null, two functions, and one of another type. */
export const ITEM = { Null: 0, First: 1, Second: 2, OtherType: 3 } as const;
/** One of `ITEM`. */
export type Item = 0 | 1 | 2 | 3;

/** What an instruction reads goes into the accumulator, what it writes is `value` plus the accumulator where `mixes`. */
export type Instruction =
  | (Place & { op: 'load'; width: Width; atomic: boolean })
  | (Place & { op: 'store'; width: Width; atomic: boolean; value: number; mixes: boolean })
  | (Place & { op: 'add' | 'exchange'; width: Width; value: number })
  | (Place & { op: 'compareExchange'; width: Width; expected: number; value: number })
  | { op: 'global.get'; global: 0 | 1 }
  | { op: 'global.set'; global: 0 | 1; value: number; mixes: boolean }
  | { op: 'table.get' | 'call_indirect'; table: number; slot: number }
  | { op: 'table.set'; table: number; slot: number; item: Item }
  | { op: 'table.size'; table: number }
  | { op: 'table.grow'; table: number; by: number; item: Item }
  | { op: 'table.fill'; table: number; slot: number; count: number; item: Item }
  | { op: 'table.copy'; to: number; toSlot: number; from: number; fromSlot: number; count: number }
  | { op: 'table.init'; table: number; slot: number; from: number; count: number }
  | { op: 'elem.drop' }
  | { op: 'memory.size'; memory: number }
  | { op: 'memory.grow'; memory: number; by: number }
  | { op: 'memory.fill'; memory: number; at: number; count: number; value: number }
  | { op: 'memory.copy'; to: number; at: number; from: number; fromAt: number; count: number }
  | { op: 'memory.init'; memory: number; at: number; from: number; count: number }
  | { op: 'data.drop' }
  | (Place & { op: 'wait'; width: 4 | 8; expected: number; timeout: number })
  | (Place & { op: 'notify'; count: number })
  /** A call of an import that suspends its caller: of the cooperative model. */
  | { op: 'suspend' };

/** A `guarded` instruction runs only where the accumulator is odd. */
export type Step = Instruction & { guarded: boolean };

/** A memory of a program. It starts with one page. */
export interface MemoryShape {
  shared: boolean;
  is64: boolean;
  /** In pages. */
  max: number;
}

/** The sharing models of programs; isolated instances have nothing to interpret. */
export type ProgramModel = 'shared-instance' | 'shared-memory' | 'cooperative';

/** A program. */
export interface Program {
  model: ProgramModel;
  host: 'wazero' | 'wasmedge' | 'wasmtime-c-api' | 'javascript' | 'wasmtime' | 'wamr' | 'wasi-threads';
  /** One or two; under `shared-memory` the first is imported and shared, a second one each instance's own. */
  memories: MemoryShape[];
  /** Most slots of table 0. */
  tableMax: number;
  /** By caller and call. */
  callers: Step[][][];
}

/** Bytes of a page. */
export const PAGE = 65536;
/** Slots of both tables at the start; the second one never grows. */
export const TABLE_SIZE = 2;
/** What the second table holds at the start; the first one holds nulls. */
export const SECOND_TABLE: readonly Item[] = [ITEM.Second, ITEM.OtherType];
/** Bytes of the passive data segment. */
export const DATA = [11, 22, 33, 44];
/** Items of the passive element segment. */
export const ELEMENTS: readonly Item[] = [ITEM.First, ITEM.Null, ITEM.OtherType];
/** What the functions of `ITEM.First` and `ITEM.Second` return. */
export const RETURNED: Readonly<Record<number, bigint>> = { [ITEM.First]: 5n, [ITEM.Second]: 9n };

/** Whether growth of an unshared memory and of a table reads, copies and publishes: where one instance has many threads. */
export const growthMoves = ({ model, host }: Program): boolean =>
  model === 'shared-instance' && host !== 'wasi-threads';

/** Name of the export that is a call of a caller. */
export const exportOf = (caller: number, call: number): string => `f${caller}_${call}`;

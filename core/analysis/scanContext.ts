/** What the scanner needs from a module, laid out for fast access, and what it collects. */
import {
  ACCESS,
  Access,
  FIRST_PREFIXED,
  IMM,
  Imm,
  OP_COUNT,
  POPS,
  PUSHES,
  SIGNATURE,
  WIDTH,
} from '../wasm/instructions.ts';
import type { DecodeError, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { ATOMIC_READ, ATOMIC_WRITE, type AtomicForm, EffectTable, READ, WRITE } from './effectTable.ts';
import { U32List } from './growable.ts';

/** The result of the scan of all bodies; rows of function `f` are `[starts[f], starts[f + 1])`. */
export interface ScanResult {
  table: EffectTable;
  factStart: Uint32Array;
  factEffect: Uint32Array;
  factSite: Uint32Array;
  callStart: Uint32Array;
  /** Callee function, or `functions + i` for the i-th entry of `indirect`. */
  callTarget: Uint32Array;
  callSite: Uint32Array;
  /** Tables and types of indirect calls; table -1: `call_ref`. */
  indirect: { table: number; type: number }[];
  /** Functions that a `ref.func` in a body names. */
  referenced: Set<number>;
  /** Effect id of a call of each imported function. */
  hostCall: Int32Array;
  /** How often each global is lowered and restored in the manner of a shadow stack pointer. */
  stackDiscipline: Uint32Array;
  /** By global: the functions that set it to something other than a constant or its own value plus one. */
  assignedGlobals: ReadonlyMap<number, ReadonlySet<number>>;
  /** Tables that code changes. */
  mutatedTables: Set<number>;
  unknownFunctions: number[];
  errors: DecodeError[];
  /** Number of bodies not scanned because the deadline ended the work. */
  skipped: number;
}

/** Type index -> number of parameters and results; 0 for other types. */
export interface Arity {
  params: Uint32Array;
  results: Uint32Array;
}

/** Numbers of parameters and results of each type of a module. */
export function arities(module: Module): Arity {
  const params = new Uint32Array(module.types.length);
  const results = new Uint32Array(module.types.length);
  module.types.forEach(({ composite }, i) => {
    if (composite.kind !== 'func') return;
    params[i] = composite.params.length;
    results[i] = composite.results.length;
  });
  return { params, results };
}

/** Forms of one-byte instructions that the scanner handles by form rather than one by one. */
export const PlainForm = {
  Other: 0,
  Load: 1,
  Store: 2,
  /** No immediates; numeric operands and one numeric result. */
  Numeric: 3,
} as const;

/** Numeric instructions that the scanner tracks: they compute addresses from addresses. */
const FOLLOWED: ReadonlySet<number> = new Set([Op.i32_add, Op.i64_add, Op.i32_sub, Op.i64_sub, Op.i32_and, Op.i64_and]);

function formOf(op: number): number {
  if (ACCESS[op] === Access.Load) return PlainForm.Load;
  if (ACCESS[op] === Access.Store) return PlainForm.Store;
  const numeric = IMM[op] === Imm.None && /^[ilfd]+>[ilfd]$/.test(SIGNATURE[op]);
  return numeric && !FOLLOWED.has(op) ? PlainForm.Numeric : PlainForm.Other;
}

/** `PlainForm` of each one-byte opcode. */
export const PLAIN_FORM = Uint8Array.from({ length: FIRST_PREFIXED }, (_, op) => formOf(op));

/** Net stack change of numeric instructions; 0 where it depends on immediates. */
export const STACK_DELTA = Int8Array.from(POPS, (pops, op) => (pops >= 0 && PUSHES[op] >= 0 ? PUSHES[op] - pops : 0));

/** Kind of memory access of loads, stores and atomics, -1 for others. */
export const MEMORY_ACCESS = new Int8Array(OP_COUNT).fill(-1);
const MEMORY_ACCESS_OF: Readonly<Record<number, number>> = {
  [Access.Load]: READ,
  [Access.Store]: WRITE,
  [Access.AtomicLoad]: ATOMIC_READ,
  [Access.AtomicStore]: ATOMIC_WRITE,
  [Access.AtomicRmw]: ATOMIC_WRITE,
  [Access.AtomicWait]: ATOMIC_READ,
  [Access.AtomicNotify]: ATOMIC_READ,
};
for (let op = 0; op < OP_COUNT; op++) if (WIDTH[op] > 0) MEMORY_ACCESS[op] = MEMORY_ACCESS_OF[ACCESS[op]] ?? -1;

/** Atomic instructions by id. */
export const ATOMIC_FORM: readonly (AtomicForm | undefined)[] = Array.from({ length: OP_COUNT }, (_, op) => {
  if (MEMORY_ACCESS[op] < ATOMIC_READ) return undefined;
  // `memory.atomic.notify` names an address and accesses no bytes there.
  const widths = ACCESS[op] === Access.AtomicNotify ? 0 : WIDTH[op];
  return { width: WIDTH[op], widths, waits: ACCESS[op] === Access.AtomicWait };
});

/** Effects and calls of the current function, each once, with its first site. */
export class Collector {
  readonly table = new EffectTable();
  readonly factEffect = new U32List();
  readonly factSite = new U32List();
  readonly callTarget = new U32List();
  readonly callSite = new U32List();
  readonly indirect: { table: number; type: number }[] = [];
  private readonly functions: number;
  private readonly indirectIds = new Map<number, number>();
  private effectSeen: Uint32Array = new Uint32Array(1024);
  private callSeen: Uint32Array;
  /** Serial number of the current function, from 1. */
  private serial = 0;

  constructor(functions: number) {
    this.functions = functions;
    this.effectSeen = enlarged(this.effectSeen, 0);
    this.callSeen = new Uint32Array(functions + 512);
    this.callSeen = enlarged(this.callSeen, 0);
  }

  begin(): void {
    this.serial++;
  }

  effect(id: number, site: number): void {
    if (id >= this.effectSeen.length) this.effectSeen = enlarged(this.effectSeen, id);
    if (this.effectSeen[id] === this.serial) return;
    this.effectSeen[id] = this.serial;
    this.factEffect.push(id);
    this.factSite.push(site);
  }

  call(target: number, site: number): void {
    if (target >= this.callSeen.length) this.callSeen = enlarged(this.callSeen, target);
    if (this.callSeen[target] === this.serial) return;
    this.callSeen[target] = this.serial;
    this.callTarget.push(target);
    this.callSite.push(site);
  }

  /** A call through `table` (-1: `call_ref`) with type index `type`. */
  callIndirect(table: number, type: number, site: number): void {
    const key = (table + 1) * 2 ** 32 + type;
    let id = this.indirectIds.get(key);
    if (id === undefined) {
      id = this.indirect.push({ table, type }) - 1;
      this.indirectIds.set(key, id);
    }
    this.call(this.functions + id, site);
  }
}

function enlarged(array: Uint32Array, index: number): Uint32Array {
  const larger = new Uint32Array(Math.max(array.length * 2, index + 1));
  larger.set(array);
  return larger;
}

/** The result of a scan, and what it needs to know of types. */
import type { DecodeError, Module } from '../wasm/module.ts';
import type { EffectTable } from './effectTable.ts';
import type { RowList } from './growable.ts';
import type { Symbols } from './symbols.ts';

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
  /** What the bodies left to be put together; see address/. */
  symbolic: SymbolicFacts;
}

/** Values and accesses that need more than one pass or more than one body; rows of function `f` as in `ScanResult`. */
export interface SymbolicFacts {
  symbols: Symbols;
  symbolStart: Uint32Array;
  /** Accesses at symbolic addresses: rows of `OpenColumn`. */
  open: RowList;
  openStart: Uint32Array;
  /** Calls with arguments or a result: rows of `CallColumn`. */
  calls: RowList;
  callStart: Uint32Array;
  /** Base and number of what each function returns, base -1: nothing. */
  returns: Int32Array;
  /** Packed bases, of symbols and parameters, that went where they are not followed: base each. */
  lost: RowList;
  lostStart: Uint32Array;
}

/** Columns of an access at a symbolic address. */
export const OpenColumn = { site: 0, form: 1, base: 2, value: 3, width: 4 } as const;
/** Number of these columns. */
export const OPEN_COLUMNS = 5;
/** Columns of a call: callee as in `ScanResult.callTarget`, offset, first argument in the operands or -1, parameters. */
export const CallColumn = { target: 0, site: 1, args: 2, params: 3 } as const;
/** Number of these columns. */
export const CALL_COLUMNS = 4;

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

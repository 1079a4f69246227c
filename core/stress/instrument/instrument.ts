/**
 * Rewrites a module so that the engine sees, orders and can undo what its code does to shared state. Only functions
 * that the chosen exports reach keep their bodies. Imports are added behind those of the module, so function indices
 * move; everything else is added behind what is there.
 */
import type { Analysis } from '../../analysis/model.ts';
import { Encoder } from '../../wasm/encoder.ts';
import type { ExternalKind, Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { I32, V128 } from '../../wasm/types.ts';
import { BranchHints } from '../rewrite/branchHints.ts';
import { movedConstExpr, movedElements, movedTables } from '../rewrite/movedFunctions.ts';
import { copiedSection, extendedSection } from '../rewrite/sections.ts';
import { hooksInBodies } from './body.ts';
import { type Context, createContext, helperFunction, newFunction, typeOf } from './context.ts';
import { HOOK_NAMES, HOOKS, LINE_BYTES, type PrivateNames, privateNames, RECORD_BYTES } from './hooks.ts';
import { vectorAccessors } from './parts.ts';
import { type ChangedState, changedState, reachableFunctions } from './reachable.ts';
import { residentFunctions, residentLoop } from './resident.ts';
import { emptySites, type Sites } from './sites.ts';

/** What to instrument. */
export interface InstrumentOptions {
  /** Functions that will be called: of setup, callers and probe. */
  functions: readonly number[];
  /** Executions of `ref.func` change state of the host that callers share. */
  referencesMatter?: boolean;
  /** Memories that host functions grow. */
  grownByHost?: readonly number[];
}

/** An instrumented module and what the engine needs to run it. */
export interface Instrumented {
  bytes: Uint8Array;
  sites: Sites;
  names: PrivateNames;
  changed: ChangedState;
  /** Start function that the engine has to call, as function index of the original module. */
  start: number | undefined;
  /** Bytes before the tags of memory 0, and whether it has any. */
  tagBase: number;
  filtered: boolean;
  /** 1 for each function whose body was kept. */
  reachable: Uint8Array;
  /** Functions that the loop of a caller calls, by their numbers there. */
  resident: readonly number[];
}

/** @throws DecodeFailure where a reachable body is malformed */
export function instrument(module: Module, analysis: Analysis, options: InstrumentOptions): Instrumented {
  const roots = [...options.functions];
  if (module.start !== undefined) roots.push(module.start.func);
  const reachable = reachableFunctions(analysis.graph, roots);
  const changed = changedState(module, reachable);
  for (const memory of options.grownByHost ?? []) changed.grown.add(memory);
  const sites = emptySites();
  const context = createContext(module, changed, sites, options.referencesMatter === true);
  const names = privateNames([...module.exports.map((e) => e.name), ...module.imports.map((i) => i.module)]);
  // Bodies first: they say which helpers and types there are.
  const hints = new BranchHints();
  const code = codeSection(context, reachable, hints);
  const resident = residentFunctions(module, options.functions);
  const exports = exportSection(context, names, options.functions, residentLoop(context, resident));
  const out = new Encoder(module.bytes.length + (module.bytes.length >> 1) + 4096);
  out.copy(module.bytes, 0, 8);
  const helperTypes = context.helpers.map((h) => typeOf(context, h.type));
  const imports = importSection(context, names);
  const allCode = withHelpers(context, code, hints);
  const moved = (func: number): number => newFunction(context, func);
  const sections: [id: number, contents: Encoder | undefined][] = [
    [1, typeSection(context)],
    [2, imports],
    [3, functionSection(context, helperTypes)],
    [4, movedTables(module, moved)],
    [5, memorySection(context)],
    [13, copiedSection(module, 13)],
    [6, globalSection(context)],
    [7, exports],
    [9, movedElements(module, moved)],
    [12, copiedSection(module, 12)],
    [0, hints.section()],
    [10, allCode],
    [11, copiedSection(module, 11)],
  ];
  for (const [id, contents] of sections) if (contents !== undefined) out.section(id, contents);
  return {
    bytes: out.bytes(),
    sites,
    names,
    changed,
    start: module.start?.func,
    tagBase: context.tagBase,
    filtered: context.filtered,
    reachable,
    resident,
  };
}

function typeSection(context: Context): Encoder {
  const e = extendedSection(context.module, 1, context.types.length);
  for (const type of context.types) {
    e.u8(0x60);
    for (const list of [type.params, type.results]) {
      e.u32(list.length);
      for (const t of list) e.valType(t);
    }
  }
  return e;
}

function importSection(context: Context, names: PrivateNames): Encoder {
  const e = extendedSection(context.module, 2, HOOK_NAMES.length);
  for (const name of HOOK_NAMES) {
    const { params, results } = HOOKS[name];
    e.name(names.hooks);
    e.name(name);
    e.u8(0);
    e.u32(typeOf(context, { kind: 'func', params: [...params], results: [...results] }));
  }
  return e;
}

function functionSection(context: Context, helperTypes: readonly number[]): Encoder {
  const e = extendedSection(context.module, 3, helperTypes.length);
  for (const type of helperTypes) e.u32(type);
  return e;
}

/** Records for the least size of memory 0; the engine makes more when the memory is larger. */
function memorySection(context: Context): Encoder {
  const e = extendedSection(context.module, 5, 1);
  const first = context.module.memories[0]?.limits;
  const bytes = context.filtered ? Number(first.min) * 2 ** (first.pageSizeLog2 ?? 16) : 0;
  const pages = Math.ceil((context.tagBase + (bytes / LINE_BYTES) * RECORD_BYTES) / 65536);
  e.u8(0);
  e.u32(Math.max(1, pages));
  return e;
}

function globalSection(context: Context): Encoder {
  const defined = context.module.globals.filter((g) => !g.imported);
  const e = new Encoder();
  e.u32(defined.length + 2);
  for (const global of defined) {
    e.valType(global.type);
    e.u8(global.mutable ? 1 : 0);
    if (global.init !== undefined) movedConstExpr(context.module, (func) => newFunction(context, func), e, global.init);
  }
  for (const _ of ['calls', 'allocated']) {
    e.u8(I32);
    e.u8(1);
    e.u8(Op.i32_const);
    e.s32(0);
    e.u8(Op.end);
  }
  return e;
}

function exportSection(context: Context, names: PrivateNames, functions: readonly number[], resident: number): Encoder {
  const { module } = context;
  const items: [name: string, kind: ExternalKind, index: number][] = module.exports.map((e) => [
    e.name,
    e.kind,
    e.kind === 'func' ? newFunction(context, e.index) : e.index,
  ]);
  items.push([names.tags, 'memory', context.tagMemory]);
  module.memories.forEach((_, i) => void items.push([names.memory(i), 'memory', i]));
  module.tables.forEach((_, i) => void items.push([names.table(i), 'table', i]));
  module.globals.forEach((g, i) => {
    if (!g.mutable) return;
    if (g.type !== V128) items.push([names.global(i), 'global', i]);
    else {
      const { low, high, set } = vectorAccessors(context, i);
      items.push([names.vector(i, 'low'), 'func', low], [names.vector(i, 'high'), 'func', high]);
      items.push([names.vector(i, 'set'), 'func', set]);
    }
  });
  const called = new Set([...functions, ...(module.start === undefined ? [] : [module.start.func])]);
  for (const func of called) items.push([names.func(func), 'func', newFunction(context, func)]);
  items.push([names.resident, 'func', resident]);
  const e = new Encoder();
  e.u32(items.length);
  for (const item of items) e.export(...item);
  return e;
}

/** Bodies of the module's functions: rewritten, or only a trap where nothing reaches them. */
function codeSection(context: Context, reachable: Uint8Array, hints: BranchHints): Encoder {
  const { functions, bytes } = context.module;
  const e = new Encoder(bytes.length + (bytes.length >> 1));
  const hooked = hooksInBodies(context);
  for (let d = 0; d < functions.bodyStart.length; d++) {
    const func = functions.imported + d;
    if (reachable[func] === 1) hints.add(newFunction(context, func), hooked.write(func, e));
    else {
      e.u32(3);
      e.u32(0);
      e.u8(Op.unreachable);
      e.u8(Op.end);
    }
  }
  return e;
}

function withHelpers(context: Context, bodies: Encoder, hints: BranchHints): Encoder {
  const e = new Encoder(bodies.length + 4096);
  e.u32(context.module.functions.bodyStart.length + context.helpers.length);
  e.copy(bodies.bytes());
  const whole = new Encoder();
  for (const [position, { locals, code }] of context.helpers.entries()) {
    whole.clear();
    whole.u32(locals.length);
    for (const type of locals) {
      whole.u32(1);
      whole.valType(type);
    }
    const codeAt = whole.length;
    hints.add(
      helperFunction(context, position),
      code.seldom.map((at) => codeAt + at),
    );
    whole.copy(code.bytes());
    whole.u8(Op.end);
    e.u32(whole.length);
    e.copy(whole.bytes());
  }
  return e;
}

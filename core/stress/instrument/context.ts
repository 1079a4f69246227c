/** What rewriting of bodies shares: index spaces of the new module, sites, helpers, scratch. */
import type { Encoder } from '../../wasm/encoder.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import type { FuncType, ValType } from '../../wasm/types.ts';
import type { BodyWriter } from '../rewrite/bodyWriter.ts';
import { Code } from '../rewrite/branchHints.ts';
import { i32Const, memoryOp } from '../rewrite/emit.ts';
import { HOOK_INDEX, HOOK_NAMES, type HookName, LINE_BYTES, TAG_BYTES, TAG_HEADER } from './hooks.ts';
import type { ChangedState } from './reachable.ts';
import type { Sites } from './sites.ts';

/** A function added behind those of the module. */
export interface Helper {
  type: FuncType;
  /** Types of its locals behind the parameters. */
  locals: ValType[];
  /** Instructions without the last `end`. */
  code: Code;
}

/** What the rewriters of all bodies share. */
export interface Context {
  module: Module;
  changed: ChangedState;
  sites: Sites;
  /** Added function types, behind those of the module, and helpers, behind its functions. */
  types: FuncType[];
  helpers: Helper[];
  helperIndex: Map<string, number>;
  /** Whether memory 0 has tags that let repeated accesses pass without a hook. */
  filtered: boolean;
  /** Bytes before the tags of memory 0: the header, and the tags of globals. */
  tagBase: number;
  /** Index of the memory of tags, which is added. */
  tagMemory: number;
  /** Globals that count calls and what was allocated. */
  callsGlobal: number;
  allocatedGlobal: number;
  /** Executions of `ref.func` change state of the host. */
  referencesMatter: boolean;
}

/** The context of a module before any body is rewritten. */
export function createContext(module: Module, changed: ChangedState, sites: Sites, referencesMatter: boolean): Context {
  const tagged = TAG_HEADER + module.globals.length * TAG_BYTES;
  const first = module.memories[0];
  return {
    module,
    changed,
    sites,
    types: [],
    helpers: [],
    helperIndex: new Map(),
    filtered: first !== undefined && !first.limits.is64,
    tagBase: Math.ceil(tagged / LINE_BYTES) * LINE_BYTES,
    tagMemory: module.memories.length,
    callsGlobal: module.globals.length,
    allocatedGlobal: module.globals.length + 1,
    referencesMatter,
  };
}

/** Index in the new module of function `func` of the old one. */
export const newFunction = (context: Context, func: number): number =>
  func < context.module.functions.imported ? func : func + HOOK_NAMES.length;

/** Index in the new module of a hook. */
export const hookFunction = (context: Context, name: HookName): number =>
  context.module.functions.imported + HOOK_INDEX[name];

/** Index in the new module of helper `position`. */
export const helperFunction = (context: Context, position: number): number =>
  context.module.functions.typeIndex.length + HOOK_NAMES.length + position;

/** Index of a function type among the added ones, in the new module. */
export function typeOf(context: Context, type: FuncType): number {
  const same = (a: readonly ValType[], b: readonly ValType[]) => a.length === b.length && a.every((t, i) => t === b[i]);
  let at = context.types.findIndex((t) => same(t.params, type.params) && same(t.results, type.results));
  if (at === -1) at = context.types.push(type) - 1;
  return context.module.types.length + at;
}

/** Index in the new module of the helper of that name; `make` writes it when it is first wanted. */
export function helper(
  context: Context,
  name: string,
  params: ValType[],
  results: ValType[],
  locals: ValType[],
  make: (code: Code) => void,
): number {
  let position = context.helperIndex.get(name);
  if (position === undefined) {
    // Before `make`: it may want helpers of its own, which then stand behind this one.
    const code = new Code();
    position = context.helpers.push({ type: { kind: 'func', params, results }, locals, code }) - 1;
    context.helperIndex.set(name, position);
    make(code);
  }
  return helperFunction(context, position);
}

/** Adds a site and returns its number. */
export function newSite(
  { sites }: Context,
  site: {
    func: number;
    offset: number;
    op: number;
    access: number;
    index: number;
    other?: number;
    memarg?: number;
    width?: number;
  },
): number {
  sites.func.push(site.func);
  sites.offset.push(site.offset);
  sites.op.push(site.op);
  sites.access.push(site.access);
  sites.index.push(site.index);
  sites.other.push(site.other ?? 0);
  sites.memarg.push(site.memarg ?? 0);
  return sites.width.push(site.width ?? 0) - 1;
}

/** Pushes a word of the header of the memory of tags; see `TagWord`. */
export function tagWord(context: Context, e: Encoder, word: number): void {
  i32Const(e, 0);
  memoryOp(e, Op.i32_load, 2, context.tagMemory, 4 * word);
}

/** A function body that is being rewritten. */
export interface Body extends BodyWriter {
  context: Context;
}

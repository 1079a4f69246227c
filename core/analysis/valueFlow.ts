/**
 * Where values go in a module: from globals and from parameters of exports through locals, arithmetic and calls to
 * addresses of memories, to stores and to results. Follows whole bodies without regard to their order, so that what is
 * not found does not happen, as long as values do not pass through memories, tables or objects.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC, POPS, PUSHES } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { skipLocals } from '../wasm/skip.ts';

/** How a value stems from a source, weakest first: not at all, as it was or plus something, multiplied. */
export const Flow = { None: 0, Direct: 1, Scaled: 2 } as const;

/** Where values come from. */
export interface FlowSources {
  /** Global indices. */
  globals: readonly number[];
  /** Functions whose parameters count. */
  parametersOf: readonly number[];
}

/** What becomes of them: a `Flow` each. */
export interface FlowUses {
  /** Address or length of an access of a memory, or slot of a table. */
  address: number;
  /** Stored into a memory or a table. */
  stored: number;
  /** Passed to code that is not known: an import, a call through a table or a reference. */
  passed: number;
  /** Result of an exported function. */
  returned: number;
}

/** Bodies that are followed, counted each time; beyond it everything is said to happen. */
const MAX_BODIES = 20_000;

/** Follows values until nothing new is found. */
export function valueFlow(module: Module, { globals, parametersOf }: FlowSources): FlowUses {
  const uses: FlowUses = { address: Flow.None, stored: Flow.None, passed: Flow.None, returned: Flow.None };
  const known: Known = { module, uses, globals: new Map(), params: new Map(), results: new Map(), changed: false };
  for (const index of globals) known.globals.set(index, Flow.Direct);
  for (const func of parametersOf)
    known.params.set(func, new Array<number>(typeOf(module, func)?.params.length ?? 0).fill(Flow.Direct));
  const { imported, bodyStart } = module.functions;
  let bodies = 0;
  do {
    known.changed = false;
    for (let d = 0; d < bodyStart.length; d++) {
      if (++bodies > MAX_BODIES || !follow(known, d + imported))
        return { address: Flow.Scaled, stored: Flow.Scaled, passed: Flow.Scaled, returned: Flow.Scaled };
    }
  } while (known.changed);
  for (const { kind, index } of module.exports)
    if (kind === 'func') uses.returned = Math.max(uses.returned, known.results.get(index) ?? Flow.None);
  return uses;
}

interface Known {
  module: Module;
  uses: FlowUses;
  globals: Map<number, number>;
  params: Map<number, number[]>;
  results: Map<number, number>;
  changed: boolean;
}

interface Block {
  /** Byte offset of a `loop`, -1 for other blocks: branches to it carry its parameters. */
  loop: number;
  height: number;
  results: number;
  /** Strongest value that leaves the block. */
  out: number;
}

/** Follows one body; false if it cannot be read, or makes objects of values that matter. */
function follow(known: Known, func: number): boolean {
  const { module, uses } = known;
  const d = func - module.functions.imported;
  const [start, end] = [module.functions.bodyStart[d], module.functions.bodyEnd[d]];
  const locals = new Map<number, number>((known.params.get(func) ?? []).entries());
  /** By byte offset of a loop: what branches back carry. */
  const carried = new Map<number, number>();
  let again: boolean;
  try {
    do {
      again = false;
      if (!pass()) return false;
    } while (again);
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return false;
  }
  return true;

  /** Once through the body; a local that holds more than was known makes another pass necessary. */
  function pass(): boolean {
    const c = new Cursor(module.bytes, start, end);
    skipLocals(c);
    const stack: number[] = [];
    const blocks: Block[] = [
      { loop: -1, height: 0, results: typeOf(module, func)?.results.length ?? 0, out: Flow.None },
    ];
    const pop = (): number => stack.pop() ?? Flow.None;
    const push = (count: number, flow: number): void => {
      for (let k = 0; k < count; k++) stack.push(flow);
    };
    const above = (height: number): number => stack.slice(height).reduce((a, b) => Math.max(a, b), Flow.None as number);
    const leave = (label: number): void => {
      const target = blocks[blocks.length - 1 - label];
      if (target === undefined) return;
      const flow = above(target.height);
      if (target.loop < 0) target.out = Math.max(target.out, flow);
      else if (flow > (carried.get(target.loop) ?? Flow.None)) {
        carried.set(target.loop, flow);
        again = true;
      }
    };
    const setLocal = (local: number, flow: number): void => {
      if (flow <= (locals.get(local) ?? Flow.None)) return;
      locals.set(local, flow);
      again = true;
    };
    while (c.pos < end) {
      const i = nextInstruction(c);
      switch (i.id) {
        case Op.block:
        case Op.loop:
        case Op.try:
        case Op.try_table:
        case Op.if: {
          if (i.id === Op.if) pop();
          const { params, results } = blockType(module, i);
          const height = Math.max(0, stack.length - params);
          const loop = i.id === Op.loop ? i.start : -1;
          for (let k = height; k < stack.length; k++) stack[k] = Math.max(stack[k], carried.get(loop) ?? Flow.None);
          blocks.push({ loop, height, results, out: Flow.None });
          break;
        }
        case Op.else:
        case Op.catch:
        case Op.catch_all: {
          const own = blocks[blocks.length - 1];
          own.out = Math.max(own.out, above(own.height));
          // The arm has the parameters of the block again: what they hold is not told apart.
          const flow = above(own.height);
          const params = stack.length - own.height;
          stack.length = Math.min(stack.length, own.height);
          push(Math.max(params, 0), flow);
          break;
        }
        case Op.end: {
          const own = blocks.pop();
          if (own === undefined) break;
          own.out = Math.max(own.out, above(own.height));
          stack.length = Math.min(stack.length, own.height);
          push(own.results, own.out);
          if (blocks.length === 0) returns(own.out);
          break;
        }
        case Op.br_if:
          pop();
          leave(i.values[0]);
          break;
        case Op.br:
          leave(i.values[0]);
          break;
        case Op.br_table:
          pop();
          for (const label of i.values) leave(label);
          break;
        case Op.return:
          returns(above(0));
          break;
        case Op.local_get:
          stack.push(locals.get(i.values[0]) ?? Flow.None);
          break;
        case Op.local_set:
          setLocal(i.values[0], pop());
          break;
        case Op.local_tee:
          setLocal(i.values[0], stack.at(-1) ?? Flow.None);
          break;
        case Op.global_get:
          stack.push(known.globals.get(i.values[0]) ?? Flow.None);
          break;
        case Op.global_set: {
          const flow = pop();
          if (flow > (known.globals.get(i.values[0]) ?? Flow.None)) {
            known.globals.set(i.values[0], flow);
            known.changed = true;
          }
          break;
        }
        default:
          if (!other(i)) return false;
      }
    }
    return true;

    function returns(flow: number): void {
      if (flow <= (known.results.get(func) ?? Flow.None)) return;
      known.results.set(func, flow);
      known.changed = true;
    }

    function other(i: Instruction): boolean {
      const access = ACCESS[i.id];
      if (access === Access.Call || access === Access.CallIndirect || access === Access.CallRef) {
        call(i, access);
        return true;
      }
      if (POPS[i.id] < 0 || PUSHES[i.id] < 0) return above(0) === Flow.None && i.id !== Op.delegate;
      const operands: number[] = [];
      for (let k = 0; k < POPS[i.id]; k++) operands.unshift(pop());
      use(access, operands);
      push(PUSHES[i.id], resultFlow(i.id, access, operands));
      return true;
    }

    function use(access: number, operands: readonly number[]): void {
      const [place, value] = [operands[0] ?? Flow.None, operands.at(-1) ?? Flow.None];
      switch (access) {
        case Access.Load:
        case Access.AtomicLoad:
        case Access.AtomicNotify:
        case Access.TableGet:
          uses.address = Math.max(uses.address, place);
          break;
        case Access.Store:
        case Access.AtomicStore:
        case Access.AtomicWait:
        case Access.TableSet:
        case Access.HeapWrite:
        case Access.AtomicRmw:
          uses.address = Math.max(uses.address, place);
          uses.stored = Math.max(uses.stored, ...operands.slice(1), access === Access.AtomicRmw ? value : Flow.None);
          break;
        case Access.MemoryFill:
        case Access.MemoryCopy:
        case Access.MemoryInit:
        case Access.TableFill:
        case Access.TableCopy:
        case Access.TableInit:
          uses.address = Math.max(uses.address, ...operands);
          break;
        default:
          break;
      }
    }

    function call(i: Instruction, access: number): void {
      const direct = access === Access.Call;
      const callee = i.values[0];
      const type = direct ? typeOf(module, callee) : funcType(module, callee);
      if (type === undefined) throw new DecodeFailure(i.start, 'unknown type');
      if (!direct) uses.address = Math.max(uses.address, pop());
      const given: number[] = [];
      for (let k = 0; k < type.params.length; k++) given.unshift(pop());
      const strongest = given.reduce((a, b) => Math.max(a, b), Flow.None as number);
      let flow: number = Flow.None;
      if (direct && callee >= module.functions.imported) {
        const before = known.params.get(callee) ?? [];
        const now = given.map((one, k) => Math.max(one, before[k] ?? Flow.None));
        if (now.some((one, k) => one > (before[k] ?? Flow.None))) {
          known.params.set(callee, now);
          known.changed = true;
        }
        flow = known.results.get(callee) ?? Flow.None;
      } else {
        uses.passed = Math.max(uses.passed, strongest);
        // What it answers may be what any function does.
        for (const one of known.results.values()) flow = Math.max(flow, direct ? Flow.None : one);
      }
      push(type.results.length, flow);
      if (TAIL_CALLS.has(i.id)) returns(flow);
    }
  }
}

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

/** Comparisons and tests answer yes or no: what is chosen by them is not computed from the value. */
const COMPARISON = /\.(?:eqz?|ne|lt|gt|le|ge)(?:_[su])?$|^ref\.(?:is_null|eq|test)/;
const SCALING = /\.(?:mul|shl|rotl|rotr)$/;

function resultFlow(id: number, access: number, operands: readonly number[]): number {
  if (access !== Access.None && access !== Access.HeapRead) return Flow.None;
  const name = MNEMONIC[id] ?? '';
  if (COMPARISON.test(name)) return Flow.None;
  const strongest = operands.reduce((a, b) => Math.max(a, b), Flow.None as number);
  return strongest > Flow.None && SCALING.test(name) ? Flow.Scaled : strongest;
}

function funcType(module: Module, type: number) {
  const composite = module.types[type]?.composite;
  return composite?.kind === 'func' ? composite : undefined;
}

const typeOf = (module: Module, func: number) => funcType(module, module.functions.typeIndex[func]);

function blockType(module: Module, { values: [form, value] }: Instruction): { params: number; results: number } {
  if (form !== BlockForm.Type) return { params: 0, results: form === BlockForm.Result ? 1 : 0 };
  const type = funcType(module, value);
  return { params: type?.params.length ?? 0, results: type?.results.length ?? 0 };
}

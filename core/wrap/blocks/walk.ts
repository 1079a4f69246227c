/**
 * Follows a function, soundly: finds every place where a value that may be made of a parameter is stored, passed on or
 * returned. A function that cannot be followed has no facts.
 */
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, POPS, PUSHES, WIDTH } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { skipLocals } from '../../wasm/skip.ts';
import { type BodyFacts, emptyFacts, type Passing } from './bodyFacts.ts';
import { computed, offset } from './computed.ts';
import { eitherTraced, FRESH, isStable, MAX_PARAMETERS, OTHER, SHIFTED, type Traced, type Tree } from './values.ts';

interface Block {
  height: number;
  arity: number;
  loop: boolean;
  carried: Traced[] | undefined;
}

/** Rounds until what variables may be made of does not change any more. */
const MAX_ROUNDS = 12;

/**
 * The facts of function `func`; undefined where it cannot be followed.
 * @param allocator index of the function that gives blocks, -1 for none
 */
export function bodyFacts(
  module: Module,
  func: number,
  allocator: number,
  passing: (callee: number) => Passing | undefined,
): BodyFacts | undefined {
  const type = functionTypeOf(module, func);
  if (func < module.functions.imported || type === undefined || type.params > MAX_PARAMETERS) return undefined;
  try {
    const walk = new Walk(module, func, type.params, type.results, allocator, passing);
    for (let round = 0; round < MAX_ROUNDS; round++) if (!walk.round()) return walk.facts;
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return undefined;
}

/** Numbers of parameters and results; undefined for an index without a function. */
function functionTypeOf(module: Module, func: number): { params: number; results: number } | undefined {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? { params: type.params.length, results: type.results.length } : undefined;
}

class Walk {
  private readonly module: Module;
  private readonly params: number;
  private readonly results: number;
  private readonly allocator: number;
  private readonly passing: (callee: number) => Passing | undefined;
  private readonly body: readonly Instruction[];
  /** Offsets of assignments by variable, and ranges of loops. */
  private readonly sets = new Map<number, number[]>();
  private readonly loops: [start: number, end: number][] = [];
  /** What variables may be made of. */
  private readonly known = new Map<number, Traced>();
  private changed = false;
  private stack: Traced[] = [];
  private blocks: Block[] = [];
  private segment = 0;
  facts: BodyFacts = emptyFacts();

  constructor(
    module: Module,
    func: number,
    params: number,
    results: number,
    allocator: number,
    passing: (callee: number) => Passing | undefined,
  ) {
    this.module = module;
    this.params = params;
    this.results = results;
    this.allocator = allocator;
    this.passing = passing;
    const d = func - module.functions.imported;
    const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
    skipLocals(c);
    const body: Instruction[] = [];
    const open: number[] = [];
    while (c.pos < module.functions.bodyEnd[d]) {
      const i = nextInstruction(c);
      body.push(i);
      if (i.id === Op.local_set || i.id === Op.local_tee) this.noteSet(i.values[0], i.start);
      if (i.id === Op.block || i.id === Op.if) open.push(-1);
      if (i.id === Op.loop) open.push(i.start);
      if (i.id === Op.end) {
        const start = open.pop();
        if (start !== undefined && start >= 0) this.loops.push([start, i.start]);
      }
    }
    this.body = body;
    for (let p = 0; p < params; p++) this.known.set(p, { from: 1 << p, data: 0, tree: undefined });
  }

  /** One pass; whether another one is needed. */
  round(): boolean {
    this.changed = false;
    this.facts = emptyFacts();
    this.stack = [];
    this.blocks = [{ height: 0, arity: this.results, loop: false, carried: undefined }];
    this.segment = 0;
    for (const i of this.body) this.step(i);
    return this.changed;
  }

  private noteSet(local: number, at: number): void {
    const found = this.sets.get(local);
    if (found === undefined) this.sets.set(local, [at]);
    else found.push(at);
  }

  private pop(): Traced {
    // Code that is not reached pops from an empty stack.
    const block = this.blocks[this.blocks.length - 1];
    return this.stack.length > (block?.height ?? 0) ? (this.stack.pop() ?? OTHER) : OTHER;
  }

  private popped(count: number): Traced[] {
    const values: Traced[] = [];
    for (let k = 0; k < count; k++) values.unshift(this.pop());
    return values;
  }

  private top(count: number): Traced[] {
    const height = this.blocks[this.blocks.length - 1]?.height ?? 0;
    const from = Math.max(height, this.stack.length - count);
    const values = this.stack.slice(from);
    return [...Array.from({ length: count - values.length }, () => OTHER), ...values];
  }

  private step(i: Instruction): void {
    const { stack, blocks } = this;
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.if: {
        this.segment++;
        if (i.id === Op.if) this.pop();
        const { params, results } = blockArity(this.module, i);
        if (params > 0) throw new DecodeFailure(i.start, 'not followed');
        blocks.push({
          height: stack.length,
          arity: results,
          loop: i.id === Op.loop,
          carried: undefined,
        });
        return;
      }
      case Op.else: {
        this.segment++;
        this.carry(0);
        stack.length = blocks[blocks.length - 1].height;
        return;
      }
      case Op.end: {
        this.segment++;
        const block = blocks[blocks.length - 1];
        // A label of a loop is its beginning.
        const values = this.top(block.arity);
        const joined =
          block.carried === undefined || block.loop
            ? values
            : values.map((one, k) => eitherTraced(one, block.carried?.[k] ?? one));
        if (blocks.length === 1) {
          this.facts.returns.push(...joined);
          stack.length = 0;
          return;
        }
        blocks.pop();
        stack.length = block.height;
        stack.push(...joined);
        return;
      }
      case Op.br:
        this.carry(i.values[0]);
        this.jumps();
        return;
      case Op.br_if:
        this.pop();
        this.segment++;
        this.carry(i.values[0]);
        return;
      case Op.br_table:
        this.pop();
        for (const label of i.values) this.carry(label);
        this.jumps();
        return;
      case Op.return:
        this.carry(blocks.length - 1);
        this.jumps();
        return;
      case Op.unreachable:
        this.jumps();
        return;
      case Op.local_get:
        stack.push(this.read(i.values[0], i.start));
        return;
      case Op.local_set:
      case Op.local_tee: {
        const value = this.pop();
        this.assign(i.values[0], value, i.start);
        if (i.id === Op.local_tee) stack.push(value);
        return;
      }
      case Op.select: {
        this.pop();
        const [a, b] = this.popped(2);
        stack.push(eitherTraced(a, b));
        return;
      }
      case Op.drop:
        this.pop();
        return;
      default:
        this.other(i);
    }
  }

  private jumps(): void {
    this.segment++;
    this.stack.length = this.blocks[this.blocks.length - 1].height;
  }

  private carry(label: number): void {
    const target = this.blocks[this.blocks.length - 1 - label];
    if (target === undefined || target.loop) return;
    const values = this.top(target.arity);
    target.carried =
      target.carried === undefined ? values : target.carried.map((one, k) => eitherTraced(one, values[k] ?? OTHER));
  }

  private read(local: number, at: number): Traced {
    const known = this.known.get(local) ?? OTHER;
    const sets = this.sets.get(local) ?? [];
    if (local < this.params) {
      const asPassed =
        sets.every((set) => set > at) &&
        !this.loops.some(([start, end]) => start < at && at < end && sets.some((set) => start < set && set < end));
      return { ...known, tree: asPassed ? { op: 'param', index: local } : { op: 'local', index: local } };
    }
    const { tree } = known;
    return { ...known, tree: sets.length === 1 && tree !== undefined ? tree : { op: 'local', index: local } };
  }

  private assign(local: number, value: Traced, at: number): void {
    const before = this.known.get(local);
    const stable = value.tree !== undefined && isStable(value.tree) ? value.tree : undefined;
    const after: Traced = {
      from: (before?.from ?? 0) | value.from,
      data: (before?.data ?? 0) | value.data,
      tree: stable,
    };
    if (before === undefined || after.from !== before.from || after.data !== before.data) this.changed = true;
    this.known.set(local, after);
    const list = this.facts.assignments.get(local) ?? [];
    const loop = this.loops.some(([start, end]) => start < at && at < end);
    this.facts.assignments.set(local, [...list, { value, segment: this.segment, loop }]);
  }

  private escape(...values: readonly Traced[]): void {
    for (const { from } of values) this.facts.escaped |= from;
  }

  private other(i: Instruction): void {
    const access = ACCESS[i.id];
    if (access === Access.Call) {
      this.call(i);
      return;
    }
    if (access === Access.CallIndirect && i.id === Op.call_indirect) {
      this.pop();
      const composite = this.module.types[i.values[0]]?.composite;
      if (composite?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
      this.escape(...this.popped(composite.params.length));
      for (let k = 0; k < composite.results.length; k++) this.stack.push({ ...OTHER, from: FRESH | SHIFTED });
      return;
    }
    if (POPS[i.id] < 0 || PUSHES[i.id] < 0 || PUSHES[i.id] > 1) throw new DecodeFailure(i.start, 'not followed');
    const operands = this.popped(POPS[i.id]);
    const result = this.result(i, access, operands);
    if (PUSHES[i.id] === 1) this.stack.push(result);
  }

  private result(i: Instruction, access: number, operands: Traced[]): Traced {
    const [a, b, c] = operands;
    const { accesses, compares } = this.facts;
    const width = WIDTH[i.id];
    switch (access) {
      case Access.None:
        return computed(i, operands, compares);
      case Access.Load:
      case Access.AtomicLoad:
        accesses.push({ address: offset(a, i), write: false, width, size: undefined });
        return { from: 0, data: a.from | a.data, tree: undefined };
      case Access.Store:
      case Access.AtomicStore:
        accesses.push({ address: offset(a, i), write: true, width, size: undefined });
        this.escape(b);
        return OTHER;
      case Access.MemoryCopy:
        accesses.push({ address: a, write: true, width: 0, size: c }, { address: b, write: false, width: 0, size: c });
        return OTHER;
      case Access.MemoryFill:
        accesses.push({ address: a, write: true, width: 0, size: c });
        this.escape(b);
        return OTHER;
      case Access.GlobalGet:
      case Access.MemorySize:
        return OTHER;
      default:
        this.escape(...operands);
        return OTHER;
    }
  }

  private call(i: Instruction): void {
    const [callee] = i.values;
    const type = functionTypeOf(this.module, callee);
    if (type === undefined) throw new DecodeFailure(i.start, 'unknown function');
    const args = this.popped(type.params);
    this.facts.calls.push({ callee, args });
    const passing = this.passing(callee);
    // What code that is not known returns may be anything.
    let from = passing === undefined ? FRESH | SHIFTED : passing.returned & (FRESH | SHIFTED);
    args.forEach((arg, k) => {
      if (passing === undefined || (passing.escaped & (1 << k)) !== 0) this.escape(arg);
      if (passing !== undefined && (passing.returned & (1 << k)) !== 0) from |= arg.from;
    });
    if (callee === this.allocator) from |= FRESH;
    const tree: Tree = { op: 'call', callee, args: args.map((one) => one.tree), at: i.start };
    for (let k = 0; k < type.results; k++)
      this.stack.push({ from, data: 0, tree: type.results === 1 ? tree : undefined });
    if (i.id === Op.return_call) {
      this.carry(this.blocks.length - 1);
      this.jumps();
    }
  }
}

function blockArity(module: Module, { values: [form, value] }: Instruction): { params: number; results: number } {
  if (form !== BlockForm.Type) return { params: 0, results: form === BlockForm.Result ? 1 : 0 };
  const composite = module.types[value]?.composite;
  return composite?.kind === 'func'
    ? { params: composite.params.length, results: composite.results.length }
    : { params: 0, results: 0 };
}

/** Follows the parameters of a function through its body: one pass, branches in the order in which they are written. */
import { Cursor, DecodeFailure } from '../../../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../../../wasm/immediates.ts';
import { ACCESS, Access, POPS, PUSHES, WIDTH } from '../../../wasm/instructions.ts';
import type { Module } from '../../../wasm/module.ts';
import { Op } from '../../../wasm/ops.ts';
import { skipLocals } from '../../../wasm/skip.ts';
import { functionType } from './functionType.ts';
import type { FunctionUse, MemoryFunctions, ParameterUse, UseOf } from './functionUse.ts';

/** Fixed places further than this from a parameter belong to no object that the host makes. */
const MAX_EXTENT = 1 << 16;

/** A value as far as it matters: a parameter plus `offset` (NaN: not known), a word read from behind it, fresh memory. */
type Value =
  | { of: 'parameter'; parameter: number; offset: number }
  | { of: 'field'; parameter: number }
  | 'memory'
  | undefined;

interface Block {
  height: number;
  results: number;
  /** Locals where it began, for its other arm and for code behind jumps. */
  locals: Map<number, Value>;
}

/** Follows one body; what it finds is added to `use`. */
export class BodyUse {
  private readonly module: Module;
  private readonly memory: MemoryFunctions;
  private readonly func: number;
  private readonly use: FunctionUse;
  private readonly useOf: UseOf;
  private readonly stack: Value[] = [];
  private readonly blocks: Block[] = [];
  private locals = new Map<number, Value>();

  constructor(module: Module, memory: MemoryFunctions, func: number, use: FunctionUse, useOf: UseOf) {
    this.module = module;
    this.memory = memory;
    this.func = func;
    this.use = use;
    this.useOf = useOf;
  }

  /** @throws DecodeFailure */
  follow(): void {
    const { module, func, use } = this;
    const d = func - module.functions.imported;
    const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
    skipLocals(c);
    use.parameters.forEach(
      (_, parameter) => void this.locals.set(parameter, { of: 'parameter', parameter, offset: 0 }),
    );
    this.blocks.push({ height: 0, results: functionType(module, func).results.length, locals: new Map() });
    while (c.pos < module.functions.bodyEnd[d]) this.step(nextInstruction(c));
  }

  private pop(): Value {
    return this.stack.pop();
  }

  private push(count: number): void {
    for (let k = 0; k < count; k++) this.stack.push(undefined);
  }

  private step(i: Instruction): void {
    const { blocks, stack } = this;
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.if:
      case Op.try:
      case Op.try_table: {
        if (i.id === Op.if) this.pop();
        const { params, results } = blockType(this.module, i);
        blocks.push({ height: Math.max(0, stack.length - params), results, locals: new Map(this.locals) });
        return;
      }
      case Op.else:
      case Op.catch:
      case Op.catch_all: {
        const own = blocks[blocks.length - 1];
        stack.length = Math.min(stack.length, own.height);
        this.locals = new Map(own.locals);
        return;
      }
      case Op.end: {
        const own = blocks.pop();
        if (own === undefined) return;
        const out = stack.length > own.height ? stack.at(-1) : undefined;
        if (blocks.length === 0) this.returns(out);
        stack.length = Math.min(stack.length, own.height);
        this.push(own.results);
        if (own.results === 1) stack[stack.length - 1] = out;
        return;
      }
      case Op.return:
        this.returns(stack.at(-1));
        this.jumps();
        return;
      case Op.br:
        this.carries(i.values[0]);
        this.jumps();
        return;
      case Op.br_table:
      case Op.unreachable:
        this.jumps();
        return;
      case Op.br_if:
        this.pop();
        this.carries(i.values[0]);
        return;
      case Op.local_get:
        stack.push(this.locals.get(i.values[0]));
        return;
      case Op.local_set:
        this.locals.set(i.values[0], this.pop());
        return;
      case Op.local_tee:
        this.locals.set(i.values[0], stack.at(-1));
        return;
      case Op.select: {
        this.pop();
        const [b, a] = [this.pop(), this.pop()];
        stack.push(a ?? b);
        return;
      }
      default:
        this.other(i);
    }
  }

  /** What follows a jump is reached from elsewhere, with the locals of where the block began. */
  private jumps(): void {
    const own = this.blocks[this.blocks.length - 1];
    if (own === undefined) return;
    this.stack.length = Math.min(this.stack.length, own.height);
    if (own.locals.size > 0) this.locals = new Map(own.locals);
  }

  /** A jump to the end of the function returns. */
  private carries(label: number): void {
    if (label === this.blocks.length - 1) this.returns(this.stack.at(-1));
  }

  private returns(value: Value): void {
    if (value === 'memory') this.use.returnsMemory = true;
  }

  private other(i: Instruction): void {
    const access = ACCESS[i.id];
    if (access === Access.Call) {
      this.call(i);
      return;
    }
    if (access === Access.CallIndirect || access === Access.CallRef) {
      this.callIndirect(i);
      return;
    }
    if (POPS[i.id] < 0 || PUSHES[i.id] < 0) throw new DecodeFailure(i.start, 'not followed');
    const operands: Value[] = [];
    for (let k = 0; k < POPS[i.id]; k++) operands.unshift(this.pop());
    this.accesses(i, access, operands);
    this.push(PUSHES[i.id]);
    if (PUSHES[i.id] === 1) this.stack[this.stack.length - 1] = this.resultOf(i, access, operands);
  }

  private resultOf(i: Instruction, access: number, operands: readonly Value[]): Value {
    const [a, b] = operands;
    if (access === Access.Load || access === Access.AtomicLoad)
      return WIDTH[i.id] >= 4 && typeof a === 'object' && a.of === 'parameter'
        ? { of: 'field', parameter: a.parameter }
        : undefined;
    switch (i.id) {
      case Op.i32_const:
        return undefined;
      case Op.i32_wrap_i64:
      case Op.i64_extend_i32_u:
        return a;
      case Op.i32_add:
      case Op.i64_add:
      case Op.i32_sub:
      case Op.i64_sub:
      case Op.i32_and:
      case Op.i32_or:
        return this.moved(i, a, b);
      default:
        return undefined;
    }
  }

  /** An address and something else: where the sum is used is where the address leads to. */
  private moved(i: Instruction, a: Value, b: Value): Value {
    const value = a ?? b;
    if (value === undefined || value === 'memory') return value;
    if (typeof a === 'object' && typeof b === 'object' && a.of === 'parameter' && b.of === 'parameter') {
      // A pointer and a length: the pointer comes first.
      const [first, second] = a.parameter <= b.parameter ? [a, b] : [b, a];
      if (first.parameter !== second.parameter) this.use.parameters[second.parameter].length = true;
      return { ...first, offset: Number.NaN };
    }
    if (value.of === 'field') return value;
    const before = this.constantBefore(i);
    return { ...value, offset: before === undefined ? Number.NaN : value.offset + before };
  }

  /** The constant that the instruction right before pushed, with its sign in this sum. */
  private constantBefore(i: Instruction): number | undefined {
    const { bytes } = this.module;
    // A constant of one to five bytes ends where the instruction starts.
    for (let size = 2; size <= 6; size++) {
      const at = i.start - size;
      if (at < 0 || bytes[at] !== Op.i32_const) continue;
      const c = new Cursor(bytes, at, i.start);
      const read = nextInstruction(c);
      if (read.end !== i.start) continue;
      return i.id === Op.i32_sub ? -read.values[0] : read.values[0];
    }
    return undefined;
  }

  private accesses(i: Instruction, access: number, operands: readonly Value[]): void {
    const [place, second, third] = operands;
    switch (access) {
      case Access.Load:
      case Access.AtomicLoad:
        this.at(place, { reads: true, bytewise: WIDTH[i.id] === 1 }, i);
        return;
      case Access.Store:
      case Access.AtomicStore:
        this.at(place, { writes: true }, i);
        if (typeof second === 'object' && second.of === 'parameter' && second.offset === 0)
          this.use.parameters[second.parameter].stored = true;
        if (second === 'memory' && typeof place === 'object')
          this.use.parameters[place.parameter].receivesMemory = true;
        return;
      case Access.AtomicRmw:
        this.at(place, { reads: true, writes: true }, i);
        return;
      case Access.MemoryCopy:
        this.at(place, { writes: true });
        this.at(second, { reads: true });
        this.lengthOf(third);
        return;
      case Access.MemoryFill:
        this.at(place, { writes: true });
        this.lengthOf(third);
        return;
      default:
        return;
    }
  }

  private lengthOf(value: Value): void {
    if (typeof value === 'object' && value.of === 'parameter') this.use.parameters[value.parameter].length = true;
  }

  /** An access whose address is `value`. */
  private at(value: Value, what: Partial<ParameterUse>, i?: Instruction): void {
    if (typeof value !== 'object') return;
    const use = this.use.parameters[value.parameter];
    use.address = true;
    if (value.of === 'field') {
      use.pointers = true;
      use.reads = true;
      return;
    }
    use.reads ||= what.reads === true;
    use.writes ||= what.writes === true;
    use.bytewise ||= what.bytewise === true;
    if (i === undefined || Number.isNaN(value.offset)) return;
    const end = value.offset + Number(i.wide) + WIDTH[i.id];
    if (end <= MAX_EXTENT) use.extent = Math.max(use.extent, end);
  }

  private call(i: Instruction): void {
    const callee = i.values[0];
    const type = functionType(this.module, callee);
    const given: Value[] = [];
    for (let k = 0; k < type.params.length; k++) given.unshift(this.pop());
    const use = callee >= this.module.functions.imported ? this.useOf(callee) : undefined;
    given.forEach((value, k) => {
      if (typeof value === 'object') this.passes(value, use?.parameters[k]);
    });
    this.push(type.results.length);
    if (type.results.length > 0 && (use?.returnsMemory || this.memory.allocating.has(callee)))
      this.stack[this.stack.length - type.results.length] = 'memory';
    if (i.id === Op.return_call) {
      this.returns(this.stack.at(-1));
      this.jumps();
    }
  }

  private passes(value: Exclude<Value, 'memory' | undefined>, given: ParameterUse | undefined): void {
    if (given === undefined) return;
    const use = this.use.parameters[value.parameter];
    if (value.of === 'field') {
      if (given.address || given.callee) {
        use.address = true;
        use.reads = true;
        use.pointers = true;
      }
      return;
    }
    for (const key of [
      'address',
      'reads',
      'writes',
      'bytewise',
      'pointers',
      'freed',
      'receivesMemory',
      'callee',
      'length',
      'stored',
    ] as const)
      use[key] ||= given[key];
    if (!Number.isNaN(value.offset) && value.offset + given.extent <= MAX_EXTENT)
      use.extent = Math.max(use.extent, given.extent > 0 ? value.offset + given.extent : 0);
  }

  private callIndirect(i: Instruction): void {
    const callee = this.pop();
    if (typeof callee === 'object') {
      const use = this.use.parameters[callee.parameter];
      if (callee.of === 'parameter') use.callee = true;
      else use.pointers = true;
    }
    const composite = this.module.types[i.values[0]]?.composite;
    if (composite?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
    for (let k = 0; k < composite.params.length; k++) this.pop();
    this.push(composite.results.length);
    if (i.id !== Op.call_indirect && i.id !== Op.call_ref) this.jumps();
  }
}

function blockType(module: Module, { values: [form, value] }: Instruction): { params: number; results: number } {
  if (form !== BlockForm.Type) return { params: 0, results: form === BlockForm.Result ? 1 : 0 };
  const composite = module.types[value]?.composite;
  return composite?.kind === 'func'
    ? { params: composite.params.length, results: composite.results.length }
    : { params: 0, results: 0 };
}

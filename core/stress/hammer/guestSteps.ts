/** Steps of protocols in a thread: calls with named results, and plain accesses of JavaScript to the memory. */
import { memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { WasmFunction, WasmInstance, WasmMemory } from '../../wasm/webAssembly.ts';
import { HostError } from '../run/resultTexts.ts';
import { type Comparison, comparedText } from '../scenario/comparison.ts';
import type { Value } from '../scenario/expression.ts';
import type { Step } from '../scenario/steps.ts';
import { type Demand, type StepMemory, stepProgram } from '../session/stepProgram.ts';

/** References are only told from null. */
const REFERENCES = { reference: () => 1 };

/** What the steps of a caller work on. */
export interface StepPlace {
  module: Module;
  instance: WasmInstance;
  /** By memory index. */
  memories: readonly (WasmMemory | undefined)[];
  /** Named results, of the time when a step is made. */
  names(): Map<string, Value>;
  comparison: Comparison;
}

/**
 * A step as a function that makes it and returns the text that outcomes have of its result.
 * @param func what it calls, if it calls something; `name` is its export
 */
export function boundStep(
  step: Step,
  { func, name }: { func: number; name: string },
  { module, instance, memories, names, comparison }: StepPlace,
): () => string {
  const program = stepProgram(step, func, module);
  const index = program.memory ?? 0;
  const memory = memories[index] === undefined ? undefined : new GuestMemory(memories[index], module, index);
  const call = instance.exports[name] as WasmFunction | undefined;
  const answer = (demand: Demand): unknown => {
    if (demand.do === 'call') return call?.(...demand.args);
    if (memory === undefined) throw new HostError('the module has no memory');
    return memory.access(demand.at, demand.length, demand.write);
  };
  return () => {
    const run = program.make({ names: names(), memory, references: REFERENCES });
    let next = run.next();
    while (next.done !== true) next = run.next(answer(next.value));
    return comparedText(comparison, step, next.value);
  };
}

/** The memories that the host of an instance can access: those that are shared, and those that the module exports. */
export function hostMemories(
  module: Module,
  { exports }: WasmInstance,
  shared: readonly (WasmMemory | undefined)[],
): (WasmMemory | undefined)[] {
  return module.memories.map((_, i) => {
    const exported = module.exports.find(({ kind, index }) => kind === 'memory' && index === i);
    return shared[i] ?? (exported === undefined ? undefined : (exports[exported.name] as WasmMemory));
  });
}

/** A memory under plain accesses: bytes are copied one after another while other threads may write them. */
class GuestMemory implements StepMemory {
  private readonly memory: WasmMemory;
  private readonly name: string;
  readonly is64: boolean;

  constructor(memory: WasmMemory, module: Module, index: number) {
    this.memory = memory;
    this.name = memoryName(module, index);
    this.is64 = module.memories[index].limits.is64;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  get view(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** @throws HostError beyond the memory */
  access(start: number, length: number, write: Uint8Array | undefined): Uint8Array {
    const { view, bytes, name } = this;
    const end = start + length;
    if (end > bytes)
      throw new HostError(
        `the host ${write === undefined ? 'reads' : 'writes'} [${start}, ${end}), but ${name} has ${bytes} bytes`,
      );
    if (write === undefined) return view.slice(start, end);
    view.set(write, start);
    return write;
  }
}

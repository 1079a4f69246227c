/**
 * Steps of protocols at run time: calls whose arguments follow from earlier results, accesses of the host to memory, and
 * expectations.
 */

import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { F32, F64, type ValType } from '../../wasm/types.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Caller, CallerCall } from '../run/caller.ts';
import { type HostAccessParts, performHostAccess } from '../run/hostAccess.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { HostError, numberText, resultText } from '../run/resultTexts.ts';
import { toEngineArgument, toEngineArguments } from '../scenario/arguments.ts';
import { memoryOf } from '../scenario/checkCalls.ts';
import { FAILS } from '../scenario/comparison.ts';
import { bytesOf, contentFrom, numberFrom, valueFrom } from '../scenario/contents.ts';
import {
  ExpressionError,
  isTrue,
  NUMBER_TYPES,
  type Surroundings,
  type Value,
  widthOfNumber,
} from '../scenario/expression.ts';
import { isExpression } from '../scenario/stepForms.ts';
import {
  type Call,
  callIn,
  defaultType,
  nameOf,
  type ReadStep,
  type Step,
  stepText,
  type WriteStep,
} from '../scenario/steps.ts';

/** In place of a function index: a step that calls no export. */
export const HOST_STEP = -3;

/** Most bytes that one step reads. */
const MAX_READ = 1 << 20;

/** Whether a step needs more than a plain call with fixed arguments. */
export function isHostStep(step: Step): boolean {
  const call = callIn(step);
  return call === undefined || nameOf(step) !== undefined || call.slice(1).some(isExpression);
}

/** What steps are performed with. */
export interface HostStepOptions {
  module: Module;
  sites: Sites;
  parts(): HostAccessParts;
}

/** Gives the steps of a list that need it a way to be performed. */
export function performable(calls: readonly CallerCall[], options: HostStepOptions): CallerCall[] {
  const sites = new HostSites(options.sites);
  return calls.map((call) =>
    call.step === undefined ? call : { ...call, perform: performing(call.step, call.func, sites, options) },
  );
}

/** Sites of host accesses, one for each step that reads otherwise. */
class HostSites {
  private readonly sites: Sites;

  constructor(sites: Sites) {
    this.sites = sites;
  }

  of(step: Step, memory: number): number {
    const { sites } = this;
    const writes = 'write' in step;
    const name = `host ${stepText(step)}`;
    for (const [site, known] of sites.names) if (known === name && sites.index[site] === memory) return site;
    const site = sites.func.push(-1) - 1;
    sites.offset.push(-1);
    sites.op.push(-1);
    sites.access.push(writes ? Access.Store : Access.Load);
    sites.index.push(memory);
    sites.other.push(0);
    sites.memarg.push(0);
    sites.width.push(0);
    sites.names.set(site, name);
    return site;
  }
}

function performing(
  step: Step,
  func: number,
  sites: HostSites,
  { module, parts }: HostStepOptions,
): (caller: Caller) => Promise<string> {
  const memoryIndex =
    'expect' in step || callIn(step) !== undefined
      ? memoryOf(module, undefined)
      : memoryOf(module, (step as ReadStep | WriteStep).memory);
  const site = memoryIndex === undefined ? -1 : sites.of(step, memoryIndex);
  const make = stepMaker(step, func, module);
  return async (caller) => {
    const memory = memoryIndex === undefined ? undefined : caller.instance.memories[memoryIndex];
    const access = (at: Value, length: number, write?: Uint8Array): Promise<Uint8Array> => {
      if (memory === undefined) throw new HostError('the module has no memory');
      return performHostAccess(parts(), site, memory, addressOf(at, memory), length, write);
    };
    const surroundings: Surroundings = {
      valueOf: (name) => caller.named.get(name),
      load: async (type, address) => numberFrom(type, await access(address, widthOfNumber(type))),
    };
    try {
      return await make({ caller, memory, access, surroundings, references: parts().ranges.scheduler.machine });
    } catch (error) {
      if (error instanceof ExpressionError) throw new HostError(error.message);
      throw error;
    }
  };
}

/** What one step is made with. */
interface Making {
  caller: Caller;
  memory: MemoryState | undefined;
  access(at: Value, length: number, write?: Uint8Array): Promise<Uint8Array>;
  surroundings: Surroundings;
  references: { reference(value: unknown): number };
}

/** An address as the memory has it. @throws ExpressionError for what is no integer */
function addressOf(value: Value, { is64 }: MemoryState): number {
  if (typeof value !== 'bigint') throw new ExpressionError('an address must be an integer');
  return Number(BigInt.asUintN(is64 ? 64 : 32, value));
}

/** Performs a kind of step; answers the text of its result. */
function stepMaker(step: Step, func: number, module: Module): (making: Making) => Promise<string> {
  const call = callIn(step);
  if (call !== undefined) return callMaker(call, nameOf(step), func, module);
  if ('expect' in step)
    return async ({ surroundings }) =>
      isTrue(await valueFrom(step.expect, surroundings)) ? 'holds' : `${FAILS}${step.expect}`;
  if ('write' in step)
    return async ({ access, surroundings }) => {
      const bytes = await bytesOf(step, surroundings);
      await access(await valueFrom(step.write, surroundings), bytes.length, bytes);
      return '()';
    };
  const { read, as } = step as ReadStep;
  return async (making) => {
    const { value, text } = await reading(step as ReadStep, await valueFrom(read, making.surroundings), making);
    if (as !== undefined) making.caller.named.set(as, value);
    return text;
  };
}

async function reading(
  step: ReadStep,
  at: Value,
  { access, memory, surroundings }: Making,
): Promise<{ value: Value; text: string }> {
  const type = step.type ?? defaultType(step);
  const number = NUMBER_TYPES.find((one) => one === type);
  if (number !== undefined) {
    const value = numberFrom(number, await access(at, widthOfNumber(number)));
    return { value, text: typeof value === 'number' ? numberText(value) : String(value) };
  }
  if (step.length === undefined) {
    const bytes = await access(at, memory === undefined ? 0 : textLength(memory, addressOf(at, memory)));
    const end = bytes.indexOf(0);
    return contentFrom(step, end < 0 ? bytes : bytes.subarray(0, end));
  }
  const length = Number(await valueFrom(step.length, surroundings));
  if (!(length >= 0 && length <= MAX_READ))
    throw new HostError(`a read of ${length} bytes is not possible; the limit is ${MAX_READ}`);
  return contentFrom(step, await access(at, length));
}

/** Bytes of the text at an address with its final zero. */
function textLength({ view, bytes }: MemoryState, at: number): number {
  const most = Math.min(bytes, at + MAX_READ);
  const zero = view.subarray(at, most).indexOf(0);
  return zero < 0 ? Math.max(0, most - at) : zero + 1;
}

function callMaker(
  call: Call,
  name: string | undefined,
  func: number,
  module: Module,
): (making: Making) => Promise<string> {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  const { params, results } =
    type?.kind === 'func' ? type : { params: [] as readonly ValType[], results: [] as readonly ValType[] };
  const fixed = call.slice(1).some(isExpression) ? undefined : toEngineArguments(call, params);
  return async ({ caller, surroundings, references }) => {
    const args = fixed ?? (await argumentsOf(call, params, surroundings));
    const run = caller.instance.functions.get(func) as (...args: unknown[]) => Promise<unknown>;
    const result = await run(...args);
    if (name !== undefined) {
      const value = namedValue(result, results);
      if (value === undefined) throw new HostError(`${call[0]} returns no single number that $${name} could name`);
      caller.named.set(name, value);
    }
    return resultText(result, references);
  };
}

async function argumentsOf(call: Call, params: readonly ValType[], surroundings: Surroundings): Promise<unknown[]> {
  const args: unknown[] = [];
  for (const [i, argument] of call.slice(1).entries())
    args.push(
      isExpression(argument)
        ? toEngineArgument(await valueFrom(argument, surroundings), params[i])
        : toEngineArguments(['', argument], [params[i]])[0],
    );
  return args;
}

/** The value that a name gets; undefined where there is none. */
function namedValue(result: unknown, [type, ...more]: readonly ValType[]): Value | undefined {
  if (more.length > 0) return undefined;
  if (typeof result === 'bigint') return result;
  if (typeof result === 'number') return type === F32 || type === F64 ? result : BigInt(result);
  return result === null ? null : undefined;
}

/**
 * Steps of protocols as programs: what one needs of the memory and of the guest, in order. Exploration answers each demand
 * with an operation that other callers can come before; the hammer answers it at once.
 */

import { plural } from '../../text/phrases.ts';
import type { Module } from '../../wasm/module.ts';
import { F32, F64, type ValType } from '../../wasm/types.ts';
import { HostError, numberText, resultText } from '../run/resultTexts.ts';
import { toEngineArgument, toEngineArguments } from '../scenario/arguments.ts';
import { memoryOf } from '../scenario/checkCalls.ts';
import { FAILS } from '../scenario/comparison.ts';
import { bytesOf, contentFrom, type Evaluated, evaluated, numberFrom } from '../scenario/contents.ts';
import { ExpressionError, isTrue } from '../scenario/evaluation.ts';
import { NUMBER_TYPES, type Value, widthOfNumber } from '../scenario/expression.ts';
import { isExpression } from '../scenario/stepForms.ts';
import { type Call, callIn, defaultType, type ReadStep, resultNames, type Step } from '../scenario/steps.ts';

/** Most bytes that one step reads. */
const MAX_READ = 1 << 20;

/**
 * What a step needs next. The answer to an access is the bytes that were read; the answer to a call is what the engine
 * returns.
 */
export type Demand =
  | { do: 'access'; at: number; length: number; write?: Uint8Array }
  | { do: 'call'; args: readonly unknown[] };

/** The memory that a step accesses. */
export interface StepMemory {
  readonly bytes: number;
  readonly view: Uint8Array;
  readonly is64: boolean;
}

/** What a step is made with. */
export interface StepContext {
  /** Named results of the caller; the step adds its own. */
  names: Map<string, Value>;
  /** Undefined if the module has none. */
  memory: StepMemory | undefined;
  references: { reference(value: unknown): number };
}

type Making<T> = Generator<Demand, T, unknown>;

/** A step of a module. */
export interface StepProgram {
  /** Index of the memory that the step accesses; undefined if the module has none. */
  memory: number | undefined;
  /** Makes it; returns the text of its result. @throws HostError where that is not possible */
  make(context: StepContext): Making<string>;
}

/** The program of a step; `func` is the function that it calls, if it calls one. */
export function stepProgram(step: Step, func: number, module: Module): StepProgram {
  const make = makerOf(step, func, module);
  return {
    memory: memoryOf(module, 'write' in step || 'read' in step ? step.memory : undefined),
    *make(context) {
      try {
        return yield* make(context);
      } catch (error) {
        if (error instanceof ExpressionError) throw new HostError(error.message);
        throw error;
      }
    },
  };
}

type Maker = (context: StepContext) => Making<string>;

function makerOf(step: Step, func: number, module: Module): Maker {
  const call = callIn(step);
  if (call !== undefined) return callMaker(call, resultNames(step), func, module);
  if ('expect' in step) {
    const expected = evaluated(step.expect);
    return function* (context) {
      return isTrue(yield* valueIn(expected, context)) ? 'holds' : `${FAILS}${step.expect}`;
    };
  }
  if ('write' in step) {
    const [content, address] = [bytesOf(step), evaluated(step.write)];
    return function* (context) {
      const bytes = yield* valueIn(content, context);
      yield* access(context, yield* valueIn(address, context), bytes.length, bytes);
      return '()';
    };
  }
  return readMaker(step as ReadStep);
}

/** Evaluates; numbers that it reads are accesses. */
function* valueIn<T>(what: Evaluated<T>, context: StepContext): Making<T> {
  const run = what((name) => context.names.get(name));
  let next = run.next();
  while (next.done !== true) {
    const { type, address } = next.value;
    next = run.next(numberFrom(type, yield* access(context, address, widthOfNumber(type))));
  }
  return next.value;
}

function* access({ memory }: StepContext, at: Value, length: number, write?: Uint8Array): Making<Uint8Array> {
  if (memory === undefined) throw new HostError('the module has no memory');
  return (yield { do: 'access', at: addressOf(at, memory), length, write }) as Uint8Array;
}

/** An address as the memory has it. @throws ExpressionError for what is no integer */
function addressOf(value: Value, { is64 }: StepMemory): number {
  if (typeof value !== 'bigint') throw new ExpressionError('an address must be an integer');
  return Number(BigInt.asUintN(is64 ? 64 : 32, value));
}

function readMaker(step: ReadStep): Maker {
  const { as } = step;
  const address = evaluated(step.read);
  const content = contentMaker(step);
  return function* (context) {
    const { value, text } = yield* content(context, yield* valueIn(address, context));
    if (as !== undefined) context.names.set(as, value);
    return text;
  };
}

function contentMaker(step: ReadStep): (context: StepContext, at: Value) => Making<{ value: Value; text: string }> {
  const type = step.type ?? defaultType(step);
  const number = NUMBER_TYPES.find((one) => one === type);
  if (number !== undefined)
    return function* (context, at) {
      const value = numberFrom(number, yield* access(context, at, widthOfNumber(number)));
      return { value, text: typeof value === 'number' ? numberText(value) : String(value) };
    };
  if (step.length === undefined)
    return function* (context, at) {
      const { memory } = context;
      const bytes = yield* access(context, at, memory === undefined ? 0 : textLength(memory, addressOf(at, memory)));
      const end = bytes.indexOf(0);
      return contentFrom(step, end < 0 ? bytes : bytes.subarray(0, end));
    };
  const size = evaluated(step.length);
  return function* (context, at) {
    const length = Number(yield* valueIn(size, context));
    if (!(length >= 0 && length <= MAX_READ))
      throw new HostError(`a read of ${length} bytes is not possible; the limit is ${MAX_READ}`);
    return contentFrom(step, yield* access(context, at, length));
  };
}

/** Bytes of the text at an address with its final zero. */
function textLength({ view, bytes }: StepMemory, at: number): number {
  const most = Math.min(bytes, at + MAX_READ);
  const zero = view.subarray(at, most).indexOf(0);
  return zero < 0 ? Math.max(0, most - at) : zero + 1;
}

function callMaker(call: Call, names: readonly string[], func: number, module: Module): Maker {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  const { params, results } =
    type?.kind === 'func' ? type : { params: [] as readonly ValType[], results: [] as readonly ValType[] };
  const args = call.slice(1).map((argument, i): unknown => {
    if (isExpression(argument)) return undefined;
    return toEngineArguments(['', argument], [params[i]])[0];
  });
  const expressions = call
    .slice(1)
    .flatMap((argument, i) => (isExpression(argument) ? [{ i, value: evaluated(argument) }] : []));
  return function* (context) {
    const given = [...args];
    for (const { i, value } of expressions) given[i] = toEngineArgument(yield* valueIn(value, context), params[i]);
    const result = yield { do: 'call', args: given };
    if (names.length > 0) {
      // Several results come as an array.
      const values: unknown[] = results.length > 1 ? [...(result as Iterable<unknown>)] : [result];
      if (names.length !== results.length)
        throw new HostError(`${call[0]} returns ${plural(results.length, 'result')}, not ${names.length}`);
      names.forEach((name, i) => {
        const value = namedValue(values[i], results[i]);
        if (value === undefined) throw new HostError(`${call[0]} returns no number that $${name} could name`);
        context.names.set(name, value);
      });
    }
    return resultText(result, context.references);
  };
}

/** The value that a name gets; undefined where there is none. */
function namedValue(result: unknown, type: ValType): Value | undefined {
  if (typeof result === 'bigint') return result;
  if (typeof result === 'number') return type === F32 || type === F64 ? result : BigInt(result);
  return result === null ? null : undefined;
}

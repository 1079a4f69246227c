/** Imported functions that do what a scenario declares: see importEffects.ts. */
import { F32, F64, I32, I64, isNullable, isRef, type ValType } from '../../wasm/types.ts';
import { fixedBytes, numberBytes, numberFrom } from '../scenario/contents.ts';
import { ExpressionError, evaluation, integer } from '../scenario/evaluation.ts';
import { parseExpression, type Value, widthOfNumber } from '../scenario/expression.ts';
import {
  type DeclaredEffects,
  type EffectRead,
  type EffectResult,
  type EffectWrite,
  effectsOfCall,
  MAX_EFFECT_BYTES,
} from '../scenario/importEffects.ts';
import { CONTENT_KEYS } from '../scenario/steps.ts';
import type { HostFunction, HostOperation, HostOperations } from './hostFunction.ts';
import { operating, readBytes } from './hostOperations.ts';

/** Types of an imported function. */
export interface FunctionType {
  params: readonly ValType[];
  results: readonly ValType[];
}

/** Calls of each caller so far, for effects that differ by call. */
export interface CallCounts {
  /** Number of the caller's call of function `name`, from 0. */
  next(name: string, caller: number): number;
  /** As at the begin of an execution: after the setup, whose calls do not count. */
  reset(): void;
}

/** Counts from zero. */
export function callCounts(): CallCounts {
  const counts = new Map<string, number>();
  return {
    next(name, caller) {
      const key = `${caller} ${name}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return count;
    },
    reset: () => counts.clear(),
  };
}

/** A function with declared effects. `name` is `module.name`. */
export function declaredFunction(
  name: string,
  declared: DeclaredEffects,
  type: FunctionType,
  counts: CallCounts,
): HostFunction {
  return operating(name, (args, caller) => called(name, declared, type, args, caller, counts));
}

function* called(
  name: string,
  declared: DeclaredEffects,
  { results, params }: FunctionType,
  args: readonly unknown[],
  caller: number,
  counts: CallCounts,
): HostOperations {
  const effects = effectsOfCall(declared, caller, counts.next(name, caller));
  const known = (one: string): Value | undefined =>
    one === 'caller' ? BigInt(caller) : argumentValue(args[Number(one)], params[Number(one)]);
  try {
    const seen: string[] = [];
    for (const read of effects.reads ?? []) seen.push(yield* readEffect(read, known));
    if (declared.observe === true) yield { do: 'observe', text: callText(name, seen.length > 0 ? seen : args) };
    yield { do: 'interrupt' };
    for (const write of effects.writes ?? []) yield* writeEffect(write, known);
    if (effects.traps !== undefined) throw new Error(effects.traps);
    return yield* resultsOf(effects.returns, results, known);
  } catch (error) {
    if (error instanceof ExpressionError) throw new Error(error.message);
    throw error;
  }
}

/** `env.log("Lena")`. */
export const callText = (name: string, args: readonly unknown[]): string =>
  `${name}(${args.map((one) => (typeof one === 'object' && one !== null ? 'reference' : String(one))).join(', ')})`;

/** An argument in an expression: integers of 32 bits are signed, as the guest gives them. */
function argumentValue(value: unknown, type: ValType | undefined): Value | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return type === F32 || type === F64 ? value : BigInt(value);
  return value === null ? null : undefined;
}

type Known = (name: string) => Value | undefined;

/** Value of a number or an expression, whose loads are reads of the function. */
function* value(text: number | string, known: Known): Generator<HostOperation, Value, unknown> {
  if (typeof text === 'number') return Number.isInteger(text) ? BigInt(text) : text;
  const parsed = parseExpression(text);
  if ('message' in parsed) throw new ExpressionError(parsed.message);
  const run = evaluation(parsed, known);
  let step = run.next();
  while (step.done !== true) {
    const { type, address } = step.value;
    const bytes = yield* readBytes(Number(BigInt.asUintN(64, address)), widthOfNumber(type));
    step = run.next(numberFrom(type, bytes));
  }
  return step.value;
}

/** An address, or a number of bytes: not negative, as pointers of 32 bits are. */
function* natural(text: number | string, known: Known): Generator<HostOperation, number, unknown> {
  const found = integer(yield* value(text, known));
  return Number(found < 0n && found >= -(2n ** 31n) ? BigInt.asUintN(32, found) : BigInt.asUintN(64, found));
}

function* readEffect({ at, length, type }: EffectRead, known: Known): Generator<HostOperation, string, unknown> {
  const start = yield* natural(at, known);
  const size = yield* natural(length, known);
  if (size > MAX_EFFECT_BYTES)
    throw new Error(`a read of ${size} bytes is not possible; the limit is ${MAX_EFFECT_BYTES}`);
  const bytes = yield* readBytes(start, size);
  if (type === 'utf8') return JSON.stringify(new TextDecoder().decode(bytes));
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function* writeEffect(write: EffectWrite, known: Known): Generator<HostOperation, void, unknown> {
  const start = yield* natural(write.at, known);
  const most = write.max === undefined ? MAX_EFFECT_BYTES : yield* natural(write.max, known);
  const key = CONTENT_KEYS.find((one) => write[one] !== undefined);
  if (key === undefined) return;
  const content = write[key] as number | string;
  const fixed = fixedBytes(key, content);
  const bytes =
    fixed ?? numberBytes(key as Exclude<typeof key, 'utf8' | 'hex' | 'base64'>, yield* value(content, known));
  if (most > 0 && bytes.length > 0) yield { do: 'write', at: start, bytes: bytes.subarray(0, most) };
}

function* resultsOf(
  returns: EffectResult | EffectResult[] | undefined,
  types: readonly ValType[],
  known: Known,
): Generator<HostOperation, unknown, unknown> {
  const given = returns === undefined ? [] : Array.isArray(returns) ? returns : [returns];
  const made: unknown[] = [];
  for (const [i, type] of types.entries()) {
    const one = given[i];
    made.push(one === undefined || one === null ? nothing(type) : converted(yield* value(one, known), type));
  }
  return types.length > 1 ? made : made[0];
}

/** What a function returns that nothing is said of. */
function nothing(type: ValType): unknown {
  if (type === I64) return 0n;
  if (isRef(type)) {
    if (isNullable(type)) return null;
    throw new Error('its result cannot be null, and no scenario can give another reference');
  }
  return 0;
}

function converted(result: Value, type: ValType): unknown {
  if (isRef(type)) throw new Error('its result is a reference, which can only be null');
  if (type === I64) return BigInt.asIntN(64, integer(result));
  if (type === I32) return Number(BigInt.asIntN(32, integer(result)));
  if (typeof result === 'string' || result === null) throw new Error('it returns text where a number is needed');
  return Number(result);
}

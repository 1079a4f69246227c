/** Arguments of calls: what a scenario may contain, and what the engine gets. */
import { t } from '../../text/l10n.ts';
import { F32, F64, I32, I64, isNullable, isRef, V128, type ValType } from '../../wasm/types.ts';
import { ExpressionError, integer } from './evaluation.ts';
import type { Value } from './expression.ts';
import type { Argument, Call } from './steps.ts';

const NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  [V128]: 'v128',
};

/** `i32`, `i64`, ..., `reference`. */
export const typeName = (type: ValType): string => NAMES[type] ?? 'reference';

/** Floats that JSON cannot write. */
const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

const isWord = (argument: string): boolean => Object.hasOwn(WORDS, argument);

/** An argument for a message; a long text is cut. */
function shown(argument: Argument): string {
  const text = JSON.stringify(argument);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** What is wrong with an argument for a parameter; undefined if nothing is. */
export function argumentProblem(argument: Argument, type: ValType): string | undefined {
  if (isRef(type)) {
    if (!isNullable(type)) return t('a non-null reference is needed, which a scenario cannot provide');
    return argument === null ? undefined : t('a reference can only be null');
  }
  switch (type) {
    case I32:
      return typeof argument === 'number' && Number.isInteger(argument) && argument >= -(2 ** 31) && argument < 2 ** 32
        ? undefined
        : t('an i32 is a whole number from -2147483648 to 4294967295, not {0}', shown(argument));
    case I64:
      return isI64(argument)
        ? undefined
        : t('an i64 is a whole number, as a string when it has more than 53 bits, not {0}', shown(argument));
    case F32:
    case F64:
      return typeof argument === 'number' || (typeof argument === 'string' && isWord(argument))
        ? undefined
        : t('a float is a number, "nan", "inf" or "-inf", not {0}', shown(argument));
    default:
      return t('a v128 cannot be passed from JavaScript: call it through another export');
  }
}

function isI64(argument: Argument): boolean {
  if (typeof argument === 'number') return Number.isSafeInteger(argument);
  if (typeof argument !== 'string' || !/^-?\d{1,20}$/.test(argument)) return false;
  const value = BigInt(argument);
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}

/**
 * The value of an expression as an argument; integers wrap to the width of the parameter.
 * @throws ExpressionError when the parameter takes a number and the value is none
 */
export function toEngineArgument(value: Value, type: ValType): unknown {
  if (isRef(type)) return null;
  if (type === I64) return BigInt.asIntN(64, integer(value));
  if (type === I32) return Number(BigInt.asIntN(32, integer(value)));
  if (typeof value === 'string' || value === null) throw new ExpressionError('text is used where a number is needed');
  return Number(value);
}

/** Arguments as JavaScript passes them; they were checked. */
export function toEngineArguments([, ...args]: Call, params: readonly ValType[]): unknown[] {
  return params.map((type, i) => {
    const argument = args[i] ?? null;
    if (isRef(type)) return null;
    if (type === I64) return BigInt(argument ?? 0);
    if (typeof argument === 'string') return isWord(argument) ? WORDS[argument] : Number(argument);
    return argument ?? 0;
  });
}

/** Values of expressions. Integers have 64 bits and wrap; a float in an operation makes its result a float. */
import type { Expression, NumberType, Value } from './expression.ts';

/** An expression has no value: an unknown name, a division by zero, text where a number is needed. */
export class ExpressionError extends Error {}

/** A number that an expression reads from memory. */
export interface Load {
  type: NumberType;
  address: bigint;
}

/**
 * Evaluates step by step: gives each number that has to be read, and goes on with its value.
 * @throws ExpressionError
 */
export function* evaluation(
  expression: Expression,
  named: (name: string) => Value | undefined,
): Generator<Load, Value, Value> {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'name': {
      const value = named(expression.name);
      if (value === undefined) throw new ExpressionError(`$${expression.name} has no value yet`);
      return value;
    }
    case 'load':
      return yield { type: expression.type, address: integer(yield* evaluation(expression.address, named)) };
    case 'unary': {
      const value = yield* evaluation(expression.of, named);
      if (expression.operator === '!') return isTrue(value) ? 0n : 1n;
      if (expression.operator === '~') return wrap(~integer(value));
      return typeof value === 'number' ? -value : wrap(-integer(value));
    }
    case 'binary': {
      const { operator } = expression;
      const left = yield* evaluation(expression.left, named);
      if (operator === '&&' && !isTrue(left)) return 0n;
      if (operator === '||' && isTrue(left)) return 1n;
      const right = yield* evaluation(expression.right, named);
      return operator === '&&' || operator === '||' ? truth(isTrue(right)) : binary(operator, left, right);
    }
  }
}

const truth = (holds: boolean): Value => (holds ? 1n : 0n);

/** Everything but zero, null and empty text. */
export const isTrue = (value: Value): boolean => Boolean(value);

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** @throws ExpressionError for what is no integer */
export function integer(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  throw new ExpressionError(`${typeof value === 'string' ? 'text' : String(value)} is used where an integer is needed`);
}

function binary(operator: string, left: Value, right: Value): Value {
  if (operator === '==' || operator === '!=') {
    // The unsigned and the signed form of an integer of 64 bits are equal.
    const equal =
      typeof left === 'bigint' && typeof right === 'bigint'
        ? wrap(left) === wrap(right)
        : typeof left === typeof right || left === null || right === null || isText(left, right)
          ? left === right
          : Number(left) === Number(right);
    return truth(equal === (operator === '=='));
  }
  if (typeof left === 'number' || typeof right === 'number') return ofFloats(operator, float(left), float(right));
  const [a, b] = [integer(left), integer(right)];
  switch (operator) {
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '+':
      return wrap(a + b);
    case '-':
      return wrap(a - b);
    case '*':
      return wrap(a * b);
    case '&':
      return wrap(a & b);
    case '|':
      return wrap(a | b);
    case '^':
      return wrap(a ^ b);
    case '<<':
      return wrap(a << (b & 63n));
    case '>>':
      return wrap(a) >> (b & 63n);
    case '>>>':
      return BigInt.asUintN(64, a) >> (b & 63n);
  }
  if (b === 0n) throw new ExpressionError('a division by zero');
  return wrap(operator === '/' ? a / b : a % b);
}

const isText = (left: Value, right: Value): boolean => typeof left === 'string' || typeof right === 'string';

function float(value: Value): number {
  if (typeof value === 'string' || value === null) throw new ExpressionError('text is used where a number is needed');
  return Number(value);
}

function ofFloats(operator: string, a: number, b: number): Value {
  switch (operator) {
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
  throw new ExpressionError(`${operator} needs integers`);
}

/** Instructions of which the walk along locks follows the values: comparisons, sums, bits and choices. */
import type { State } from './lockState.ts';
import {
  compared,
  constantIn,
  fixedValue,
  isZero,
  numbered,
  sameValue,
  truthOf,
  type WalkValue,
} from './lockValues.ts';

/** Result of an instruction without access. */
export function calculated(state: State, name: string, operands: readonly WalkValue[]): WalkValue {
  const [a, b] = operands;
  switch (name) {
    case 'i32.eqz':
      return isZero(a);
    case 'i32.eq':
      return equality(state, a, b);
    case 'i32.ne':
      return isZero(equality(state, a, b));
    case 'i32.lt_s':
      return compared(a, b, 'less');
    case 'i32.gt_s':
      return compared(b, a, 'less');
    case 'i32.ge_s':
      return compared(a, b, 'not-less');
    case 'i32.le_s':
      return compared(b, a, 'not-less');
    case 'i32.add':
    case 'i32.sub':
      return sum(state, a, b, name === 'i32.sub');
    case 'i32.and':
    case 'i32.or':
    case 'i32.xor':
      return bitwise(state, name, a, b);
    case 'select': {
      const truth = truthOf(state.facts, operands[2]);
      return truth === undefined ? (sameValue(a, b) ? a : undefined) : truth ? a : b;
    }
    default:
      return undefined;
  }
}

/** A comparison with the outcome of a comparison is that outcome, or its contrary. */
function equality({ facts }: State, a: WalkValue, b: WalkValue): WalkValue {
  const [test, other] = a?.kind === 'test' ? [a, b] : [b, a];
  const known = constantIn(facts, other);
  if (test?.kind === 'test' && known !== undefined)
    return known === 1 ? test : known === 0 ? isZero(test) : fixedValue(0);
  return compared(a, b, 'equal');
}

function sum({ facts }: State, a: WalkValue, b: WalkValue, minus: boolean): WalkValue {
  const [x, y] = [constantIn(facts, a), constantIn(facts, b)];
  if (x !== undefined && y !== undefined) return fixedValue((minus ? x - y : x + y) | 0);
  if (y !== undefined && a?.kind === 'numbered') return numbered(a.id, (minus ? a.offset - y : a.offset + y) | 0);
  if (x !== undefined && b?.kind === 'numbered' && !minus) return numbered(b.id, (b.offset + x) | 0);
  return undefined;
}

function bitwise({ facts }: State, name: string, a: WalkValue, b: WalkValue): WalkValue {
  const [x, y] = [constantIn(facts, a), constantIn(facts, b)];
  if (x === undefined || y === undefined) return undefined;
  return fixedValue(name === 'i32.and' ? x & y : name === 'i32.or' ? x | y : x ^ y);
}

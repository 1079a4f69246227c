/** For tests: random texts of expressions, most of which have a value. */
import { NUMBER_TYPES } from '../../../core/stress/scenario/expression.ts';
import { randomNumbers } from '../../../core/stress/search/random.ts';

const BINARY = [
  '||',
  '&&',
  '|',
  '^',
  '&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '<<',
  '>>',
  '>>>',
  '+',
  '-',
  '*',
  '/',
  '%',
];
const LITERALS = [
  ...['0', '1', '2', '7', '63', '64', '255', '4096', '65532', '65536', '4294967295', '4294967296'],
  ...['9223372036854775807', '9223372036854775808', '18446744073709551615', '18446744073709551616', '0xdeadbeef'],
  ...['0.5', '1.0', '2.5e300', '1e21', '1e-7', '123456789.125', '1e308', '0.1'],
  ...['"Lena"', '""', "'1'"],
];

/** That many expressions of `names`, the same for the same seed. */
export function randomExpressions(count: number, names: readonly string[], seed: number): string[] {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const make = (depth: number): string => {
    const kind = random();
    if (depth === 0 || kind < 0.15) return random() < 0.3 ? `$${pick(names)}` : pick(LITERALS);
    if (kind < 0.3) return `${pick(['-', '!', '~'])}${wrapped(depth)}`;
    if (kind < 0.4) return `${pick(NUMBER_TYPES)}(${random() < 0.7 ? `${make(depth - 1)} & 1023` : make(depth - 1)})`;
    return `${wrapped(depth)} ${pick(BINARY)} ${wrapped(depth)}`;
  };
  const wrapped = (depth: number): string => {
    const inside = make(depth - 1);
    return random() < 0.6 ? `(${inside})` : inside;
  };
  return Array.from({ length: count }, () => make(1 + Math.floor(random() * 4)));
}

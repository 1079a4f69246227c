/**
 * Conflicts of two calls whose arguments are known. Addresses are compared modulo the size of the address space, so that
 * the result holds where they wrap around. What the arguments do not decide remains a conflict.
 */

import { type Address, type Effect, stateKind } from '../cells.ts';
import type { Analysis } from '../model.ts';
import { conflictingEffects, type EffectPair } from '../queries.ts';

/**
 * Arguments of a call in their order, an i32 as a number and an i64 as a bigint, signed or not. Undefined: any value;
 * values of other types are not looked at.
 */
export type CallArguments = readonly (number | bigint | undefined)[];

/** The pairs of effects, one of export `a` and one of `b`, through which two calls with these arguments can conflict. */
export function meetsWith(
  analysis: Analysis,
  a: number,
  argsA: CallArguments,
  b: number,
  argsB: CallArguments,
): EffectPair[] {
  return conflictingEffects(analysis, a, b).filter(
    ({ effects: [e, f], condition }) =>
      condition === 'always' || mayMeet(analysis, [analysis.effects[e], argsA], [analysis.effects[f], argsB]),
  );
}

function mayMeet(analysis: Analysis, ...sides: [Effect, CallArguments][]): boolean {
  const [{ cell }] = sides[0];
  const wide = stateKind(cell) === 'memory' && analysis.sharing.memories[cell.index ?? -1]?.is64 === true;
  // A 64-bit address that is made from a 32-bit argument may wrap around at either size. What has no place in common
  // modulo the smaller one has none at all.
  const exact =
    wide &&
    sides.every(
      ([
        {
          cell: { address },
        },
        args,
      ]) => usedBy(address, args).every(isWide),
    );
  const modulus = exact ? 2n ** 64n : 2n ** 32n;
  const [mine, theirs] = sides.map(([effect, args]) => rangeOf(effect.cell.address, args, modulus));
  if (mine === undefined || theirs === undefined) return true;
  if (mine.size === 0n || theirs.size === 0n) return false;
  const apart = BigInt.asUintN(exact ? 64 : 32, theirs.start - mine.start);
  return apart < mine.size || modulus - apart < theirs.size;
}

const isWide = (value: number | bigint | undefined): boolean => typeof value === 'bigint';

/** The arguments that an address is made from. */
function usedBy(address: Address | undefined, args: CallArguments): CallArguments {
  if (address?.base !== 'parameter') return [];
  const { parameter, length } = address;
  return [args[parameter], ...(length === undefined ? [] : [args[length]])];
}

/** Bytes or slots from `start` on; `start` is not reduced. */
interface Range {
  start: bigint;
  size: bigint;
}

/** Where an access goes in a call with arguments `args`; undefined: not known. */
function rangeOf(address: Address | undefined, args: CallArguments, modulus: bigint): Range | undefined {
  if (address?.base === 'static') {
    const { start, end, global } = address;
    return global === undefined ? rangeFrom(BigInt(start), BigInt(end), modulus) : undefined;
  }
  if (address?.base !== 'parameter' || address.through) return undefined;
  const { parameter, scale = 1, start, end, length } = address;
  const pointer = integer(args[parameter]);
  const extra = length === undefined ? 0n : integer(args[length]);
  if (start === undefined || end === undefined || pointer === undefined || extra === undefined) return undefined;
  const base = BigInt(scale) * pointer;
  const more = ((extra % modulus) + modulus) % modulus;
  return rangeFrom(base + BigInt(start), base + BigInt(end) + more, modulus);
}

/** A range that would end before it begins wraps around: it may be any. */
const rangeFrom = (start: bigint, end: bigint, modulus: bigint): Range => ({
  start,
  size: end < start ? modulus : end - start,
});

/** An argument as an integer; undefined for any value, and for what is none. */
function integer(value: number | bigint | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value !== undefined && Number.isInteger(value) ? BigInt(value) : undefined;
}

/** What the parameters of an export mean, as far as one can guess: text, blocks, lengths, objects, numbers. */
import type { Analysis } from '../../../analysis/model.ts';
import { sourceName } from '../../../wasm/displayNames.ts';
import type { Module } from '../../../wasm/module.ts';
import { I32, I64, isRef, type ValType } from '../../../wasm/types.ts';
import { type Allocation, allocationOf } from './allocation.ts';
import { functionType } from './functionType.ts';
import type { ParameterUse, UseOf } from './functionUse.ts';
import { type Maker, makersFor, makersOf } from './makers.ts';
import { parameterUses } from './parameterUses.ts';

/** What a parameter means. */
export type Role =
  /** A number, a reference that is null, or nothing that is known. */
  | { kind: 'number' }
  /** A fixed address, where the module cannot be asked for a block. */
  | { kind: 'address' }
  /** No function, no object. */
  | { kind: 'zero' }
  /** A block with text, which ends with a zero byte. */
  | { kind: 'text' }
  /** A block of bytes; the host writes zeros into it where the export reads addresses from it. */
  | { kind: 'block'; bytes: number; writes: boolean; zeroed: boolean }
  /** Length of the block or text that parameter `of` points to. */
  | { kind: 'length'; of: number }
  /** An object that another export makes. */
  | { kind: 'object'; maker: Maker };

/** Values of the parameters that are numbers: 0, 1, 1000, 1001, ..., or 1, 2, or 0. */
export type Numbers = 'spread' | 'small' | 'zero';

/** Texts of callers: each has `a`, ..., or the first caller's in all of them. */
export type Text = 'word' | 'digits' | 'json' | 'empty';

/**
 * How a result leads to text: it is its address (`text`), or its address and length are halves of it, with the address in
 * the `high` or in the `low` one, or two results (`pair`).
 */
export type Answer = 'text' | 'high' | 'low' | 'pair';

/** How to call an export. */
export interface Usage {
  roles: readonly Role[];
  numbers: Numbers;
  text: Text;
  /** The export takes its blocks over, or ends its object: they serve one call. */
  consumes: boolean;
  /** What its result leads to, where that was seen. */
  answer?: Answer;
}

/** What is known of a module for its arguments. */
export interface UsageFacts {
  module: Module;
  analysis: Analysis;
  allocation: Allocation | undefined;
  makers: readonly Maker[];
  useOf: UseOf;
}

/** Bytes at fixed places that a function looks at in a text, at most: structures are larger. */
const MAX_LOOKED_AT = 16;
/** Least size of a block, in bytes: more than most structures and digests need. */
const BLOCK = 256;

/** What the exports of a module do with their parameters; `allocator`: position of one that has no telling name. */
export function usageFacts(module: Module, analysis: Analysis, allocator?: number): UsageFacts {
  const allocation = allocationOf(module, analysis, allocator);
  const memory = allocation?.functions ?? { allocating: new Set<number>(), freeing: new Set<number>() };
  const useOf = parameterUses(module, memory);
  return {
    module,
    analysis,
    allocation,
    makers: makersOf(module, analysis, useOf, allocation?.all ?? new Set()),
    useOf,
  };
}

/** Whether calls of a usage need blocks or objects of the module. */
export const needsObjects = ({ roles }: Usage): boolean =>
  roles.some(({ kind }) => kind === 'text' || kind === 'block' || kind === 'object');

/** Ways to call the export at a position, the best guess first; all differ. */
export function usagesOf(facts: UsageFacts, position: number): Usage[] {
  const { module, analysis, useOf } = facts;
  const { func } = analysis.exports[position];
  const { params } = functionType(module, func);
  const { parameters } = useOf(func);
  const given = facts.allocation?.givesStrings === true && hasText(rolesOf(facts, position, undefined));
  const consumes = given || parameters.some(({ freed }) => freed) || facts.makers.some(({ end }) => end === position);
  const usage = (roles: readonly Role[], numbers: Numbers, text: Text = 'word'): Usage => ({
    roles,
    numbers,
    text,
    consumes,
  });
  const pointers = pointerParameters(analysis, func);
  const plain = params.map((_, i): Role => ({ kind: pointers.has(i) ? 'address' : 'number' }));
  const [best, ...others] = objectRoles(facts, position);
  const withoutMakers = rolesOf(facts, position, undefined);
  const guesses: Usage[] = [];
  if (facts.allocation !== undefined && needsObjects(usage(best, 'small'))) {
    guesses.push(usage(best, 'small'), ...others.map((roles) => usage(roles, 'small')));
    guesses.push(usage(best, 'zero'));
    if (hasText(best)) for (const text of ['digits', 'json'] as const) guesses.push(usage(best, 'small', text));
    if (best.some(({ kind }) => kind === 'object'))
      guesses.push(usage(withoutMakers, 'small'), usage(withoutMakers, 'zero'));
    if (hasText(best)) guesses.push(usage(best, 'zero', 'empty'));
    guesses.push(
      usage(
        best.map((role) => (role.kind === 'block' ? { kind: 'zero' } : role)),
        'zero',
      ),
    );
  }
  const numbers = params.map((): Role => ({ kind: 'number' }));
  const zeros = params.map((): Role => ({ kind: 'zero' }));
  guesses.push(usage(plain, 'spread'), usage(plain, 'small'), usage(numbers, 'small'), usage(plain, 'zero'));
  guesses.push(usage(zeros, 'zero'));
  const seen = new Set<string>();
  return guesses.filter((guess) => {
    const key = JSON.stringify(guess);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Objects are smaller than this, and static data does not begin before it. */
const FIRST_ARRAY = 1024;

/** Parameters that the function itself uses as addresses. */
export function pointerParameters({ effects, facts }: Analysis, func: number): Set<number> {
  const found = new Set<number>();
  for (let i = facts.start[func]; i < facts.start[func + 1]; i++) {
    const { address } = effects[facts.effect[i]].cell;
    // A multiple is an index, and so is what is added to the address of an array.
    if (address?.base !== 'parameter' || address.scale !== undefined) continue;
    // Somewhere behind a sum with it may be behind the other number of the sum.
    if (address.start !== undefined && address.start < FIRST_ARRAY) found.add(address.parameter);
  }
  return found;
}

const hasText = (roles: readonly Role[]): boolean => roles.some(({ kind }) => kind === 'text');

/** Roles of the parameters of an export with objects of each export that may make them, the closest first. */
function objectRoles(facts: UsageFacts, position: number): Role[][] {
  const makers = makersFor(facts.makers, position, sourceName(facts.analysis.exports[position]));
  return makers.length === 0
    ? [rolesOf(facts, position, undefined)]
    : makers.map((maker) => rolesOf(facts, position, maker));
}

/** Roles of the parameters of an export in which an object of its closest maker is used. */
export const madeRoles = (facts: UsageFacts, position: number): Role[] => objectRoles(facts, position)[0];

/** Roles of the parameters of an export; `maker`: where the object that it works on comes from. */
export function rolesOf(facts: UsageFacts, position: number, maker: Maker | undefined): Role[] {
  const { module, analysis, makers, useOf } = facts;
  const { func } = analysis.exports[position];
  const { params } = functionType(module, func);
  const { parameters } = useOf(func);
  const own = makers.find((one) => one.position === position);
  const roles: Role[] = [];
  params.forEach((type, i) => void roles.push(roleOf(type, i)));
  return roles;

  function roleOf(type: ValType, i: number): Role {
    const use = parameters[i];
    if (use === undefined || isRef(type) || (type !== I32 && type !== I64)) return { kind: 'number' };
    if (use.callee) return { kind: 'zero' };
    const before = roles[i - 1];
    // What contains addresses is a structure, which needs no length.
    const sized = before?.kind === 'text' || (before?.kind === 'block' && !before.zeroed);
    const next = params[i + 1];
    if (
      facts.allocation?.givesStrings &&
      !sized &&
      !use.address &&
      use.stored &&
      next === I32 &&
      parameters[i + 1].stored
    )
      return { kind: 'text' };
    if (!use.address || (use.length && sized))
      return sized && roles.every((role) => role.kind !== 'length' || role.of !== i - 1)
        ? { kind: 'length', of: i - 1 }
        : { kind: 'number' };
    if (own?.form.kind === 'slot' && own.form.parameter === i) return blockOf(use);
    if (own?.form.kind === 'in-place' && i === 0) return blockOf(use);
    // Read byte by byte, or as a whole: `extent` is 0 where it is copied.
    const readOnly = use.reads && (use.bytewise || use.extent === 0) && !use.writes && !use.pointers;
    if (maker !== undefined && !(own !== undefined && readOnly) && !roles.some(({ kind }) => kind === 'object'))
      return { kind: 'object', maker };
    if (readOnly || (use.bytewise && use.extent <= MAX_LOOKED_AT)) return { kind: 'text' };
    return blockOf(use);
  }
}

const blockOf = ({ extent, writes, pointers }: ParameterUse): Role => ({
  kind: 'block',
  zeroed: pointers,
  bytes: Math.max(BLOCK, Math.ceil(extent / 8) * 8),
  writes,
});

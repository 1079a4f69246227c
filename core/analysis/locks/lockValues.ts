/**
 * What is known of values on the way through a body: constants, values with a number and facts about them, and the
 * outcome of comparisons. A value with a number is the same wherever it has been copied, so that a branch on one copy says
 * something about all.
 */

/** A value: a fixedValue, value number `id` plus `offset`, or the result of a comparison; undefined: nothing is known. */
export type WalkValue =
  | { kind: 'constant'; value: number }
  | { kind: 'numbered'; id: number; offset: number }
  | { kind: 'test'; left: WalkValue; right: WalkValue; relation: WalkRelation }
  | undefined;

/** Comparisons that are followed; of signed numbers. */
export type WalkRelation = 'equal' | 'different' | 'less' | 'not-less';

/** What is known about a numbered value. */
export interface Fact {
  /** The value itself. */
  equal?: number;
  /** What it is not. */
  not: readonly number[];
  /** It is at least 0 as a signed number. */
  natural: boolean;
  /** Other numbered values that it is not equal to. */
  differs?: number;
  /**
   * Where it comes from: read from the word `key`; the old value when 1 was added to it; what was read, with more bits.
   */
  from?: { operation: 'load' | 'draw' | 'more'; key: string };
}

/** Nothing is known. */
export const NO_FACT: Fact = { not: [], natural: false };
/** It is not zero. */
export const NOT_ZERO: Fact = { not: [0], natural: false };

/** Most values that one is known not to be. */
const MAX_NOT = 4;

/** The number of parameter `index` as a value; instructions and joins have numbers from 0 on. */
export const parameterId = (index: number): number => -1 - index;

/** A fixedValue, as a signed number for `i32`. */
export const fixedValue = (value: number): WalkValue => ({ kind: 'constant', value });
/** Value number `id`. */
export const numbered = (id: number, offset = 0): WalkValue => ({ kind: 'numbered', id, offset });

/** Facts by the number of a value. */
export type Facts = ReadonlyMap<number, Fact>;

/** The constant that a value is; undefined where it is not known. */
export function constantIn(facts: Facts, value: WalkValue): number | undefined {
  if (value?.kind === 'constant') return value.value;
  if (value?.kind === 'numbered') {
    const equal = facts.get(value.id)?.equal;
    return equal === undefined ? undefined : (equal + value.offset) | 0;
  }
  if (value?.kind === 'test') {
    const truth = truthOf(facts, value);
    return truth === undefined ? undefined : Number(truth);
  }
  return undefined;
}

/** Whether a value is known not to be zero. */
export function isNonzero(facts: Facts, value: WalkValue): boolean {
  const known = constantIn(facts, value);
  if (known !== undefined) return known !== 0;
  return value?.kind === 'numbered' && (facts.get(value.id)?.not.includes(-value.offset | 0) ?? false);
}

/** Truth of a value taken as a condition. */
export function truthOf(facts: Facts, value: WalkValue): boolean | undefined {
  if (value?.kind !== 'test') {
    const known = constantIn(facts, value);
    if (known !== undefined) return known !== 0;
    return isNonzero(facts, value) ? true : undefined;
  }
  const { left, right, relation } = value;
  const [a, b] = [constantIn(facts, left), constantIn(facts, right)];
  const negated = relation === 'different' || relation === 'not-less';
  const positive = relation === 'equal' || relation === 'different' ? equality() : order();
  return positive === undefined ? undefined : positive !== negated;

  function equality(): boolean | undefined {
    if (a !== undefined && b !== undefined) return a === b;
    if (left?.kind === 'numbered' && right?.kind === 'numbered') {
      if (left.id === right.id) return left.offset === right.offset;
      const apart = facts.get(left.id)?.differs === right.id || facts.get(right.id)?.differs === left.id;
      return apart && left.offset === right.offset ? false : undefined;
    }
    const [other, known] = a === undefined ? [left, b] : [right, a];
    if (other?.kind !== 'numbered' || known === undefined) return undefined;
    const fact = facts.get(other.id) ?? NO_FACT;
    const wanted = (known - other.offset) | 0;
    return fact.not.includes(wanted) || (fact.natural && wanted < 0) ? false : undefined;
  }

  function order(): boolean | undefined {
    if (a !== undefined && b !== undefined) return a < b;
    const isNatural = left?.kind === 'numbered' && left.offset === 0 && facts.get(left.id)?.natural === true;
    return isNatural && b !== undefined && b <= 0 ? false : undefined;
  }
}

/** The comparison of two values; `relation` of `left` to `right`. */
export const compared = (left: WalkValue, right: WalkValue, relation: WalkRelation): WalkValue => ({
  kind: 'test',
  left: flat(left),
  right: flat(right),
  relation,
});

/** A comparison of a comparison with zero is that comparison, or its contrary; no other one is kept. */
export function isZero(value: WalkValue): WalkValue {
  if (value?.kind !== 'test') return compared(value, fixedValue(0), 'equal');
  return { ...value, relation: CONTRARY[value.relation] };
}

const CONTRARY: Readonly<Record<WalkRelation, WalkRelation>> = {
  equal: 'different',
  different: 'equal',
  less: 'not-less',
  'not-less': 'less',
};

const flat = (value: WalkValue): WalkValue => (value?.kind === 'test' ? undefined : value);

/** What is known besides if a condition is true or false: changed facts by number. */
export function learned(facts: Facts, condition: WalkValue, truth: boolean): Map<number, Fact> {
  const changed = new Map<number, Fact>();
  const test: WalkValue = condition?.kind === 'test' ? condition : compared(condition, fixedValue(0), 'different');
  if (test?.kind !== 'test') return changed;
  const { left, right } = test;
  const relation = truth ? test.relation : CONTRARY[test.relation];
  const [a, b] = [constantIn(facts, left), constantIn(facts, right)];
  const learn = (value: WalkValue, with_: (fact: Fact, offset: number) => Fact): void => {
    if (value?.kind === 'numbered')
      changed.set(value.id, with_(changed.get(value.id) ?? facts.get(value.id) ?? NO_FACT, value.offset));
  };
  const [other, known] = a === undefined ? [left, b] : [right, a];
  if (known !== undefined && relation === 'equal')
    learn(other, (fact, offset) => ({ ...fact, equal: (known - offset) | 0 }));
  if (known !== undefined && relation === 'different')
    learn(other, (fact, offset) => ({ ...fact, not: withValue(fact.not, (known - offset) | 0) }));
  // `left < right` with a constant on one side.
  if (b !== undefined && relation === 'not-less' && b >= 0)
    learn(left, (fact, offset) => (offset === 0 ? { ...fact, natural: true } : fact));
  if (a !== undefined && relation === 'less' && a >= -1)
    learn(right, (fact, offset) => (offset === 0 ? { ...fact, natural: true } : fact));
  return changed;
}

const withValue = (values: readonly number[], value: number): readonly number[] =>
  values.includes(value) || values.length >= MAX_NOT ? values : [...values, value];

/** The fact about a value of any kind. */
export function factOf(facts: Facts, value: WalkValue): Fact {
  const known = constantIn(facts, value);
  if (known !== undefined) return { equal: known, not: [], natural: known >= 0 };
  if (value?.kind === 'numbered' && value.offset === 0) return facts.get(value.id) ?? NO_FACT;
  return isNonzero(facts, value) ? NOT_ZERO : NO_FACT;
}

/** What is true of either of two values. */
export function either(a: Fact, b: Fact): Fact {
  if (a.equal !== undefined && a.equal === b.equal) return { equal: a.equal, not: [], natural: a.equal >= 0 };
  const candidates = new Set([...a.not, ...b.not]);
  // Zero is what most is compared with.
  if (a.equal !== 0 && b.equal !== 0) candidates.add(0);
  const not = [...candidates].filter((value) => excludes(a, value) && excludes(b, value)).slice(0, MAX_NOT);
  const from = a.from?.key === b.from?.key && a.from?.operation === b.from?.operation ? a.from : undefined;
  return {
    not,
    natural: a.natural && b.natural,
    ...(from === undefined ? {} : { from }),
    ...(a.differs !== undefined && a.differs === b.differs ? { differs: a.differs } : {}),
  };
}

const excludes = (fact: Fact, value: number): boolean =>
  fact.equal === undefined ? fact.not.includes(value) || (fact.natural && value < 0) : fact.equal !== value;

/** Whether a fact says nothing. */
export const isNoFact = (fact: Fact): boolean =>
  fact.equal === undefined &&
  fact.not.length === 0 &&
  !fact.natural &&
  fact.differs === undefined &&
  fact.from === undefined;

/** Whether two facts are the same. */
export const sameFact = (a: Fact, b: Fact): boolean =>
  a.equal === b.equal &&
  a.natural === b.natural &&
  a.differs === b.differs &&
  a.from?.key === b.from?.key &&
  a.from?.operation === b.from?.operation &&
  a.not.length === b.not.length &&
  a.not.every((value) => b.not.includes(value));

/** Whether two values are the same. */
export function sameValue(a: WalkValue, b: WalkValue): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.kind === 'constant') return b.kind === 'constant' && a.value === b.value;
  if (a.kind === 'numbered') return b.kind === 'numbered' && a.id === b.id && a.offset === b.offset;
  return b.kind === 'test' && a.relation === b.relation && sameValue(a.left, b.left) && sameValue(a.right, b.right);
}

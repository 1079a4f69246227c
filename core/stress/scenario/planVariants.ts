/** The scenarios of one pair of exports: how often each caller calls, with which blocks, objects and numbers. */

import { readBackOf } from '../../analysis/readBack.ts';
import { t } from '../../text/l10n.ts';
import type { ScenarioFile } from './scenario.ts';
import { type Argument, type Call, callIn, isCall, resultNames, type Step } from './steps.ts';
import type { Unit } from './units.ts';
import { functionType } from './usage/functionType.ts';
import { Objects, reachesAllocator } from './usage/objects.ts';
import { type Numbers, needsObjects, type Usage, type UsageFacts, usagesOf } from './usage/roles.ts';

/** A scenario of a pair: calls of each caller, and what comes before and after them. */
export interface Variant extends Pick<ScenarioFile, 'compare'> {
  title: string;
  /** What the title ends with, unless it says more about the objects of the calls. */
  passing?: string;
  unit: Unit;
  callers: Step[][];
  setup: Step[];
  probe: Step[];
  /** Calls of each caller, without steps that only use their results. */
  calls: number;
}

/** What variants are made of. */
export interface VariantOptions {
  facts: UsageFacts;
  /** By position in `Analysis.exports`; the best guess for others. */
  usages: ReadonlyMap<number, Usage>;
  callers: number;
}

/** What one call of a variant is made of. */
interface Making {
  position: number;
  caller: number;
  /** Number of the call among the caller's. */
  k: number;
  distinct: boolean;
}

/**
 * One call each, then two. Where calls take blocks or objects: each caller with its own, then all with the same ones;
 * else with equal arguments, then with distinct ones where there are any. Sequences that read back last.
 */
export function variantsOf(options: VariantOptions, a: number, b: number): Variant[] {
  const { facts, callers } = options;
  const { module, analysis } = facts;
  const usageAt = (position: number): Usage => usageOf(options, position);
  const [x, y] = [usageAt(a), usageAt(b)];
  const { allocation } = facts;
  const ofAllocator = (position: number) => allocation?.allocate === position || allocation?.free === position;
  const objects = allocation !== undefined && (ofAllocator(a) || ofAllocator(b) || needsObjects(x) || needsObjects(y));
  const hasArguments = [a, b].some((p) => functionType(module, analysis.exports[p].func).params.length > 0);
  const ofCaller = (caller: number): number => (caller % 2 === 0 ? a : b);
  const variants: Variant[] = [];
  for (const times of [1, 2]) {
    for (const distinct of objects ? [true, false] : hasArguments ? [false, true] : [false]) {
      if (objects && !distinct && (x.consumes || y.consumes || ofAllocator(a) || ofAllocator(b))) continue;
      const made = new Objects(facts);
      const lists = Array.from({ length: callers }, (_, caller) =>
        Array.from({ length: times }, (_, k) =>
          stepsOf(options, made, usageAt(ofCaller(caller)), { position: ofCaller(caller), caller, k, distinct }),
        ).flat(),
      );
      if (objects && !distinct && !meet(lists[0], lists[1] ?? [])) continue;
      const how = objects
        ? made.setup.length === 0
          ? ''
          : distinct
            ? t(', objects of their own')
            : t(', the same objects')
        : hasArguments
          ? distinct
            ? t(', distinct arguments')
            : t(', equal arguments')
          : '';
      variants.push(
        completed(options, [a, b], made, {
          title: times === 1 ? t('one call each') : t('two calls each'),
          passing: how,
          unit: lists.some((list) => list.some((step) => !isCall(step))) ? 'sequence' : 'call',
          callers: lists,
          calls: times,
        }),
      );
    }
  }
  const pair = readBackOf(module, analysis, a, b);
  if (pair !== undefined) {
    const made = new Objects(facts);
    const { writer, reader } = pair;
    const lists = Array.from({ length: callers }, (_, caller) => [
      ...stepsOf(options, made, usageAt(writer), { position: writer, caller, k: 1, distinct: true }),
      ...stepsOf(options, made, usageAt(reader), { position: reader, caller, k: 0, distinct: true }),
    ]);
    variants.push(
      completed(options, [a, b], made, {
        title: t('stored and read back by each caller'),
        unit: 'sequence',
        callers: lists,
        calls: 2,
      }),
    );
  }
  return variants;
}

/** How an export is called. */
const usageOf = ({ facts, usages }: Pick<VariantOptions, 'facts' | 'usages'>, position: number): Usage =>
  usages.get(position) ?? usagesOf(facts, position)[0];

/** A call of an export with fixed arguments. */
export function plannedCall(facts: UsageFacts, usages: ReadonlyMap<number, Usage>, position: number): Call {
  const usage = usageOf({ facts, usages }, position);
  const plain = needsObjects(usage) ? (usagesOf(facts, position).find((one) => !needsObjects(one)) ?? usage) : usage;
  return new Objects(facts).call(position, plain, '', 0, numberFor(plain.numbers, 0, 0, false));
}

/** The steps of one call: the call, or an allocation with a use of the block. */
function stepsOf(
  { facts }: VariantOptions,
  made: Objects,
  usage: Usage,
  { position, caller, k, distinct }: Making,
): Step[] {
  const { allocation } = facts;
  const value = numberFor(usage.numbers, caller, k, distinct);
  if (allocation === undefined) {
    const fixed = needsObjects(usage) ? (usagesOf(facts, position).find((one) => !needsObjects(one)) ?? usage) : usage;
    return withAnswer(made.call(position, fixed, '', caller, numberFor(fixed.numbers, caller, k, distinct)), fixed, k);
  }
  if (position === allocation.allocate) {
    // Two blocks that overlap show when each caller reads back what it wrote.
    const name = k === 0 ? 'p' : `p${k + 1}`;
    const [call, ...args] = allocation.call(ALLOCATED);
    return [
      { call, args, as: name },
      { write: `$${name}`, u32: caller * 1000 + k + 1 },
      { read: `$${name}`, type: 'u32' },
    ];
  }
  if (position === allocation.free) {
    const block = made.block(`${String.fromCharCode(97 + caller)}Block${k === 0 ? '' : k + 1}`, ALLOCATED);
    const release = allocation.release(`$${block}`, ALLOCATED);
    if (release !== undefined) return [release];
  }
  const letter = String.fromCharCode(97 + caller);
  const owner = distinct ? (usage.consumes && k > 0 ? `${letter}${k + 1}` : letter) : 'shared';
  return withAnswer(made.call(position, usage, owner, distinct ? caller : 0, value), usage, k);
}

/** The call, and a read of the text that its result leads to. */
function withAnswer(made: Call, { answer }: Usage, k: number): Step[] {
  if (answer === undefined) return [made];
  const [call, ...args] = made;
  const name = k === 0 ? 'r' : `r${k + 1}`;
  if (answer === 'pair')
    return [
      { call, args, as: [name, `${name}_length`] },
      { read: `$${name}`, length: `$${name}_length`, type: 'utf8' },
    ];
  const [high, low] = [`$${name} >> 32 & 0xffffffff`, `$${name} & 0xffffffff`];
  const where =
    answer === 'text' ? { read: low } : answer === 'high' ? { read: high, length: low } : { read: low, length: high };
  return [
    { call, args, as: name },
    { ...where, type: 'utf8' },
  ];
}

/** Bytes that callers allocate when that is what is tested. */
const ALLOCATED = 16;

/** The value of parameters that are numbers in call `k` of a caller. */
export function numberFor(numbers: Numbers, caller: number, k: number, distinct: boolean): number {
  switch (numbers) {
    case 'spread':
      return distinct ? caller * 1000 + k : 1;
    case 'small':
      return distinct ? 1 + (caller % 2) : 1;
    case 'zero':
      return 0;
  }
}

const namesIn = (steps: readonly Step[]): Argument[] =>
  steps.flatMap((step) =>
    (callIn(step) ?? ['']).slice(1).filter((one) => typeof one === 'string' && one.startsWith('$')),
  );

const meet = (a: readonly Step[], b: readonly Step[]): boolean => namesIn(a).some((name) => namesIn(b).includes(name));

/** With the steps around the calls. Without a call that allocates, addresses are those of the setup, and state counts. */
function completed(
  { facts: { analysis, allocation } }: VariantOptions,
  positions: readonly number[],
  { setup, reads }: Objects,
  variant: Omit<Variant, 'setup' | 'probe' | 'compare'>,
): Variant {
  const { allocating = [], freeing = [] } = allocation?.functions ?? {};
  const functions = positions.map((position) => analysis.exports[position].func);
  const passed = setup.length > 0 || variant.callers.flat().some((step) => resultNames(step).length > 0);
  const counts = passed && !reachesAllocator(analysis, functions, new Set([...allocating, ...freeing]));
  return {
    ...variant,
    setup: [...setup],
    probe: [...reads],
    ...(counts ? { compare: ['results', 'reads', 'state'] } : {}),
  };
}

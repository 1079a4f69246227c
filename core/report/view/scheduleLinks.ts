/** Which steps of a trace a finding is about: pairs of steps that are joined by a line, with what that means. */
import { callerName } from '../../stress/scenario/scenario.ts';
import { t } from '../../text/l10n.ts';
import type { FindingView, PartyView } from './scheduleFindings.ts';
import type { StepView } from './scheduleSteps.ts';
import { meaningsOf, rangeOfCell, rangesMeet, type StepMeaning } from './stepMeaning.ts';

/** Two steps of different callers, the earlier one first. */
export interface LinkView {
  from: number;
  to: number;
  /** What the steps have to do with each other, a clause. */
  text: string;
  /** The one that the finding is about; others are further ones of the same kind. */
  main: boolean;
}

/** What is shown of a finding in its trace. */
export interface Told {
  /** By step. */
  meanings: ReadonlyMap<number, StepMeaning>;
  links: LinkView[];
}

/** Most further links of a wrong outcome. */
const MAX_FURTHER = 12;
/** Least rank of a meaning that may have led to a wrong outcome. */
const LEAST_RANK = 2;
/** The rank of a read that misses what waits in a store buffer. */
const MISSES = 5;

/**
 * Links of a finding in the trace of its schedule; none where the trace does not show the parties.
 * @param together the calls of a caller are one unit
 */
export function toldOf(steps: readonly StepView[], finding: FindingView, together: boolean): Told {
  const meanings = meaningsOf(steps, together);
  if (finding.parties !== undefined)
    return { meanings, links: meetingLinks(steps, finding, finding.parties, meanings) };
  if (finding.kind === 'hang')
    return {
      meanings,
      links: withMissed(steps, meanings, [...waitLinks(steps, finding), ...notifyLinks(steps, finding)]),
    };
  return { meanings, links: wrongLinks(steps, meanings) };
}

/**
 * The step that a player shows first: the later one of the pair that the finding is about, where its meaning stands. Of a
 * hang without such a pair, the last step; the first step where the trace shows neither.
 */
export function openingStep(steps: readonly StepView[], { kind }: FindingView, links: readonly LinkView[]): number {
  const main = links.findLast((link) => link.main);
  if (main !== undefined) return main.to;
  return kind === 'hang' ? Math.max(0, steps.length - 1) : 0;
}

function meetingLinks(
  steps: readonly StepView[],
  { kind }: FindingView,
  parties: readonly [PartyView, PartyView],
  meanings: ReadonlyMap<number, StepMeaning>,
): LinkView[] {
  const pair = nearest(steps, parties);
  if (pair === undefined) return [];
  const [from, to] = pair;
  const meaning = meanings.get(to);
  const does = meaning?.of === from ? meaning.text : undefined;
  const whose = callerName(steps[from].caller);
  const other = steps[from].kind === 'call' ? t("{0}'s call", whose) : t("{0}'s {1}", whose, steps[from].op);
  const who = callerName(steps[to].caller);
  const met = kind === 'race' ? t('{0} races with {1}', who, other) : t('{0} meets {1}', who, other);
  return [{ from, to, text: does === undefined ? met : t('{0}: {1}', met, does), main: true }];
}

/** The steps of both parties that are closest to each other, in order. */
function nearest(steps: readonly StepView[], [a, b]: readonly [PartyView, PartyView]): [number, number] | undefined {
  const of = (party: PartyView, exact: boolean): number[] =>
    steps.flatMap((step, at) => (isStepOf(step, party, exact) ? [at] : []));
  for (const exact of [true, false]) {
    const [ones, others] = [of(a, exact), of(b, exact)];
    const pair = closest(ones, others);
    if (pair !== undefined) return pair;
  }
  return undefined;
}

/** `exact`: it must touch what the parties met at. Growth meets accesses of other cells. */
function isStepOf(step: StepView, party: PartyView, exact: boolean): boolean {
  if (step.caller !== party.caller || step.call !== party.call) return false;
  if (party.op === 'call') return step.kind === 'call';
  if ((step.offset ?? -1) !== party.offset || step.kind === 'call' || step.kind === 'return') return false;
  return !exact || (step.cell !== undefined && rangesMeet(rangeOfCell(step.cell), rangeOfCell(party.cell)));
}

/** Both lists ascend. */
function closest(ones: readonly number[], others: readonly number[]): [number, number] | undefined {
  let best: [number, number] | undefined;
  let i = 0;
  for (const other of others) {
    while (i + 1 < ones.length && ones[i + 1] < other) i++;
    for (const one of ones.slice(i, i + 2)) {
      if (best === undefined || Math.abs(one - other) < Math.abs(best[0] - best[1])) best = [one, other];
    }
  }
  return best && [Math.min(...best), Math.max(...best)];
}

/** For each caller that waits for another one: its last step, and the step that the other one took the lock with. */
function waitLinks(steps: readonly StepView[], { waits = [] }: FindingView): LinkView[] {
  return waits.flatMap(({ caller, at, for: whom, held }): LinkView[] => {
    const place = rangeOfCell(at);
    const last = steps.findLastIndex((step) => step.caller === caller && step.kind !== 'trap');
    const taken = steps.findLastIndex(
      (step) =>
        step.caller === whom &&
        step.written !== undefined &&
        step.cell !== undefined &&
        rangesMeet(rangeOfCell(step.cell), place),
    );
    const other = taken >= 0 ? taken : steps.findLastIndex((step) => step.caller === whom && step.kind !== 'trap');
    if (last < 0 || other < 0 || last === other) return [];
    const who = whom === caller ? t('itself') : callerName(whom);
    const me = callerName(caller);
    const text = held
      ? whom === caller
        ? t('{0} waits for {1}, which it holds', me, at)
        : t('{0} waits for {1}, which {2} holds', me, at, who)
      : t('{0} waits at {1} for {2}', me, at, who);
    return [{ from: Math.min(last, other), to: Math.max(last, other), text, main: true }];
  });
}

/** From the notification that did not wake a caller to the caller's last step. */
function notifyLinks(steps: readonly StepView[], { notified, stuck = [] }: FindingView): LinkView[] {
  if (notified === undefined) return [];
  const from = steps.findLastIndex(
    (step) => step.kind === 'notify' && step.caller === notified.caller && step.offset === notified.offset,
  );
  const [asleep] = stuck.filter(({ at }) => at !== undefined);
  if (from < 0 || asleep === undefined) return [];
  const to = steps.findLastIndex((step) => step.caller === asleep.caller && step.kind === 'wait');
  if (to < 0) return [];
  return [{ from: Math.min(from, to), to: Math.max(from, to), text: notified.text, main: true }];
}

/** Reads of a hang that miss what waits in a store buffer; the last one is what it is about where nothing else is. */
function withMissed(
  steps: readonly StepView[],
  meanings: ReadonlyMap<number, StepMeaning>,
  links: readonly LinkView[],
): LinkView[] {
  const missed = [...meanings].filter(([, { rank }]) => rank === MISSES).slice(-MAX_FURTHER);
  const isMain = (nth: number): boolean => links.length === 0 && nth === missed.length - 1;
  return [
    ...links,
    ...missed.map(([to, { of, text }], nth) => ({
      from: of,
      to,
      text: `${callerName(steps[to].caller)} ${text}`,
      main: isMain(nth),
    })),
  ];
}

/** What may have led to a wrong outcome, the most telling and then the last as the main one. */
function wrongLinks(steps: readonly StepView[], meanings: ReadonlyMap<number, StepMeaning>): LinkView[] {
  const all = [...meanings].map(([to, meaning]) => ({ to, ...meaning }));
  const most = Math.max(...all.map(({ rank }) => rank));
  const main = all.findLast(({ rank }) => rank === most);
  if (main === undefined || most < 1) return [];
  const further = all.filter((one) => one !== main && one.rank >= LEAST_RANK).slice(-MAX_FURTHER);
  return [...further, main].map(({ of, to, text }) => ({
    from: of,
    to,
    text: `${callerName(steps[to].caller)} ${text}`,
    main: to === main.to,
  }));
}

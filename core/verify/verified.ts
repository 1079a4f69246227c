/** The result of `verify` from what its processes left. */

import { shorten } from '../harmless/names.ts';
import { resultsKey } from '../stress/explore/outcomes.ts';
import type { StressResult, WrongOutcome } from '../stress/explore/result.ts';
import { type HammerOutcome, isWrongKind } from '../stress/hammer/hammerResult.ts';
import { callerName, type Scenario } from '../stress/scenario/scenario.ts';
import { stepText } from '../stress/scenario/steps.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import { paragraph } from '../text/phrases.ts';
import type { DriverRun } from './driverResult.ts';
import { comparableResult } from './hostTraps.ts';
import { inWords, judged } from './judged.ts';
import type { GeneratedRemedy, VerifyFinding, VerifyMode, VerifyResult, VerifyRun, VerifyVerdict } from './model.ts';
import type { VerifyPlan } from './plan.ts';

/** Most characters of what Go wrote that a result keeps. */
const MAX_OUTPUT = 200_000;

/** A run of one mode, and what to know of it. */
export function verifyRun(
  mode: VerifyMode,
  { result, reported, output, stopped, ended }: DriverRun,
  plan: Pick<VerifyPlan, 'orders' | 'complete'>,
  scenario: Scenario,
): { run: VerifyRun; notes: string[] } | undefined {
  if (result === undefined) return undefined;
  const { notes, alone, ...outcomes } = judged(inWords(result, scenario), plan);
  const { hang } = result;
  const inRounds = hang !== undefined && (hang.phase === 'rounds' || hang.phase === 'probe');
  const text = [...reported.map((one) => one.text.replace(MARKS, '')), output].join('\n').trim();
  return {
    run: {
      mode,
      rounds: result.rounds,
      seconds: result.seconds,
      ...outcomes,
      reports: reported.reduce((sum, one) => sum + raceReports(one.text), 0),
      hang: inRounds ? { callers: hang.callers.map(({ caller, step }) => ({ caller, call: step })), alone } : null,
      crash: result.done || stopped || hang !== undefined ? null : crashLine(output, ended),
      output: text.length > MAX_OUTPUT ? `${text.slice(0, MAX_OUTPUT)}\n...` : text,
    },
    notes: result.rounds > 0 ? notes.map((note) => `${modeText(mode)}: ${note}`) : [],
  };
}

/** Lines of the driver between reports: they are for leading them back. */
const MARKS = /^@verify .*\n?/gm;

const MODES: Readonly<Record<VerifyMode, Message>> = {
  'interpreter-race': message('Interpreter with the race detector'),
  interpreter: message('Interpreter'),
  compiler: message('Compiler'),
  watched: message('Watched accesses with the race detector'),
};

/** How texts call a mode. */
export function modeText(mode: VerifyMode): string {
  return translated(MODES[mode]);
}

/** How texts call a remedy. */
export const REMEDY_NAME: Readonly<Record<GeneratedRemedy, Message>> = {
  mutex: message('the generated lock'),
  pool: message('the generated pool'),
};

/** Everything that Go wrote in one process, and what ran in it. */
export interface GoOutput {
  what: string;
  output: string;
}

/** What Go wrote for a result, in the order of the processes. */
export const goOutputs = ({ runs, remedies }: Pick<VerifyResult, 'runs' | 'remedies'>): GoOutput[] => [
  ...runs.map(({ mode, output }) => ({ what: modeText(mode).toLowerCase(), output })),
  ...remedies.map(({ remedy, output }) => ({ what: translated(REMEDY_NAME[remedy]), output })),
];

const raceReports = (text: string): number => text.split('WARNING: DATA RACE').length - 1;

/** The line that says why a Go process ended. */
function crashLine(output: string, ended: number | string): string {
  const line = output.split('\n').find((one) => /^(?:fatal error|panic|unexpected fault|SIG\w+|runtime:)/.test(one));
  return line ?? (typeof ended === 'string' ? t('killed by {0}', ended) : t('exit code {0}', ended));
}

/** What exploration found and the host showed; races are joined elsewhere. */
export function hostFindings(explored: StressResult | undefined, runs: readonly VerifyRun[]): VerifyFinding[] {
  const ran = runs.filter(({ rounds }) => rounds > 0).map(({ mode }) => mode);
  const rounds = runs.reduce((sum, one) => sum + one.rounds, 0);
  const finding = (one: Omit<VerifyFinding, 'reports' | 'rounds' | 'ran'>): VerifyFinding => ({
    reports: 0,
    rounds,
    ran,
    ...one,
  });
  const seen = mergedWrong(runs);
  const known = explored?.outcomes.wrong ?? [];
  const keys = new Map(known.map((one) => [comparedKey(one), one]));
  // That the host does not show them says nothing: it need not be hardware that does so.
  const buffered = new Map((explored?.storeBuffers?.wrong ?? []).map((one) => [comparedKey(one), one]));
  const found: VerifyFinding[] = [...seen].map(([key, { outcome, samples }]) => {
    const reordered = keys.has(key) ? undefined : buffered.get(key);
    const same = keys.get(key) ?? reordered ?? null;
    // A race is undefined: what real memory makes of it need not be an order of steps.
    const expected = explored === undefined || explored.wrongOutcome || explored.races.length > 0;
    return finding({
      kind: 'wrong-outcome',
      // Which of the wrong outcomes occurs says little: exploration lists only some of them.
      ...(reordered === undefined
        ? seenStatus(explored, expected, outcomeText(outcome))
        : { status: 'confirmed', text: onlyReordered(outcomeText(outcome)) }),
      explored: same,
      wrong: samples,
    });
  });
  for (const [key, one] of keys)
    if (!seen.has(key))
      found.push(
        finding({ kind: 'wrong-outcome', status: 'not-seen', text: outcomeText(one), explored: one, wrong: 0 }),
      );
  found.push(...endings(explored, runs, finding));
  return found;
}

/** What the host showed: only a search that was complete should have found it. */
function seenStatus(
  explored: StressResult | undefined,
  expected: boolean,
  text: string,
): Pick<VerifyFinding, 'status' | 'text'> {
  if (expected) return { status: 'confirmed', text };
  if (explored?.exhaustive === true) return { status: 'new', text };
  return {
    status: 'confirmed',
    text: paragraph([ended(text), t('Exploration, which did not try all schedules, did not find it.')]),
  };
}

const ended = (text: string): string => (/[.。]$/.test(text) ? text : t('{0}.', text));

const onlyReordered = (text: string): string =>
  paragraph([ended(text), t('Exploration found it only where hardware reorders stores.')]);

function endings(
  explored: StressResult | undefined,
  runs: readonly VerifyRun[],
  finding: (one: Omit<VerifyFinding, 'reports' | 'rounds' | 'ran'>) => VerifyFinding,
): VerifyFinding[] {
  const found: VerifyFinding[] = [];
  // Calls that do not return alone either may only be slow: that is a finding where exploration has one.
  const hangs = runs.flatMap(({ hang }) => (hang === null || (hang.alone && explored?.hang == null) ? [] : hang));
  if (hangs.length > 0 || (explored !== undefined && explored.hang !== null)) {
    const text = t('Calls do not return.');
    const reordered = explored?.hang === null && (explored.storeBuffers?.hang ?? null) !== null;
    const told: Pick<VerifyFinding, 'status' | 'text'> =
      hangs.length === 0
        ? { status: 'not-seen', text }
        : reordered
          ? { status: 'confirmed', text: onlyReordered(text) }
          : seenStatus(explored, explored === undefined || explored.hang !== null, text);
    found.push(finding({ kind: 'hang', ...told, explored: null, wrong: hangs.length }));
  }
  const crashes = runs.flatMap(({ crash }) => crash ?? []);
  if (crashes.length > 0) {
    const expected = explored === undefined || explored.hostHazards.length > 0;
    const told = seenStatus(explored, expected, t('The process ended: {0}.', crashes[0]));
    found.push(finding({ kind: 'crash', ...told, explored: null, wrong: crashes.length }));
  }
  return found;
}

/** Equal for equal results, whichever engine gave them. */
const comparedKey = ({ results, probe }: Pick<WrongOutcome, 'results' | 'probe'>): string =>
  resultsKey({ results: results.map((list) => list.map(comparableResult)), probe: probe.map(comparableResult) });

/** Wrong outcomes of all modes, those with the same results together. */
function mergedWrong(runs: readonly VerifyRun[]): Map<string, { outcome: HammerOutcome; samples: number }> {
  const merged = new Map<string, { outcome: HammerOutcome; samples: number }>();
  for (const outcome of runs.flatMap(({ outcomes }) => outcomes.filter(isWrongKind))) {
    const key = comparedKey(outcome);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { outcome, samples: outcome.samples });
    else known.samples += outcome.samples;
  }
  return merged;
}

/** Most characters of one result in the text of an outcome. */
const MAX_RESULT = 60;

function outcomeText({ results, probe, state }: Pick<WrongOutcome, 'results' | 'probe' | 'state'>): string {
  const texts = (list: readonly string[]): string => list.map((text) => shorten(text, MAX_RESULT)).join(', ');
  const parts = [
    ...results.map((list, i) => `${callerName(i)} ${texts(list)}`),
    ...(probe.length > 0 ? [t('then {0}', texts(probe))] : []),
  ];
  const calls = parts.join(' | ');
  return state.length > 0 ? t('{0}, which leaves a wrong state: {1}', calls, state[0]) : calls;
}

/** The worst that findings say. */
export function verdictOfHost(runs: readonly VerifyRun[], findings: readonly VerifyFinding[]): VerifyVerdict {
  if (!runs.some(({ rounds, hang, crash }) => rounds > 0 || hang !== null || crash !== null)) return 'not-verified';
  if (findings.some(({ status }) => status === 'new')) return 'new';
  return findings.some(({ status }) => status === 'confirmed') ? 'confirmed' : 'not-seen';
}

/** `A in put(0, 1)`: where callers were. */
export const hangPlaces = (hang: NonNullable<VerifyRun['hang']>, { callers, probe }: Scenario): string =>
  hang.callers.length === 0
    ? probe.map(stepText).join('; ')
    : hang.callers
        .map(({ caller, call }) => t('{0} in {1}', callerName(caller), stepText(callers[caller][call])))
        .join(', ');

/**
 * The remedies put to the test: the calls of a scenario through the lock and the pool that are generated for its module,
 * on the user's wazero. Plans and Go sources; node/verify builds and runs them.
 */

import { canBlock } from '../../analysis/waiting.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import { unitOf } from '../../stress/scenario/units.ts';
import type { StressJob } from '../../stress/session/job.ts';
import type { Preparation } from '../../stress/session/preparation.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { listOf, plural, quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { surfaceOf } from '../../wrap/surface.ts';
import { generateWrapper } from '../../wrap/wrapper.ts';
import type { GeneratedRemedy, VerifyRemedy } from '../model.ts';
import type { VerifyPlan } from '../plan.ts';
import { REMEDY_NAME } from '../verified.ts';
import { holdersText, TYPE_NAMES } from './holders.ts';

/** What a program for remedies is made of, beside the files of the driver. */
export interface RemedySources {
  /** Go files by name. */
  files: ReadonlyMap<string, string>;
  /** Remedies that the program can run. */
  remedies: readonly GeneratedRemedy[];
  /** Why others are not run, a sentence each. */
  notes: readonly string[];
}

/** Most characters of what Go wrote that a result keeps. */
const MAX_OUTPUT = 200_000;

/** @param explored what is known of the calls; orders of calls in which one waits for another are told there */
export function remedySources(
  { scenario, name }: StressJob,
  { module, analysis, model }: Preparation,
  explored: Pick<StressResult, 'stuckOrders' | 'timedOutOrders'> | undefined,
): RemedySources {
  const surface = surfaceOf(module, analysis);
  const notes: string[] = [];
  const files = new Map<string, string>();
  const remedies: GeneratedRemedy[] = [];
  const without = missing(scenario.callers.flatMap(callsOf), surface.exports);
  for (const remedy of ['mutex', 'pool'] as const) {
    const refusal = without ?? reason(remedy);
    if (refusal !== undefined) {
      notes.push(translated(NOT_RUN[remedy], t('{0}.', refusal)));
      continue;
    }
    const options = { kind: remedy, moduleFile: name, packageName: 'main', typeName: TYPE_NAMES[remedy] };
    const wrapper = generateWrapper(module, analysis, options);
    if ('refusal' in wrapper) notes.push(translated(NOT_RUN[remedy], wrapper.refusal));
    else {
      remedies.push(remedy);
      files.set(`generated_${remedy}.go`, wrapper.text);
    }
  }
  if (remedies.length > 0) files.set('holders.go', holdersText(surface, remedies));
  return { files, remedies, notes };

  function reason(remedy: GeneratedRemedy): string | undefined {
    if (typeof scenario.life !== 'string' || scenario.life !== 'auto')
      return t('the scenario says what runs before the calls, and generated code makes the calls that were recognised');
    if (surface.importsLeftOut.length > 0) return `${surface.importsLeftOut[0].name}: ${surface.importsLeftOut[0].why}`;
    if (remedy === 'pool')
      return surface.commonMemory ? t('its instances would still share the imported memory') : undefined;
    if (model !== 'shared-instance') return t('it is no remedy under the sharing model {0}', model);
    if (explored !== undefined && explored.stuckOrders + explored.timedOutOrders > 0)
      return t('the calls wait for each other, and behind a lock none of them would return');
    const called = new Set(scenario.callers.flatMap(callsOf));
    const waiting = analysis.exports.filter((one, position) => called.has(one.name) && canBlock(analysis, position));
    if (explored === undefined && waiting.length > 0)
      return t(
        '{0} can wait for another call',
        listOf(
          waiting.map((one) => quoted(exportLabel(one))),
          3,
        ),
      );
    return undefined;
  }
}

function missing(called: readonly string[], exports: readonly { name: string }[]): string | undefined {
  const known = new Set(exports.map(({ name }) => name));
  const absent = [...new Set(called)].filter((name) => !known.has(name));
  return absent.length === 0 ? undefined : t('it has no method for {0}', listOf(absent.map(quoted), 3));
}

/** What the program reads: the plan of the driver with the remedy. */
export const remedyPlan = (
  plan: VerifyPlan,
  { scenario }: Pick<StressJob, 'scenario'>,
  remedy: GeneratedRemedy,
): object => ({
  ...plan,
  remedy,
  sequences: unitOf(scenario) === 'sequence',
  judged: plan.complete.units,
});

/** What the program leaves; core/verify/remedies/go/remedy.go writes it. */
export interface RemedyRunResult {
  rounds: number;
  wrong: number;
  judged: boolean;
  /** Texts of callers, then of the probe. */
  examples: string[][][] | null;
  refused?: string;
  stuck?: string[];
}

/**
 * What a remedy showed. `reports`: of the race detector, if the program was built with it (`race`); `ended`: what ended the
 * program, for the case that it left no result.
 */
export function verifiedRemedy(
  remedy: GeneratedRemedy,
  result: RemedyRunResult | undefined,
  { reports, race, output, ended }: { reports: number; race: boolean; output: string; ended: string },
): VerifyRemedy {
  const name = translated(REMEDY_NAME[remedy]);
  const { rounds = 0, wrong = 0, judged = false, stuck = [] } = result ?? {};
  const base = { remedy, rounds, reports, wrong, output: output.slice(0, MAX_OUTPUT) };
  if (result === undefined) return { ...base, clean: false, text: t('With {0}, the program ended: {1}.', name, ended) };
  if (stuck.length > 0)
    return { ...base, clean: false, text: t('With {0}, calls did not return: {1}.', name, stuck.join(', ')) };
  const clean = reports === 0 && wrong === 0 && rounds > 0;
  const seen = [
    ...(reports > 0 ? [plural(reports, 'race report')] : []),
    ...(wrong > 0 ? [`${plural(wrong, 'wrong outcome')}${exampleText(result)}`] : []),
  ];
  const ran = plural(rounds, 'round');
  return {
    ...base,
    clean,
    text: clean
      ? cleanText(name, ran, { race, judged })
      : t('With {0}: {1} in {2}; the advice is wrong for these calls.', name, listOf(seen, 2) || t('nothing ran'), ran),
  };
}

function cleanText(name: string, ran: string, { race, judged }: { race: boolean; judged: boolean }): string {
  if (race && judged) return t('With {0}: no race report and no wrong outcome in {1}.', name, ran);
  if (race) return t('With {0}: no race report in {1}.', name, ran);
  return judged
    ? t('With {0}: no wrong outcome in {1}.', name, ran)
    : t('With {0}: nothing was judged in {1}.', name, ran);
}

const NOT_RUN: Readonly<Record<GeneratedRemedy, Message>> = {
  mutex: message('The generated lock was not run: {0}'),
  pool: message('The generated pool was not run: {0}'),
};

const exampleText = ({ examples }: RemedyRunResult): string =>
  examples === null || examples.length === 0 ? '' : ` (${examples[0].map((texts) => texts.join(', ')).join(' | ')})`;

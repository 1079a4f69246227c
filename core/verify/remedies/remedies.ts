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
      notes.push(`The generated ${REMEDY_NAME[remedy]} was not run: ${refusal}.`);
      continue;
    }
    const options = { kind: remedy, moduleFile: name, packageName: 'main', typeName: TYPE_NAMES[remedy] };
    const wrapper = generateWrapper(module, analysis, options);
    if ('refusal' in wrapper) notes.push(`The generated ${REMEDY_NAME[remedy]} was not run: ${wrapper.refusal}`);
    else {
      remedies.push(remedy);
      files.set(`generated_${remedy}.go`, wrapper.text);
    }
  }
  if (remedies.length > 0) files.set('holders.go', holdersText(surface, remedies));
  return { files, remedies, notes };

  function reason(remedy: GeneratedRemedy): string | undefined {
    if (typeof scenario.life !== 'string' || scenario.life !== 'auto')
      return 'the scenario says what runs before the calls, and generated code makes the calls that were recognised';
    if (surface.importsLeftOut.length > 0) return `${surface.importsLeftOut[0].name}: ${surface.importsLeftOut[0].why}`;
    if (remedy === 'pool')
      return surface.commonMemory ? 'its instances would still share the imported memory' : undefined;
    if (model !== 'shared-instance') return `it is no remedy under the sharing model ${model}`;
    if (explored !== undefined && explored.stuckOrders + explored.timedOutOrders > 0)
      return 'the calls wait for each other, and behind a lock none of them would return';
    const called = new Set(scenario.callers.flatMap(callsOf));
    const waiting = analysis.exports.filter((one, position) => called.has(one.name) && canBlock(analysis, position));
    if (explored === undefined && waiting.length > 0)
      return `${listOf(
        waiting.map((one) => quoted(exportLabel(one))),
        3,
      )} can wait for another call`;
    return undefined;
  }
}

function missing(called: readonly string[], exports: readonly { name: string }[]): string | undefined {
  const known = new Set(exports.map(({ name }) => name));
  const absent = [...new Set(called)].filter((name) => !known.has(name));
  return absent.length === 0 ? undefined : `it has no method for ${listOf(absent.map(quoted), 3)}`;
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
  const name = `the generated ${REMEDY_NAME[remedy]}`;
  const { rounds = 0, wrong = 0, judged = false, stuck = [] } = result ?? {};
  const base = { remedy, rounds, reports, wrong, output: output.slice(0, MAX_OUTPUT) };
  if (result === undefined) return { ...base, clean: false, text: `With ${name}, the program ended: ${ended}.` };
  if (stuck.length > 0)
    return { ...base, clean: false, text: `With ${name}, calls did not return: ${stuck.join(', ')}.` };
  const clean = reports === 0 && wrong === 0 && rounds > 0;
  const seen = [
    ...(reports > 0 ? [plural(reports, 'race report')] : []),
    ...(wrong > 0 ? [`${plural(wrong, 'wrong outcome')}${exampleText(result)}`] : []),
  ];
  const looked = [...(race ? ['race report'] : []), ...(judged ? ['wrong outcome'] : [])];
  const nothing = looked.length === 0 ? 'nothing was judged' : `no ${looked.join(' and no ')}`;
  return {
    ...base,
    clean,
    text: clean
      ? `With ${name}: ${nothing} in ${plural(rounds, 'round')}.`
      : `With ${name}: ${seen.join(' and ') || 'nothing ran'} in ${plural(rounds, 'round')}; the advice is wrong for these calls.`,
  };
}

const exampleText = ({ examples }: RemedyRunResult): string =>
  examples === null || examples.length === 0 ? '' : ` (${examples[0].map((texts) => texts.join(', ')).join(' | ')})`;

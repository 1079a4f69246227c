/** What stress runs of a module have shown, as comment lines for code that is generated for it. */

import { adviceOf } from '../advice/adviceOf.ts';
import { evidenceLines } from '../advice/evidenceLines.ts';
import type { Analysis } from '../analysis/model.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { HammerResult } from '../stress/hammer/hammerResult.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { stepText } from '../stress/scenario/steps.ts';
import type { Module } from '../wasm/module.ts';
import { hammerVerdict } from './verdicts.ts';

/** Most hammer runs that are named. */
const MAX_HAMMERED = 6;

/** States of wrong outcomes are sentences in the language of the run, and these lines are English. */
const withoutStates = (result: StressResult): StressResult => ({
  ...result,
  outcomes: {
    ...result.outcomes,
    wrong: result.outcomes.wrong.map((one) => ({ ...one, state: one.state.filter((text) => !SINOGRAM.test(text)) })),
  },
});

const SINOGRAM = /\p{Script=Han}/u;

/** Lines of text; empty if nothing was run under the host and sharing model of the analysis. */
export function runEvidence(
  module: Module,
  analysis: Analysis,
  { explored, hammered }: { explored: readonly StressResult[]; hammered: readonly HammerResult[] },
): string[] {
  const applies = ({ host, model }: Pick<StressResult, 'host' | 'model'>): boolean =>
    host === analysis.host && model === analysis.model;
  const told = explored.filter(applies).map(withoutStates);
  const lines = told.length === 0 ? [] : evidenceLines(adviceOf(module, analysis, told));
  const wrong = hammered.filter((one) => applies(one) && one.rounds > 0);
  for (const result of wrong.slice(0, MAX_HAMMERED)) {
    const callers = result.scenario.callers.map((calls, i) => `${callerName(i)} ${calls.map(stepText).join('; ')}`);
    lines.push(`Hammered: ${callers.join(' | ')}: ${hammerVerdict(result)}.`);
  }
  return lines.length === 0 ? [] : ['Stress tests of this module:', ...lines.map((line) => `- ${line}`)];
}

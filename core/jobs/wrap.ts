/** The job of writing a wrapper, with evidence from the analysis and from runs. */
import { analysisFor } from '../analysis/reuse.ts';
import { debugInfoOf, mayHaveSource } from '../debug/debugInfo.ts';
import { attachSource } from '../debug/moduleSource.ts';
import { runEvidence } from '../report/runEvidence.ts';
import { answersOf, sourced } from '../report/sourced.ts';
import { inEnglish } from '../text/l10n.ts';
import { evidenceOf } from '../wrap/evidence.ts';
import { generateWrapper } from '../wrap/wrapper.ts';
import type { ReceivedModule, WrapAnswer, WrapStart } from './model.ts';

/** Writes the code. It does not run the module. */
export function writeWrapper(start: WrapStart, { module, analysis: known }: ReceivedModule): WrapAnswer {
  const { wrap: options, host, model, suspending, runs } = start;
  if (mayHaveSource(module)) attachSource(module, { info: debugInfoOf(module) });
  // What it says of itself becomes a comment of the code, as the evidence does.
  const analysis = inEnglish(() => analysisFor(module, { host, model, suspending }, known));
  const shown = inEnglish(() =>
    runs === undefined ? [] : sourced(runEvidence(module, analysis, runs), answersOf(module)),
  );
  const evidence =
    options.evidence ?? (shown.length > 0 ? inEnglish(() => [...evidenceOf(module, analysis), ...shown]) : undefined);
  return generateWrapper(module, analysis, { ...options, evidence });
}

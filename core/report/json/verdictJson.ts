/** The verdict of a module as `check` writes it in JSON; exports by name in sequences, by position where they are many. */
import type { Analysis } from '../../analysis/model.ts';
import { type ModuleVerdict, moduleVerdictText } from '../../analysis/verdict/moduleVerdict.ts';

/** An object with the properties of `verdict` in `schemas/check.schema.json`. */
export function verdictJson(verdict: ModuleVerdict, { exports }: Analysis): object {
  const { status, confidence, headline, kept, sequences, remedy, setUp, growth } = verdict;
  return {
    status,
    confidence: confidence ?? null,
    headline,
    text: moduleVerdictText(verdict).join(' '),
    kept: kept.map(({ kind, text, names, cells, writers, contested }) => ({
      kind,
      text,
      names,
      cells,
      contested,
      writers,
    })),
    sequences: sequences.map((one) => ({
      kind: one.kind,
      exports: one.exports.map((position) => exports[position].name),
      steps: one.steps,
      why: one.why,
    })),
    remedy,
    setUp,
    growth: { by: growth.by, text: growth.text ?? null },
  };
}

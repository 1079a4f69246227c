/** What a run shows about the engine itself: told with all that a report of it needs. */

import type { StressResult } from '../../stress/explore/result.ts';
import { VERSION } from '../report.ts';
import { labelled, type TextForm } from './textForm.ts';

/** Each defect and the scenario; nothing where there is none. */
export function defectsText({ defects, scenario, model }: StressResult, form: TextForm): string[] {
  if (defects.length === 0) return [];
  const { module: _, ...rest } = scenario;
  return [
    ...labelled(
      'Defect of wasm-hazards',
      defects.every(({ kind }) => kind === 'not-predicted')
        ? 'the static analysis is wrong about these calls; what the run shows counts. Please report it with the module and these lines.'
        : 'this result cannot be relied on. Please report it with the module and these lines.',
      form,
    ),
    ...defects.flatMap(({ kind, text, schedule }) => labelled(`  ${kind}`, `${text} (${schedule})`, form)),
    ...labelled('  scenario', JSON.stringify({ ...rest, model }), form),
    ...labelled('  version', VERSION, form),
    '',
  ];
}

/** The scenario of a result: host, sharing model and calls. */

import { displayable } from '../../harmless/names.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { callerText } from '../../stress/scenario/units.ts';
import { widthOf } from './style.ts';
import { labelled, type TextForm } from './textForm.ts';

/** In one line, or a line for each caller where that is too long; then the names in the source of minified ones. */
export function scenarioLines(
  result: Pick<StressResult, 'host' | 'model' | 'scenario' | 'symbols'> & Partial<Pick<StressResult, 'restsOn'>>,
  form: Pick<TextForm, 'columns'>,
): string[] {
  // Of the imports, which can be many, those that the text goes on to name.
  const isNamed = (name: string): boolean =>
    !name.includes('.') || (result.restsOn ?? []).some((text) => text.includes(`\`${name}\``));
  const symbols = Object.entries(result.symbols ?? {}).flatMap(([name, symbol]) =>
    isNamed(name) ? [`${displayable(name)} = ${displayable(symbol)}`] : [],
  );
  return [
    ...callLines(result, form),
    ...(symbols.length === 0 ? [] : labelled('names', symbols.join(', '), { columns: form.columns, wraps: true })),
  ];
}

function callLines(
  { host, model, scenario }: Pick<StressResult, 'host' | 'model' | 'scenario'>,
  form: Pick<TextForm, 'columns'>,
): string[] {
  const texts = (calls: typeof scenario.setup): string => calls.map(stepText).join('; ');
  const callers = scenario.callers.map((_, i) => `${callerName(i)} ${callerText(scenario, i)}`).join(' | ');
  const setup = scenario.setup.length > 0 ? `, after ${texts(scenario.setup)}` : '';
  const probe = scenario.probe.length > 0 ? `, then ${texts(scenario.probe)}` : '';
  const line = `  ${host}, ${model}: ${callers}${setup}${probe}`;
  if (widthOf(line) <= form.columns) return [line];
  const part = (label: string, text: string): string[] =>
    text === '' ? [] : labelled(label, text, { columns: form.columns, wraps: true });
  return [
    `  ${host}, ${model}`,
    ...part('setup', texts(scenario.setup)),
    ...scenario.callers.flatMap((_, i) => part(callerName(i), callerText(scenario, i))),
    ...part('probe', texts(scenario.probe)),
  ];
}

/** What is selected for a module: results of runs under another host profile or sharing model are not about it. */
import type { Uri } from 'vscode';
import type { Summaries } from '../../status/summaries.ts';

interface Run {
  host: string;
  model: string;
}

/** Host profile and sharing model that the editor shows a module under; undefined before its analysis. */
export function selectedFor(summaries: Pick<Summaries, 'of'>, uri: Uri): string | undefined {
  const summary = summaries.of(uri);
  return summary && keyOf(summary);
}

/** Whether a run is about what is selected; all are while that is not known. */
export const isSelected =
  (selected: string | undefined) =>
  (run: Run): boolean =>
    selected === undefined || selected === keyOf(run);

const keyOf = ({ host, model }: Run): string => `${host} ${model}`;

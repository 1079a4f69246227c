/** What stress runs have shown of a module, as items of a tree. */

import type { ShownRun } from '../../../../core/report/shown/shownRun.ts';
import { findingsAmong, type StressFinding } from '../../../../core/report/shown/shownText.ts';
import { t } from '../../../../core/text/l10n.ts';
import { number, plural } from '../../../../core/text/phrases.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { keyOfParts } from './itemKey.ts';
import { plainText } from './plainText.ts';

/** What damages the host or gives wrong results is worse than what may. */
export const signOfFinding = (found: StressFinding): ModuleItem['sign'] =>
  found === 'private-state' ? 'warning' : 'error';

/** One item for all runs; none for a module that was not run. */
export function shownGroup({ shown: { runs } }: ModuleDocument): ModuleItem[] {
  if (runs.length === 0) return [];
  const found = runs.filter((run) => findingsAmong(run.headlines).length > 0);
  const worst = findingsAmong(found.flatMap(({ headlines }) => headlines))[0];
  return [
    {
      key: keyOfParts('shown'),
      kind: 'group',
      label: t('Shown by stress tests'),
      detail:
        found.length === 0
          ? t('nothing in {0}', plural(runs.length, 'scenario'))
          : t('in {0} of {1}', number(found.length), plural(runs.length, 'scenario')),
      text: '',
      sign: worst === undefined ? 'none' : signOfFinding(worst),
      hasItems: true,
      offset: null,
      exportName: null,
    },
  ];
}

/** An item for each run: those with a finding first. */
export function shownItems({ module, analysis, shown: { runs } }: ModuleDocument, most: number): ModuleItem[] {
  const places = new Map(analysis.exports.map(({ name, exportIndex }) => [name, module.exports[exportIndex].offset]));
  const isFound = (run: ShownRun): boolean => findingsAmong(run.headlines).length > 0;
  return [...runs.filter(isFound), ...runs.filter((run) => !isFound(run))].slice(0, most).map((run): ModuleItem => {
    const [worst] = findingsAmong(run.headlines);
    const [meeting] = [...run.hostHazards, ...run.races];
    const [first] = run.callers.flat();
    return {
      key: keyOfParts('run', run.by, run.calls),
      kind: 'shown',
      label: plainText(run.text),
      detail: run.calls,
      text: run.advice.map(plainText).join('\n\n'),
      sign: worst === undefined ? 'none' : signOfFinding(worst),
      hasItems: false,
      offset: meeting?.offsets[0] ?? places.get(first) ?? null,
      exportName: first !== undefined && places.has(first) ? first : null,
    };
  });
}

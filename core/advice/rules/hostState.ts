/** `host`: state behind imported functions, which the module cannot answer for. */

import { isWasi } from '../../analysis/host/hostFunctionOf.ts';
import { effectsOf } from '../../analysis/queries.ts';
import type { RaceReport } from '../../stress/explore/result.ts';
import { t } from '../../text/l10n.ts';
import { listOf, paragraph, quoted } from '../../text/phrases.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import { type Advice, type AdviceCheck, type Evidence, UNCHECKED } from '../advice.ts';
import { raceEvidence } from '../evidence.ts';
import { type ExploredRun, exportsInRaces } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, firstSentence, namesOf } from '../wording.ts';

/** Imports that a sentence names. */
const MAX_IMPORTS = 4;

const isOnHost = ({ kind }: RaceReport): boolean => kind === 'host';

/**
 * One piece about all exports that reach state behind imports, otherwise none. Of exports that only call WASI, those
 * with a race on it.
 */
export function hostStateAdvice(facts: AdviceFacts): Advice[] {
  const { module, analysis, profile, runs, scope } = facts;
  const imports = module.imports.filter(({ kind }) => kind === 'func');
  const racing = runs.filter(({ result }) => result.races.some(isOnHost));
  const racingExports = exportsInRaces(racing, isOnHost);
  /** Imported functions, each with the first export that reaches it. */
  const reached = new Map<number, number>();
  const positions = scope.filter((position) => {
    const { func, name } = analysis.exports[position];
    const found = effectsOf(analysis, func).flatMap((id) => {
      const { cell, access } = analysis.effects[id];
      if (cell.kind !== 'host' || cell.index === undefined || access !== 'write') return [];
      // Runs model WASI: state that it does not guard shows as a race.
      return imports[cell.index] === undefined || isWasi(imports[cell.index]) ? [] : [cell.index];
    });
    for (const index of found) if (!reached.has(index)) reached.set(index, position);
    return found.length > 0 || racingExports.has(name);
  });
  if (positions.length === 0) return [];
  const labels = [...reached.keys()].map((index) => quoted(importLabel(module, index)));
  const shown: Evidence[] = racing.slice(0, 1).flatMap(({ result }) => {
    const race = result.races.find(isOnHost);
    return race === undefined ? [] : [raceEvidence(result, race)];
  });
  const known: Evidence[] = [...reached].slice(0, 2).map(([index, position]) => ({
    kind: 'import',
    export: analysis.exports[position].name,
    name: `${imports[index].module}.${imports[index].name}`,
    text: t(
      '{0} calls {1}, whose effects are unknown',
      exportsText(facts, [position]),
      quoted(importLabel(module, index)),
    ),
  }));
  const through = labels.length === 0 ? t('imports') : listOf(labels, MAX_IMPORTS);
  const names = exportsText(facts, positions);
  const guard =
    positions.length === 1
      ? t(
          'Guard in the host the state that {0} reaches through {1}: separate instances do not protect it.',
          names,
          through,
        )
      : t(
          'Guard in the host the state that {0} reach through {1}: separate instances do not protect it.',
          names,
          through,
        );
  return [
    {
      remedy: 'host',
      exports: namesOf(facts, positions),
      pairs: [],
      text: paragraph([guard, firstSentence(profile.advice['host-dependent'])]),
      because: [...shown, ...known],
      checked: shown.length > 0 ? isolatedCheck(racing) : UNCHECKED,
    },
  ];
}

/** Whether a run with an instance for each caller shows the race, too. */
function isolatedCheck(racing: readonly ExploredRun[]): AdviceCheck {
  for (const { result } of racing) {
    const { isolated } = result.remedies;
    if (isolated?.races.includes('host'))
      return {
        by: 'exploration',
        exhaustive: isolated.exhaustive,
        text: t('by exploration with an instance for each caller: the race remains'),
      };
  }
  return UNCHECKED;
}

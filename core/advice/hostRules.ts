/** What the module itself cannot answer for: functions that the host gives it, and hosts whose own lists race. */

import { isWasi } from '../analysis/hostImports.ts';
import { effectsOf } from '../analysis/queries.ts';
import { quoted } from '../analysis/wordingCells.ts';
import { listOf } from '../analysis/wordingLists.ts';
import { importLabel } from '../wasm/displayNames.ts';
import { type Advice, type Checked, type Evidence, UNCHECKED } from './advice.ts';
import { raceEvidence, ruleEvidence } from './evidence.ts';
import { exportsText, firstSentence, namesOf, raceExports, type Subject } from './subject.ts';

/** Imports that a sentence names. */
const MAX_IMPORTS = 4;

export function hostAdvice(subject: Subject): Advice[] {
  const { module, analysis, profile, results, scope } = subject;
  const imports = module.imports.filter(({ kind }) => kind === 'func');
  const racing = results.filter(({ races }) => races.some(({ kind }) => kind === 'host'));
  const racingExports = new Set(
    racing.flatMap((r) => r.races.filter(({ kind }) => kind === 'host').flatMap((race) => raceExports(r, race))),
  );
  const reached = new Map<number, number>();
  const positions = scope.filter((position) => {
    const { func, name } = analysis.exports[position];
    const found = effectsOf(analysis, func).filter((id) => {
      const { cell, access } = analysis.effects[id];
      // WASI as runs know it: what is not guarded shows as a race.
      return (
        cell.kind === 'host' && access === 'write' && imports[cell.index] !== undefined && !isWasi(imports[cell.index])
      );
    });
    for (const id of found)
      if (!reached.has(analysis.effects[id].cell.index)) reached.set(analysis.effects[id].cell.index, position);
    return found.length > 0 || racingExports.has(name);
  });
  if (positions.length === 0) return [];
  const labels = [...reached.keys()].map((index) => quoted(importLabel(module, index)));
  const shown: Evidence[] = racing.slice(0, 1).flatMap((result) => {
    const race = result.races.find(({ kind }) => kind === 'host');
    return race === undefined ? [] : [raceEvidence(result, race)];
  });
  const known: Evidence[] = [...reached].slice(0, 2).map(([index, position]) => ({
    kind: 'import',
    export: analysis.exports[position].name,
    name: `${imports[index].module}.${imports[index].name}`,
    text: `${exportsText(subject, [position])} calls ${quoted(importLabel(module, index))}, whose effects cannot be seen`,
  }));
  const what = labels.length === 0 ? '' : `: ${listOf(labels, MAX_IMPORTS)}`;
  return [
    {
      remedy: 'host',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Guard in the host what ${exportsText(subject, positions)} ${positions.length === 1 ? 'reaches' : 'reach'} there${what}; an instance for each caller does not keep that apart. ${firstSentence(profile.advice['host-dependent'])}`,
      because: [...shown, ...known],
      checked: shown.length > 0 ? isolatedCheck(racing) : UNCHECKED,
    },
  ];
}

/** That the race stays with an instance for each caller was seen, or not looked at. */
function isolatedCheck(racing: Subject['results']): Checked {
  const stays = racing.find(({ remedies }) => remedies.isolated?.races.includes('host'));
  if (stays?.remedies.isolated == null) return UNCHECKED;
  const { exhaustive } = stays.remedies.isolated;
  return {
    by: 'exploration',
    exhaustive,
    text: 'by exploration with an instance for each caller: the race is still there',
  };
}

/** `ref.func` on hosts that keep a list of what it made: no run shows that race. */
export function referenceAdvice(subject: Subject): Advice[] {
  const { analysis, profile, results, scope } = subject;
  if (!profile.refFuncUnsafe || analysis.model !== 'shared-instance') return [];
  const found = scope.flatMap((position) => {
    const hazard = analysis.exports[position].hazards.find(({ rule }) => rule === 'ref-func');
    return hazard === undefined ? [] : [{ position, hazard }];
  });
  if (found.length === 0) return [];
  const positions = found.map(({ position }) => position);
  const names = namesOf(subject, positions);
  const differs = results.some(({ pool }) =>
    pool.some(({ call }) => names.some((name) => call.startsWith(`${name}(`))),
  );
  const text = `executing ref.func changes a list that ${profile.label} keeps for the instance without a lock`;
  return [
    {
      remedy: differs ? 'mutex' : 'pool',
      exports: names,
      pairs: [],
      text: differs
        ? `Let calls of ${exportsText(subject, positions)} take turns: ${text}.`
        : `Give each caller of ${exportsText(subject, positions)} an instance of its own, or let their calls take turns: ${text}.`,
      because: found.slice(0, 2).map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
      checked: UNCHECKED,
    },
  ];
}

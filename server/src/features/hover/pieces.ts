/** Pieces that several hovers share. */

import { setBit } from '../../../../core/analysis/bits.ts';
import { type Effect, isExtent, isWrite } from '../../../../core/analysis/cells.ts';
import { effectText } from '../../../../core/analysis/cellText.ts';
import type { Analysis } from '../../../../core/analysis/model.ts';
import { hasOpponent } from '../../../../core/analysis/partners.ts';
import { type Path, pathsTo } from '../../../../core/analysis/paths.ts';
import { effectsOf } from '../../../../core/analysis/queries.ts';
import { sourceFunctionName } from '../../../../core/debug/sourceWords.ts';
import { t } from '../../../../core/text/l10n.ts';
import { number } from '../../../../core/text/phrases.ts';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import { siteWord } from '../../../../core/wasm/siteWord.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { code, commandLink, prose, revealLink } from '../markdown.ts';

/** Functions shown of a path; longer ones are elided in the middle. */
const MAX_PATH = 5;

/** `$bump -> global.set`: each callee a link to the call of it, the mnemonic one to the access. */
export function pathLinks(doc: ModuleDocument, { path, callSites, site }: Path): string {
  // A path into unknown code ends with the call, which is the access.
  const steps = callSites
    .slice(0, path.length - 1)
    .map((offset, i) => revealLink(doc, code(sourceFunctionName(doc.module, path[i + 1])), offset));
  if (steps.length > MAX_PATH)
    steps.splice(2, steps.length - MAX_PATH + 1, t('{0} more calls', steps.length - MAX_PATH + 1));
  if (site.offset > 0) steps.push(revealLink(doc, code(siteWord(doc.module, site.offset)), site.offset));
  return steps.join(' -> ');
}

/** What a function does to shared state, conflicting and writing effects first, each with the path to it. */
export function effectLines(doc: ModuleDocument, func: number, limit: number): { lines: string[]; total: number } {
  const { analysis, module } = doc;
  const ids = effectsOf(analysis, func).filter(
    (id) => isWorthSaying(analysis.effects[id]) || hasOpponent(analysis, id),
  );
  ids.sort((a, b) => rank(doc, a) - rank(doc, b) || a - b);
  const shown = ids.slice(0, limit);
  const paths = pathsTo(analysis, func, shown);
  const lines = shown.map((id) => {
    const way = paths.get(id);
    const links = way === undefined ? '' : pathLinks(doc, way);
    return `${prose(effectText(module, analysis.effects[id]))}${links === '' ? '' : ` (${links})`}`;
  });
  return { lines, total: ids.length };
}

/** Every access reads the extent of its memory: only worth mentioning where something grows it. */
const isWorthSaying = (effect: Effect): boolean => isWrite(effect) || !isExtent(effect.cell);

function rank(doc: ModuleDocument, id: number): number {
  const effect = doc.analysis.effects[id];
  const conflicts = hasOpponent(doc.analysis, id);
  return (conflicts ? 0 : 4) + (isWrite(effect) ? 0 : 2) + (isWorthSaying(effect) ? 0 : 1);
}

/** Links to what can be done with the module: a wrapper, where there is a template for the host, and its report. */
export const moduleLinks = (doc: ModuleDocument): string[] => [
  ...('refusal' in doc.profile.template
    ? []
    : [commandLink(t('Generate wrapper'), 'wasm-hazards.generateWrapper', [doc.uri])]),
  commandLink(t('Report'), 'wasm-hazards.openReport', [doc.uri]),
];

/** A link to all that can be done at byte `offset`: an editor offers no quick fixes in a text that cannot be edited. */
export function moreActions(doc: ModuleDocument, offset: number): string[] {
  const start = doc.map.rangeOf(offset)?.start;
  if (start === undefined) return [];
  return [commandLink(t('More actions'), 'wasm-hazards.showActions', [doc.textUri, start.line, start.character])];
}

/** Links to exports, `and 3 more` beyond `limit`, each with its note in parentheses. */
export function exportLinks(
  doc: ModuleDocument,
  positions: readonly number[],
  limit: number,
  note: (position: number) => string | undefined = () => undefined,
): string {
  const links = positions.slice(0, limit).map((position) => {
    const exported = doc.analysis.exports[position];
    const link = revealLink(doc, code(exportLabel(exported)), doc.module.exports[exported.exportIndex].offset);
    const said = note(position);
    return said === undefined ? link : `${link} (${prose(said)})`;
  });
  const left = positions.length - links.length;
  if (left > 0) return t('{0} and {1} more', links.join(t(', ')), number(left));
  return links.length < 2
    ? links.join('')
    : t('{0} and {1}', links.slice(0, -1).join(t(', ')), links[links.length - 1]);
}

/** Bitset of the effects that `wanted` accepts. */
export function effectsWhere({ effects, words }: Analysis, wanted: (effect: Effect) => boolean): Uint32Array {
  const set = new Uint32Array(words);
  effects.forEach((effect, id) => {
    if (wanted(effect)) setBit(set, 0, id);
  });
  return set;
}

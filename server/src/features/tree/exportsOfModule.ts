/** The exports of a module as items of a tree; those of the toolchain in an item of their own. */
import { plumbingOf } from '../../../../core/analysis/plumbing.ts';
import { exportHeadline, exportStanding } from '../../../../core/report/shown/standing.ts';
import { t } from '../../../../core/text/l10n.ts';
import { number } from '../../../../core/text/phrases.ts';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { keyOfParts } from './itemKey.ts';
import { signOfFinding } from './shownOfModule.ts';

/** One item for all exports; none for a module without. */
export function exportsGroup({ module, analysis: { exports }, analysis }: ModuleDocument): ModuleItem[] {
  const folded = plumbingOf(module, analysis).size;
  if (exports.length === 0) return [];
  return [
    {
      key: keyOfParts('exports'),
      kind: 'group',
      label: t('Exports'),
      detail:
        folded === 0
          ? number(exports.length)
          : t('{0} and {1} of the toolchain', number(exports.length - folded), number(folded)),
      text: '',
      sign: 'none',
      hasItems: true,
      offset: null,
      exportName: null,
    },
  ];
}

/** The exports that embedders call, and below them one item for the others. */
export function apiItems(doc: ModuleDocument, most: number): ModuleItem[] {
  const { module, analysis } = doc;
  const folded = plumbingOf(module, analysis);
  const items: ModuleItem[] = [];
  for (let position = 0; position < analysis.exports.length && items.length < most; position++)
    if (!folded.has(position)) items.push(exportItem(doc, position));
  if (folded.size === 0 || items.length >= most) return items;
  const plumbing: ModuleItem = {
    key: keyOfParts('plumbing'),
    kind: 'plumbing',
    label: t('and {0} of the toolchain', number(folded.size)),
    detail: '',
    text: t('Exports for the runtime, for generated bindings and to allocate memory. The verdict counts them.'),
    sign: 'none',
    hasItems: true,
    offset: null,
    exportName: null,
  };
  return [...items, plumbing];
}

/** The exports of the toolchain. */
export const plumbingItems = (doc: ModuleDocument, most: number): ModuleItem[] =>
  [...plumbingOf(doc.module, doc.analysis)]
    .sort((a, b) => a - b)
    .slice(0, most)
    .map((position) => exportItem(doc, position));

function exportItem(doc: ModuleDocument, position: number): ModuleItem {
  const { module, analysis } = doc;
  const exported = analysis.exports[position];
  const { found, clean } = exportStanding(doc, position);
  const conflicts = exported.conflictCount > 0;
  return {
    key: keyOfParts('export', exported.name),
    kind: 'export',
    label: exportLabel(exported),
    detail: exportHeadline(doc, position),
    text: '',
    sign: found !== undefined ? signOfFinding(found) : clean ? 'good' : conflicts ? 'warning' : 'none',
    hasItems: false,
    offset: module.exports[exported.exportIndex].offset,
    exportName: exported.name,
  };
}

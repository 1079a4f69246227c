/** The hover of a line of an original: what its code does to shared state, and who conflicts there. */

import { exportsThatReach } from '../../../core/analysis/callers.ts';
import { effectText } from '../../../core/analysis/cellText.ts';
import { effectsAt } from '../../../core/analysis/effectsAt.ts';
import { exportList } from '../../../core/analysis/exportNames.ts';
import { exportsAgainst } from '../../../core/analysis/partners.ts';
import { siteNote } from '../../../core/report/shown/siteNotes.ts';
import { t } from '../../../core/text/l10n.ts';
import { functionAt } from '../../../core/text/moduleItems.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { exportHover } from '../features/hover/exportHover.ts';
import { bullets, commandLink, paragraphs, prose } from '../features/markdown.ts';
import { type Origin, offsetsAt, placeOfFunction, uriKey } from './origin.ts';

const MAX_EFFECTS = 6;
const MAX_EXPORTS = 4;
/** Instructions of a line that are looked at; a line of a macro can have very many. */
const MAX_INSTRUCTIONS = 2000;

/** In Markdown; empty where nothing conflicts at the line (from 0). */
export function originalHover(
  doc: ModuleDocument,
  origin: Origin,
  { uri, line }: { uri: string; line: number },
): string {
  const key = uriKey(uri);
  const found = accesses(doc, origin, key, line);
  const link = commandLink(t('Show the WebAssembly of this line'), 'wasm-hazards.showWebAssembly', [uri, line]);
  return paragraphs([...exportsAt(doc, origin, key, line), found, found === '' ? '' : link]);
}

/** The hovers of the exported functions that begin at the line. */
function exportsAt(doc: ModuleDocument, origin: Origin, key: string, line: number): string[] {
  return doc.analysis.exports.flatMap(({ func, exportIndex }) => {
    const place = placeOfFunction(origin, doc.module, func);
    return place?.file.key === key && place.line === line ? (exportHover(doc, exportIndex) ?? []) : [];
  });
}

function accesses(doc: ModuleDocument, origin: Origin, key: string, line: number): string {
  const { analysis, module } = doc;
  const lines = new Map<number, string>();
  const reaching = new Set<number>();
  for (const offset of offsetsAt(origin, key, line).slice(0, MAX_INSTRUCTIONS)) {
    const func = functionAt(module, offset);
    if (func === undefined) continue;
    const { effects, exact } = effectsAt(module, analysis, func, offset);
    if (!exact) continue;
    const positions = exportsThatReach(analysis, func);
    for (const effect of effects) {
      const partners = exportsAgainst(analysis, effect);
      if (partners.length === 0) continue;
      for (const position of positions) reaching.add(position);
      const own = new Set(positions.map((position) => analysis.exports[position].name));
      const shown = partners.map((other) => siteNote(doc.shown, own, analysis.exports[other].name, offset));
      const note = shown.find((text) => text !== undefined);
      const what = effectText(module, analysis.effects[effect]);
      const met = exportList(analysis, partners, MAX_EXPORTS);
      const text =
        note === undefined
          ? t('{0}: conflicts with {1}', what, met)
          : t('{0}: conflicts with {1} ({2})', what, met, note.text);
      // The facts of a later instruction may have been shown to race.
      if (!lines.has(effect) || note !== undefined) lines.set(effect, prose(text));
    }
  }
  if (lines.size === 0) return '';
  return paragraphs([
    `**${t('Concurrent callers')}**`,
    bullets([...lines.values()], MAX_EFFECTS),
    t(
      'Reached by {0}.',
      prose(
        exportList(
          analysis,
          [...reaching].sort((a, b) => a - b),
          MAX_EXPORTS,
        ),
      ),
    ),
  ]);
}

/** The report on one export, as a Markdown document. */

import { cellLabel, effectText } from '../../../core/analysis/cellText.ts';
import { onlyText } from '../../../core/analysis/conditions/conditionText.ts';
import { threadText } from '../../../core/analysis/conditions/threadText.ts';
import { confidenceWord } from '../../../core/analysis/confidenceWord.ts';
import { MODEL_TEXT, STATUS_TEXT, verdictsOf } from '../../../core/analysis/exportText.ts';
import { hazardText } from '../../../core/analysis/hazardText.ts';
import { lockedStatesOf } from '../../../core/analysis/locks/lockGuards.ts';
import { guardedText } from '../../../core/analysis/locks/lockText.ts';
import { conflictOf, effectsOf, partnersOf } from '../../../core/analysis/queries.ts';
import { RULES } from '../../../core/analysis/rules/index.ts';
import { severityWord } from '../../../core/analysis/rules/severityWord.ts';
import { blockingText, canBlock } from '../../../core/analysis/waiting.ts';
import { markdownText } from '../../../core/harmless/markdown.ts';
import { adviceNow } from '../../../core/report/shown/shownAdvice.ts';
import { pairText, runText } from '../../../core/report/shown/shownText.ts';
import { exportHeadline, exportStanding, runsOf } from '../../../core/report/shown/standing.ts';
import { fileName } from '../../../core/source/binary.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { number, quoted } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { bullets, paragraphs, prose } from './markdown.ts';
import { shownHazards } from './settings.ts';

/** Limits of lists, and of cells named for one conflict; the matrix has the rest. */
const MAX_PARTNERS = 200;
const MAX_CELLS = 3;
const MAX_EFFECTS = 100;

/** The report on the export called `exportName`, undefined when the module has none of that name. */
export function exportReport(doc: ModuleDocument, exportName: string): string | undefined {
  const position = doc.analysis.exports.findIndex(({ name }) => name === exportName);
  if (position === -1) return undefined;
  const summary = doc.analysis.exports[position];
  return `${paragraphs([
    `# ${markdownText(`${exportLabel(summary)} (${fileName(doc.uri)})`)}`,
    prose(
      `${exportHeadline(doc, position)}.${canBlock(doc.analysis, position) ? ` ${blockingText(doc.profile)}` : ''}`,
    ),
    section(t('Shown by stress tests'), stressRuns(doc, exportName)),
    section(t('Findings'), findings(doc, position)),
    section(t('Conflicts'), conflicts(doc, position)),
    section(t('Threads'), exportStanding(doc, position).ran ? [] : [prose(threadText(doc, position))]),
    section(
      t('Locks'),
      lockedStatesOf(doc.analysis, position).map((state) => prose(guardedText(doc.module, state))),
    ),
    section(t('Effects'), effects(doc, summary.func)),
    section(t('Sharing models'), verdicts(doc, position)),
    section(
      t('Advice'),
      adviceNow(doc, position).map(({ text }) => prose(text)),
    ),
  ])}\n`;
}

const section = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `## ${title}\n\n${bullets(items, items.length)}`;

const findings = (doc: ModuleDocument, position: number): string[] =>
  shownHazards(doc, position).map(
    ({ hazard, severity }) =>
      `${RULES[hazard.rule].id} (${severityWord(severity)}): ${prose(hazardText(doc, position, hazard))}`,
  );

/** What each run has shown that calls the export, the worst first. */
const stressRuns = ({ shown }: ModuleDocument, name: string): string[] =>
  runsOf(shown, name).map((run) => `${quoted(run.calls)}: ${prose(runText(run))}`);

/** Partners with the cells on the side of this export. */
function conflicts(doc: ModuleDocument, position: number): string[] {
  const { analysis, module } = doc;
  const partners = partnersOf(analysis, position);
  const lines = partners.slice(0, MAX_PARTNERS).map((other) => {
    const name = other === position ? t('itself') : quoted(exportLabel(analysis.exports[other]));
    const conflict = conflictOf(analysis, position, other, MAX_CELLS);
    if (conflict === undefined) return name;
    const own = conflict.effects.map((pair) => pair[conflict.a === position ? 0 : 1]);
    const cells = new Set(own.map((effect) => cellLabel(module, analysis.effects[effect].cell)));
    const pair = doc.shown.of(analysis.exports[position].name, analysis.exports[other].name);
    const stress = pair === undefined ? '' : `; ${pairText(pair)}`;
    return `${name}, ${prose(`${confidenceWord(conflict.confidence)}${onlyText(analysis, conflict, position)}: ${[...cells].join(', ')}${stress}`)}`;
  });
  if (partners.length > lines.length) lines.push(t('and {0} more', number(partners.length - lines.length)));
  return lines;
}

function effects({ analysis, module }: ModuleDocument, func: number): string[] {
  const ids = effectsOf(analysis, func);
  const lines = ids.slice(0, MAX_EFFECTS).map((id) => prose(effectText(module, analysis.effects[id])));
  if (ids.length > lines.length) lines.push(t('and {0} more', number(ids.length - lines.length)));
  return lines;
}

const verdicts = (doc: ModuleDocument, position: number): string[] =>
  verdictsOf(doc, position).map(
    ({ model, text, threads, status, stance, source }) =>
      `${prose(`${t('{0} ({1}): {2}.', translated(MODEL_TEXT[model]), translated(STATUS_TEXT[status]), threads === undefined ? text : t('{0}; {1}', text, threads))} ${stance}`)} <${source}>`,
  );

/** Hover of an export: may it be called concurrently, with what, why not, and what to do. */

import { cellLabel } from '../../../../core/analysis/cellText.ts';
import { CLASS_TEXT } from '../../../../core/analysis/classText.ts';
import { whenText } from '../../../../core/analysis/conditions/conditionText.ts';
import { threadText } from '../../../../core/analysis/conditions/threadText.ts';
import { confidenceWord } from '../../../../core/analysis/confidenceWord.ts';
import { MODEL_TEXT, STATUS_TEXT, verdictsOf } from '../../../../core/analysis/exportText.ts';
import { lifeOf } from '../../../../core/analysis/life/life.ts';
import { lifeStepText } from '../../../../core/analysis/life/lifeText.ts';
import { lockedStatesOf } from '../../../../core/analysis/locks/lockGuards.ts';
import { guardedText } from '../../../../core/analysis/locks/lockText.ts';
import { against } from '../../../../core/analysis/partners.ts';
import { plumbingOf } from '../../../../core/analysis/plumbing.ts';
import { partnersOf } from '../../../../core/analysis/queries.ts';
import { blockingText, canBlock } from '../../../../core/analysis/waiting.ts';
import { SHARING_MODELS } from '../../../../core/hosts/profile.ts';
import { adviceNow } from '../../../../core/report/shown/shownAdvice.ts';
import { pairText, runText } from '../../../../core/report/shown/shownText.ts';
import { type ExportStanding, exportStanding, runsOf } from '../../../../core/report/shown/standing.ts';
import { t, translated } from '../../../../core/text/l10n.ts';
import { clauses, listOf } from '../../../../core/text/phrases.ts';
import { exportLabel, functionName } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, commandLink, paragraphs, prose, revealLink, ruleLink } from '../markdown.ts';
import { shownHazards } from '../settings.ts';
import { exportLinks, moduleLinks, moreActions, pathLinks } from './pieces.ts';
import { globalHover, memoryHover, tableHover } from './stateHover.ts';

const MAX_FINDINGS = 6;
const MAX_PARTNERS = 8;
const MAX_ADVICE = 2;
const MAX_RUNS = 4;
const MAX_LOCKS = 2;

/** Hover of `module.exports[index]`. */
export function exportHover(doc: ModuleDocument, index: number): string | undefined {
  const exported = doc.module.exports[index];
  if (exported === undefined) return undefined;
  if (exported.kind === 'global') return globalHover(doc, exported.index);
  if (exported.kind === 'memory') return memoryHover(doc, exported.index);
  if (exported.kind === 'table') return tableHover(doc, exported.index);
  const position = doc.analysis.exports.findIndex(({ exportIndex }) => exportIndex === index);
  return position === -1 ? undefined : paragraphs(exportParts(doc, position));
}

/** What it is and what to do first; then what runs have shown, how it gets there, and other sharing models. */
function exportParts(doc: ModuleDocument, position: number): string[] {
  const summary = doc.analysis.exports[position];
  const standing = exportStanding(doc, position);
  const met = conflicts(doc, position, standing);
  const name = `**${code(exportLabel(summary))}** - ${translated(CLASS_TEXT[summary.class])}`;
  // Who conflicts is told at once, unless runs have shown more.
  const inTitle = met !== '' && !standing.ran;
  const title = inTitle ? t('{0}. {1}', name, met) : t('{0}, {1}', name, prose(standing.text));
  const advice = adviceNow(doc, position)
    .slice(0, MAX_ADVICE)
    .map(({ text }) => prose(text));
  const [lead = '', ...further] = advice;
  const toDo = lead === '' ? '' : `**${t('What to do:')}** ${lead}`;
  // VS Code shows the findings above, with what to do in one sentence, and no more than a few lines of all: what can be done
  // comes at once, what to do in full next.
  const hasFindings = shownHazards(doc, position).length > 0;
  return [
    ...(hasFindings && !standing.ran ? [links(doc, position), toDo, title] : [title, toDo, links(doc, position)]),
    lifeOfExport(doc, summary.name),
    stressRuns(doc, summary.name),
    inTitle ? '' : met,
    standing.ran ? '' : prose(threadText(doc, position)),
    ways(doc, position),
    lockedStatesOf(doc.analysis, position)
      .slice(0, MAX_LOCKS)
      .map((state) => prose(guardedText(doc.module, state)))
      .join(' '),
    canBlock(doc.analysis, position) ? prose(blockingText(doc.profile)) : '',
    further.join(' '),
    bullets(verdictLines(doc, position, standing), SHARING_MODELS.length),
    rules(doc, position),
  ];
}

/** Why an embedder calls the export before all others; empty for the API. */
function lifeOfExport({ module, analysis }: ModuleDocument, name: string): string {
  const step = lifeOf(module, analysis).steps.find(({ call, as }) => call === name && as === undefined);
  return step === undefined ? '' : t('Called before the API, {0}.', prose(lifeStepText(step)));
}

/** What each run has shown that calls the export, the worst first. */
function stressRuns(doc: ModuleDocument, name: string): string {
  const runs = runsOf(doc.shown, name);
  if (runs.length === 0) return '';
  const lines = runs.map((run) => `${code(run.calls)}: ${prose(runText(run))}`);
  return paragraphs([t('Shown by stress tests:'), bullets(lines, MAX_RUNS)]);
}

/** The way to each access that a finding is about. The finding itself stands above: VS Code shows it in the same hover. */
function ways(doc: ModuleDocument, position: number): string {
  const lines = shownHazards(doc, position).flatMap(({ hazard }) => {
    const path = pathLinks(doc, hazard);
    if (path === '') return [];
    const { condition } = against(doc.analysis, hazard.effect, position);
    const only =
      condition === 'always' ? '' : t(', only {0}', prose(whenText(condition, hazard.cell.kind === 'table')));
    const sure = hazard.confidence === 'definite' ? path : clauses([path, confidenceWord(hazard.confidence)]);
    const label = cellLabel(doc.module, hazard.cell);
    return [label === hazard.cell.kind ? `${sure}${only}` : `${t('{0}: {1}', code(label), sure)}${only}`];
  });
  return bullets(lines, MAX_FINDINGS);
}

function conflicts(doc: ModuleDocument, position: number, { ran }: ExportStanding): string {
  const partners = partnersOf(doc.analysis, position);
  if (partners.length === 0) return '';
  const folded = plumbingOf(doc.module, doc.analysis);
  const others = partners
    .filter((other) => other !== position)
    .sort((a, b) => Number(folded.has(a)) - Number(folded.has(b)) || a - b);
  const note = (other: number): string | undefined => {
    const pair = doc.shown.of(doc.analysis.exports[position].name, doc.analysis.exports[other].name);
    return pair && pairText(pair);
  };
  if (doc.analysis.exports[position].class === 'host-dependent') {
    return others.length === 0
      ? ''
      : t('Calls the same host functions as {0}.', exportLinks(doc, others, MAX_PARTNERS, note));
  }
  const itself = note(position);
  const parts =
    others.length < partners.length ? [itself === undefined ? t('itself') : t('itself ({0})', prose(itself))] : [];
  if (others.length > 0) parts.push(exportLinks(doc, others, MAX_PARTNERS, note));
  const who = parts.length === 2 && others.length === 1 ? t('{0} and {1}', parts[0], parts[1]) : parts.join(t(', '));
  return ran ? t('By analysis, conflicts with {0}.', who) : t('Conflicts with {0}.', who);
}

/** What the host says of the sharing model, and what holds under others that apply. */
function verdictLines(doc: ModuleDocument, position: number, { ran, text: shown }: ExportStanding): string[] {
  return verdictsOf(doc, position)
    .filter(({ chosen, threads }) => chosen || threads !== undefined)
    .map(({ model, chosen, text, threads, status }) => {
      const words = translated(MODEL_TEXT[model]);
      const name = chosen ? `**${words}**` : words;
      const supposed = threads === undefined ? text : t('{0}; {1}', text, threads);
      return t(
        '{0} ({1}: {2}): {3}',
        name,
        doc.profile.id,
        translated(STATUS_TEXT[status]),
        prose(chosen && ran ? shown : supposed),
      );
    });
}

/** What to do with the export next. */
function links(doc: ModuleDocument, position: number): string {
  const { name, func, exportIndex } = doc.analysis.exports[position];
  const { imported, entry } = doc.module.functions;
  const body = func >= imported ? entry[func - imported] : 0;
  return [
    commandLink(t('Stress test'), 'wasm-hazards.stressExport', [doc.uri, name]),
    ...moduleLinks(doc),
    commandLink(t('All findings'), 'wasm-hazards.showExport', [doc.uri, name]),
    body > 0 ? revealLink(doc, t('Function {0}', code(functionName(doc.module, func))), body) : '',
    ...moreActions(doc, doc.module.exports[exportIndex].offset),
  ]
    .filter((part) => part !== '')
    .join(' | ');
}

function rules(doc: ModuleDocument, position: number): string {
  const ids = [...new Set(shownHazards(doc, position).map(({ hazard }) => hazard.rule))];
  return ids.length === 0 ? '' : t('Rules: {0}', listOf(ids.map(ruleLink), 6));
}

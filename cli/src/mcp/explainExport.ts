/** Everything about an export that can be said without running it. */
import { analyse } from '../../../core/analysis/analyse.ts';
import { threadText } from '../../../core/analysis/conditions/threadText.ts';
import { exportAdvice, STATUS_TEXT, verdictsOf } from '../../../core/analysis/exportText.ts';
import { type Findings, hazardText, placeText, witnessText } from '../../../core/analysis/hazardText.ts';
import type { Hazard } from '../../../core/analysis/model.ts';
import { partnersOf } from '../../../core/analysis/queries.ts';
import type { RuleId } from '../../../core/analysis/rules/index.ts';
import { linkText, sourceFunctionSite } from '../../../core/debug/sourceWords.ts';
import { HOST_PROFILES, type HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import { NOTHING_SHOWN } from '../../../core/report/shown/shownPairs.ts';
import { exportHeadline } from '../../../core/report/shown/standing.ts';
import { placeName } from '../../../core/report/sourcePlace.ts';
import { translated } from '../../../core/text/l10n.ts';
import { plural } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import { validated } from '../../../core/wasm/validate.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { type Io, UsageError } from '../io.ts';
import { firstOf, shownName, shownSentence } from './bounds.ts';
import type { Explained } from './explained.ts';
import { exportPosition } from './exportArgument.ts';

const MAX_FINDINGS = 8;
const MAX_PARTNERS = 20;

interface Question {
  file: string;
  name: string;
  host: HostId;
  model: SharingModel | 'auto';
  rule: RuleId | undefined;
  offset: number | undefined;
}

/** @throws UsageError where the module cannot be read, or has no such export or finding */
export async function explainExport(question: Question, io: Io): Promise<{ text: string; data: Explained }> {
  const { file, host, model } = question;
  const input = await readStressInput(file, undefined, { host, source: { mode: 'auto', paths: {} } }, io.stdin);
  const { module, name } = input;
  const [problem] = (await validated(module)).errors;
  if (problem !== undefined) throw new UsageError(`${name}: ${problem.message} (offset ${hex(problem.offset)})`);
  const analysis = analyse(module, { host, model });
  const position = exportPosition(analysis, question.name, name);
  const findings: Findings = { module, analysis, profile: HOST_PROFILES[host], place: placesOf(input) };
  const hazards = hazardsOf(findings, position, question);
  const only = question.rule !== undefined || question.offset !== undefined;
  const data: Explained = {
    export: exportData(findings, position),
    findings: hazards.list.map((hazard) => findingData(findings, position, hazard)),
    findingsTotal: hazards.total,
  };
  return { text: textOf(data, only), data };
}

/** In a text, lines and columns of the text; else `Findings` has its own words. */
function placesOf({ name, sourceFacts }: StressInput): Findings['place'] {
  if (sourceFacts === undefined) return undefined;
  return (offset) => `${placeName(name, sourceFacts.place(offset))} (${hex(offset)})`;
}

function hazardsOf(
  { analysis }: Findings,
  position: number,
  { rule, offset, name }: Question,
): { list: Hazard[]; total: number } {
  const all = analysis.exports[position].hazards;
  const wanted = all.filter(
    (hazard) => (rule === undefined || hazard.rule === rule) && (offset === undefined || hazard.site.offset === offset),
  );
  if (wanted.length > 0 || (rule === undefined && offset === undefined)) return firstOf(wanted, MAX_FINDINGS);
  const rules = [...new Set(all.map((hazard) => hazard.rule))].join(', ');
  throw new UsageError(
    `explain: ${shownName(name)} has no such finding; ${all.length === 0 ? 'it has none' : `its findings are of ${rules}`}`,
  );
}

function exportData(findings: Findings, position: number): NonNullable<Explained['export']> {
  const { module, analysis, profile } = findings;
  const summary = analysis.exports[position];
  const partners = firstOf(partnersOf(analysis, position), MAX_PARTNERS);
  const site = sourceFunctionSite(module, summary.func);
  return {
    name: shownName(summary.name),
    class: summary.class,
    host: profile.id,
    model: analysis.model,
    headline: shownSentence(exportHeadline({ ...findings, shown: NOTHING_SHOWN }, position)),
    threads: shownSentence(threadText(findings, position)),
    conflictsWith: partners.list.map((other) => exportLabel(analysis.exports[other])),
    conflictsTotal: partners.total,
    advice: exportAdvice(findings, position).map(({ text }) => shownSentence(text)),
    models: verdictsOf(findings, position).map(({ model, status, text }) => ({
      model,
      status: translated(STATUS_TEXT[status]),
      text: shownSentence(text),
    })),
    place: site && linkText(site),
  };
}

const findingData = (
  findings: Findings,
  position: number,
  hazard: Hazard,
): NonNullable<Explained['findings']>[number] => ({
  rule: hazard.rule,
  severity: hazard.severity,
  confidence: hazard.confidence,
  offset: hazard.site.offset,
  place: shownSentence(placeText(findings, hazard.site.offset)),
  path: shownSentence(witnessText(findings, position, hazard)),
  message: shownSentence(hazardText(findings, position, hazard)),
});

/** `only`: the question was about some findings. */
function textOf({ export: about, findings = [], findingsTotal = 0 }: Explained, only: boolean): string {
  if (about === undefined) return '';
  const { name, headline, host, model, threads, conflictsWith, conflictsTotal, advice, models, place } = about;
  const lines = [`${name}: ${headline} (${host}, ${model})`];
  if (place !== undefined) lines.push(`Source: ${place}`);
  if (!only) {
    lines.push(threads);
    if (conflictsTotal > 0)
      lines.push(
        `Conflicts with ${plural(conflictsTotal, 'export')}: ${conflictsWith.join(', ')}${conflictsTotal > conflictsWith.length ? ', ...' : ''}.`,
      );
  }
  lines.push(...advice.map((text) => `What to do: ${text}`));
  for (const { rule, severity, message } of findings) lines.push('', `${rule} (${severity}): ${message}`);
  if (findingsTotal > findings.length) lines.push('', `And ${findingsTotal - findings.length} more findings.`);
  if (!only) {
    lines.push('', 'Under each sharing model, by analysis:');
    for (const one of models) lines.push(`  ${one.model} (${one.status}): ${one.text}`);
  }
  return `${lines.join('\n')}\n`;
}

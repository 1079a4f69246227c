/** A result of `verify` as text: the findings, then the outcomes of each mode. */

import { displayable } from '../../harmless/names.ts';
import { number, plural } from '../../text/phrases.ts';
import type { VerifyFinding, VerifyResult, VerifyRun } from '../../verify/model.ts';
import { type GoOutput, goOutputs, hangPlaces, modeText } from '../../verify/verified.ts';
import { printable } from '../printable.ts';
import { findingText, verifyVerdict } from '../verifyVerdict.ts';
import { noteLines } from './exploredText.ts';
import { outcomeLines } from './hammerOutcomes.ts';
import { scenarioLines } from './scenarioLines.ts';
import { palette, widthOf } from './style.ts';
import { columnsOf, indented, labelled, padded, type TextForm } from './textForm.ts';

/** How a result is shown. */
export interface VerifyTextOptions {
  /** Lists all outcomes. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** Whether everything that Go wrote follows. */
  goOutput: boolean;
}

/** One result in detail. */
export function verifyText(result: VerifyResult, { full, colour, columns, goOutput }: VerifyTextOptions): string {
  const shown = printable({
    ...result,
    runs: result.runs.map((run) => ({ ...run, output: '' })),
    remedies: result.remedies.map((remedy) => ({ ...remedy, output: '' })),
  });
  const form: TextForm = { full, paint: palette(colour), columns: columnsOf(columns), wraps: columns !== undefined };
  const { go, wazero, module } = shown.runtime;
  const lines = [
    headline(shown, form),
    ...scenarioLines(shown, form),
    ...labelled('On', `wazero ${wazero} of the module ${module}, ${go}`, form),
    '',
    ...findingLines(shown, form),
    ...remedyLines(shown, form),
    ...shown.runs.flatMap((run) => runLines(run, shown, form)),
    ...noteLines({ grain: [], imports: { stubbed: [], wasi: [] }, notes: shown.notes }, form),
  ];
  while (lines.at(-1) === '') lines.pop();
  const written = goOutput ? goOutputs(result).flatMap(outputLines) : [];
  return `${[...lines, ...written].join('\n')}\n`;
}

function headline(result: VerifyResult, { paint }: TextForm): string {
  const colour = result.verdict === 'confirmed' || result.verdict === 'new' ? paint.red : paint.yellow;
  return `${paint.bold(result.module)}: ${colour(`verify: ${verifyVerdict(result)}`)}`;
}

/** Most findings of the short form that were seen, and that were not: the lists can be long. */
const MAX_SEEN = 16;
const MAX_NOT_SEEN = 8;
const RANK: Readonly<Record<VerifyFinding['status'], number>> = { new: 0, confirmed: 1, 'not-seen': 2 };

/** A table of status, evidence and finding; what exploration does not have comes first. */
function findingLines({ findings }: VerifyResult, form: TextForm): string[] {
  if (findings.length === 0) return [];
  const sorted = findings.toSorted((a, b) => RANK[a.status] - RANK[b.status]);
  const seen = sorted.filter(({ status }) => status !== 'not-seen');
  const notSeen = sorted.slice(seen.length);
  const shown = form.full ? sorted : [...seen.slice(0, MAX_SEEN), ...notSeen.slice(0, MAX_NOT_SEEN)];
  const heads = shown.map(findingText);
  const width = Math.max(...heads.map(widthOf)) + 2;
  const rows = shown.flatMap((one, i) => {
    const text = `${padded(heads[i], width)}${one.kind.replace('-', ' ')}: ${one.text}`;
    const reports = form.full ? (one.seen ?? []) : [];
    const lines = [
      ...indented(text, form),
      ...reports.flatMap((race) => indented(`  ${plural(race.reports, 'report')}: ${race.text}`, form)),
    ];
    return one.status === 'not-seen' ? lines : lines.map(form.paint.red);
  });
  const more = findings.length - shown.length;
  return ['  Findings:', ...rows, ...(more > 0 ? [`    and ${number(more)} more, see --full`] : []), ''];
}

function remedyLines({ remedies }: VerifyResult, form: TextForm): string[] {
  if (remedies.length === 0) return [];
  return [
    '  Remedies:',
    ...remedies.flatMap(({ clean, text }) => {
      const lines = indented(text, form);
      return clean ? lines : lines.map(form.paint.red);
    }),
    '',
  ];
}

function runLines(run: VerifyRun, { scenario }: VerifyResult, form: TextForm): string[] {
  const { mode, rounds, seconds, reports, hang, crash } = run;
  const races = mode === 'interpreter-race' || mode === 'watched' ? `, ${plural(reports, 'race report')}` : '';
  const rate = `${plural(rounds, 'round')} in ${number(Math.round(seconds * 10) / 10)} s${races}`;
  return [
    ...outcomeLines(modeText(mode), rate, { ...run, scenario }, form),
    ...(hang === null ? [] : indented(`Did not return: ${hangPlaces(hang, scenario)}`, form)),
    ...(crash === null ? [] : indented(`The process ended: ${crash}`, form)),
    '',
  ];
}

function outputLines({ what, output }: GoOutput): string[] {
  if (output === '') return [];
  // Tabs are Go's indentation.
  const lines = output.split('\n').map((line) => displayable(line.replaceAll('\t', '    '), 400));
  return ['', `Go's output, ${what}:`, ...lines];
}

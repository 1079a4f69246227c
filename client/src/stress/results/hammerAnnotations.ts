/** Shows the results of hammer runs at the exports that they call. */
import { type DecorationOptions, Diagnostic, DiagnosticSeverity, MarkdownString, Range } from 'vscode';
import { reportText } from '../../../../core/report/formats.ts';
import { hammerReportOf } from '../../../../core/report/report.ts';
import { partnerNames } from '../../../../core/report/shown/shownText.ts';
import { hammerVerdict } from '../../../../core/report/verdicts.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { callsOf, stepText } from '../../../../core/stress/scenario/steps.ts';
import { severityOfHammer } from '../modes/hammerMode.ts';
import type { HammeredExports } from './stressResults.ts';

/** A run at the place of one of the exports that it calls. */
interface AtExport extends HammeredExports {
  name: string;
}

/** The worst run of each export, by the byte offset of the export. */
function worstByPlace(hammered: readonly HammeredExports[]): Map<number, AtExport> {
  const worst = new Map<number, AtExport>();
  for (const one of hammered) {
    for (const [name, offset] of one.exports) {
      const known = worst.get(offset);
      if (known === undefined || rank(one) > rank(known)) worst.set(offset, { ...one, name });
    }
  }
  return worst;
}

/** Exports that a run names. */
const MAX_NAMES = 3;

/** What other callers of a run call while one calls the export. */
function othersOf({ name, result: { scenario } }: AtExport): string {
  const called = scenario.callers.map((steps) => [...new Set(callsOf(steps))]);
  const others = called.flatMap((names, i) => (called.some((own, j) => i !== j && own.includes(name)) ? names : []));
  return partnerNames(name, [...new Set(others)], MAX_NAMES);
}

const rank = ({ result }: HammeredExports): number =>
  severityOfHammer(result) + result.wrongRounds / Math.max(result.rounds, 1) / 2;

/** Beyond the end of every line: editors clamp it to the end. */
const LINE_END = 2 ** 30;

/** A summary at the end of each export's line, and the tables of outcomes and costs in its hover. */
export function hammerDecorations(
  hammered: readonly HammeredExports[],
  ranges: ReadonlyMap<number, Range>,
): DecorationOptions[] {
  return [...worstByPlace(hammered)].flatMap(([offset, at]) => {
    const { result } = at;
    const range = ranges.get(offset);
    if (range === undefined) return [];
    const hoverMessage = new MarkdownString().appendCodeblock(
      reportText(hammerReportOf(result), 'text', { full: false, colour: false }),
      'text',
    );
    const { line } = range.start;
    return [
      { range, hoverMessage },
      {
        range: new Range(line, LINE_END, line, LINE_END),
        renderOptions: { after: { contentText: `hammered with ${othersOf(at)}: ${hammerVerdict(result)}` } },
      },
    ];
  });
}

/** Diagnostics for what went wrong, one at each export. */
export function hammerDiagnostics(
  hammered: readonly HammeredExports[],
  ranges: ReadonlyMap<number, Range>,
): Diagnostic[] {
  return [...worstByPlace(hammered)].flatMap(([offset, { result }]) => {
    const range = ranges.get(offset);
    if (range === undefined || severityOfHammer(result) < 2) return [];
    const { scenario, host, model, threads, outcomes } = result;
    const callers = scenario.callers
      .map((calls, i) => `${callerName(i)} ${calls.map(stepText).join('; ')}`)
      .join(' | ');
    const found = outcomes.map((one) => one.found).find((one) => one?.how === 'schedule');
    const schedule = found?.how === 'schedule' ? ` Schedule ${found.schedule} shows it.` : '';
    const message = `${callers}: ${hammerVerdict(result)}, on ${threads} threads (${host}, ${model}).${schedule}`;
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Warning);
    diagnostic.code = result.verdict;
    return [diagnostic];
  });
}

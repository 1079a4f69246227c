/** The format `json`: what `schemas/` describes. */
import { jsonText } from '../../harmless/json.ts';
import type { OutputDocument, OutputFormat } from '../outputFormat.ts';
import type { HammerReport, Report, ReportContext, StressReport, VerifyReport } from '../report.ts';
import { jsonHead, jsonModule, jsonTail } from './checkJson.ts';

/**
 * One JSON value for a whole run of `check`, and one for the report of any other command. The presentation is ignored.
 */
export const JSON_FORMAT: OutputFormat = {
  begin: (context) => (context.command === 'check' ? checkDocument(context) : plainDocument()),
};

/** One document about all modules. */
function checkDocument({ host = 'auto' }: ReportContext): OutputDocument {
  let first = true;
  return {
    head: () => [jsonHead(host)],
    *report(report) {
      if (report.command !== 'check') return;
      const options = { first, withHost: host === 'auto' };
      first = false;
      yield* jsonModule(report.checked, options);
    },
    tail: () => [jsonTail],
  };
}

/** A document that is one report. */
const plainDocument = (): OutputDocument => ({
  head: () => [],
  report: (report) => [`${jsonText(dataOf(report), 2)}\n`],
  tail: () => [],
});

function dataOf(report: Report): unknown {
  switch (report.command) {
    case 'stress':
      return report.planned
        ? { version: 1, module: report.module, shard: report.shard, ...planOf(report), advice: report.advice }
        : resultOf(report);
    case 'hammer':
      return report.planned
        ? { version: 1, kind: 'hammer', module: report.module, ...planOf(report) }
        : resultOf(report);
    case 'verify':
      return report.planned
        ? { version: 1, kind: 'verify', module: report.module, ...planOf(report) }
        : resultOf(report);
    case 'wrap':
      return report.wrapper;
    default:
      return report.checked;
  }
}

const planOf = ({ runs, failures, notes }: StressReport | HammerReport | VerifyReport): object => ({
  results: runs.map(({ title, result }) => ({ title, ...result })),
  failures: failures.map(({ title, failure }) => ({ title, ...failure })),
  notes,
});

/** The one result, with the notes about the run. */
function resultOf({ runs: [{ result }], notes }: StressReport | HammerReport | VerifyReport): object {
  return { ...result, notes: [...result.notes, ...notes] };
}

/** What a log says of a run beside its findings: inputs that could not be read, and what limits the answer. */
import { sarifText } from '../../harmless/sarif.ts';
import { plural } from '../../text/phrases.ts';
import type { CheckedModule } from '../checkedModule.ts';
import type { Report } from '../report.ts';
import { inputName, type SourcePlace } from '../sourcePlace.ts';
import { verdictText } from '../verdicts.ts';
import type { SarifNotification } from './model.ts';
import { locationOf, type SarifFiles } from './spots.ts';

/** About one report; an error is something that keeps the answer from being complete. */
export function notificationsOf(report: Report, files: SarifFiles): SarifNotification[] {
  const all = report.command === 'check' ? ofModule(report.checked, files) : ofRuns(report);
  return all.map((one) => ({ ...one, message: { text: sarifText(one.message.text) } }));
}

/** Says how many results a log does not have. */
export const leftOut = (count: number, limit: number): SarifNotification => ({
  level: 'warning',
  message: {
    text: `${plural(count, 'result')} left out: code scanning keeps ${limit} of a log, and the worst come first.`,
  },
});

function ofModule({ file, errors, analysis, source }: CheckedModule, files: SarifFiles): SarifNotification[] {
  const at = (place: Partial<SourcePlace>): Pick<SarifNotification, 'locations'> => {
    const start = { line: place.line ?? 1, column: place.column ?? 1 };
    return { locations: [locationOf({ file, start, end: start }, files)] };
  };
  const note = (level: SarifNotification['level'], text: string, place: Partial<SourcePlace>): SarifNotification => ({
    level,
    message: { text: `${inputName(file)}: ${text}` },
    ...at(place),
  });
  return [
    ...errors.map((error) => note('error', error.message, error)),
    ...(analysis?.partial === undefined ? [] : [note('error', analysis.partial, {})]),
    ...(source?.unusedIgnores ?? []).map((one) => note('note', one.message, one)),
    ...(source?.skipped ?? []).map((one) => note('note', `not analysed: ${one.message}`, one)),
  ];
}

/** A run that could not tell is nothing to point at, and must not look like one that found nothing. */
function ofRuns(report: Exclude<Report, { command: 'check' }>): SarifNotification[] {
  if (report.command === 'wrap') return [];
  const say = (level: SarifNotification['level'], text: string): SarifNotification => ({ level, message: { text } });
  const titled = (title: string, text: string): string => (title === '' ? text : `${title}: ${text}`);
  const verdicts =
    report.command === 'stress'
      ? report.runs.flatMap(({ title, result }) => [
          ...(result.verdict === 'inconclusive' ? [say('warning', titled(title, verdictText(result)))] : []),
          ...result.defects.map(({ text }) => say('error', titled(title, `defect of wasm-hazards: ${text}`))),
        ])
      : report.command === 'verify'
        ? report.runs.flatMap(({ title, result }) =>
            result.remedies.flatMap(({ clean, text }) => (clean ? [] : [say('warning', titled(title, text))])),
          )
        : [];
  return [
    ...verdicts,
    ...report.failures.map(({ title, failure }) => say('error', titled(title, failure.message))),
    ...report.notes.map((text) => say('note', text)),
  ];
}

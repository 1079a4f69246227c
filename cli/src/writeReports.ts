/** Writes what a command found, in the format that was asked for. */
import { type FormatName, OUTPUT_FORMATS } from '../../core/report/formats.ts';
import type { Presentation } from '../../core/report/outputFormat.ts';
import type { Report, ReportContext } from '../../core/report/report.ts';
import { readPageFiles } from '../../node/pageFiles.ts';
import type { Io } from './io.ts';

/** How the options of a command ask for its reports. */
export type ReportOptions = { format?: FormatName } & Pick<
  Partial<Presentation>,
  'full' | 'limit' | 'files' | 'isKnown'
>;

/**
 * Writes each report as soon as it is there. All reports are asked for, even when the reader has gone:
 * the exit code is that of the whole run.
 */
export async function writeReports(
  reports: Iterable<Report> | AsyncIterable<Report>,
  context: ReportContext,
  { format = 'text', full = false, limit, files, isKnown }: ReportOptions,
  io: Io,
): Promise<void> {
  const { colour, columns } = io;
  const page = format === 'html' ? await readPageFiles() : undefined;
  const document = OUTPUT_FORMATS[format].begin(context, { limit, files, isKnown, full, colour, columns, page });
  await write(document.head(), io);
  for await (const report of reports) await write(document.report(report), io);
  await write(document.tail(), io);
}

/** Waits for the reader after each piece, and makes no more of them once it has gone. */
async function write(pieces: Iterable<string>, io: Io): Promise<void> {
  for (const piece of pieces) {
    if (!(await io.out(piece))) return;
  }
}

/** The output formats, by the name that `--format` takes. */
import { HTML_FORMAT } from './html/htmlFormat.ts';
import { JSON_FORMAT } from './json/jsonFormat.ts';
import type { OutputFormat, Presentation } from './outputFormat.ts';
import type { Report } from './report.ts';
import { SARIF_FORMAT } from './sarif/sarifFormat.ts';
import { TEXT_FORMAT } from './text/textFormat.ts';

/** A row for each format; the names in help and in error messages follow from it. */
export const OUTPUT_FORMATS = {
  text: TEXT_FORMAT,
  json: JSON_FORMAT,
  html: HTML_FORMAT,
  sarif: SARIF_FORMAT,
} as const satisfies Readonly<Record<string, OutputFormat>>;

/** A value that `--format` takes. */
export type FormatName = keyof typeof OUTPUT_FORMATS;

/** All names, in the order in which help lists them. */
export const FORMAT_NAMES = Object.keys(OUTPUT_FORMATS) as readonly FormatName[];

/** The format without `--format`. */
export const DEFAULT_FORMAT: FormatName = 'text';

/** A document about one report, whole. */
export function reportText(report: Report, format: FormatName, presentation: Presentation): string {
  const document = OUTPUT_FORMATS[format].begin({ command: report.command }, presentation);
  return [...document.head(), ...document.report(report), ...document.tail()].join('');
}

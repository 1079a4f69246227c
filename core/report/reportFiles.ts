/** What formats need to know of files beyond their names. */
import type { RuleId } from '../analysis/rules/index.ts';

/** The files around a report. */
export interface ReportFiles {
  /** The path of a file from the root of the repository, with `/`; absolute if the file is outside of it. */
  pathOf(file: string): string;
  /** The text of a file that findings are in; undefined where it is not known. */
  textOf(file: string): string | undefined;
  /** The page of a rule, in Markdown; undefined where the pages are not installed. */
  pageOf(rule: RuleId): string | undefined;
}

/** Nothing is known but the names. */
export const NO_FILES: ReportFiles = {
  pathOf: (file) => file.replaceAll('\\', '/'),
  textOf: () => undefined,
  pageOf: () => undefined,
};

/** What a run of the tests did not check, and whether this machine could have. */

import { findOnPath } from '../vscode/processes.ts';

const PREFIX = 'NOT CHECKED: ';

/** Programs without which tests of a subject are skipped; the subject is a word of the line that says so. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  Go: ['go', 'gofmt'],
  Rust: ['cargo', 'rustc', 'rustfmt'],
};

/** Collects one line for each thing that was not checked, however many tests were skipped for it. */
export class NotChecked {
  private readonly reasons = new Map<string, number>();

  /** A skipped test or suite. */
  skipped(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /** Tests that run, but do less than they would elsewhere, print a line that begins with `NOT CHECKED: `. */
  printed(output: string): void {
    for (const line of output.split('\n')) if (line.startsWith(PREFIX)) this.reasons.set(line.slice(PREFIX.length), 0);
  }

  lines(): string[] {
    return [...this.reasons]
      .map(([reason, times]) => `${PREFIX}${reason}${times > 1 ? ` (${times} times)` : ''}`)
      .sort();
  }

  /** Lines about what this machine has all programs for: something else is wrong, and nobody would notice. */
  avoidable(isInstalled = (program: string): boolean => findOnPath(program) !== undefined): string[] {
    const subjects = Object.keys(PROGRAMS).filter((subject) => PROGRAMS[subject].every(isInstalled));
    return this.lines().filter((line) => subjects.some((subject) => new RegExp(`\\b${subject}\\b`).test(line)));
  }
}

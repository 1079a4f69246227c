/** What a test run did not check, and whether this machine could have checked it. */

import { findOnPath } from '../vscode/processes.ts';
import { type Counts, single, sumOf } from './counts.ts';

const PREFIX = 'NOT CHECKED: ';

/** Programs that the tests of a subject need. The subject is in the line that says what was not checked. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  C: ['gcc', 'clang', 'cargo', 'python3', 'cmake'],
  'C of generated wrappers': ['gcc'],
  Go: ['go', 'gofmt'],
  clang: ['clang', 'wasm-ld'],
  LLVM: ['llvm-dwarfdump', 'llvm-symbolizer'],
  Python: ['python3'],
  Rust: ['cargo', 'rustc', 'rustfmt'],
};

/** Collects one line for each reason for which tests were skipped. */
export class NotChecked {
  private readonly reasons = new Map<string, number>();

  /** Records a skipped test or suite. */
  skipped(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /**
   * Records the output of a test: a test that checks less than on other machines prints a line that begins with `NOT
   * CHECKED: `.
   */
  printed(output: string): void {
    for (const line of output.split('\n')) if (line.startsWith(PREFIX)) this.reasons.set(line.slice(PREFIX.length), 0);
  }

  lines(): string[] {
    return [...this.reasons]
      .map(([reason, times]) => `${PREFIX}${reason}${times > 1 ? ` (${times} times)` : ''}`)
      .sort();
  }

  /** The lines whose subject this machine has all programs for: skipping these would hide a problem. */
  avoidable(isInstalled = (program: string): boolean => findOnPath(program) !== undefined): string[] {
    const subjects = Object.keys(PROGRAMS).filter((subject) => PROGRAMS[subject].every(isInstalled));
    return this.lines().filter((line) => subjects.some((subject) => new RegExp(`\\b${subject}\\b`).test(line)));
  }

  /**
   * Prints the lines, and what they count as in a run with these counts: if it is `strict`, each avoidable line is a
   * failure.
   */
  conclude(counts: Counts, strict: boolean, print: (line: string) => void = console.log): Counts {
    for (const line of this.lines()) print(line);
    const avoidable = strict ? this.avoidable() : [];
    for (const line of avoidable) print(`FAILED, since this machine has the programs: ${line}`);
    return avoidable.reduce((sum) => sumOf(sum, single(false)), counts);
  }
}

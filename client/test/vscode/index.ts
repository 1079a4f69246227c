/**
 * Entry of the tests inside VS Code: its `run` is called in the extension host. Runs every bundled `*.test.js` beside
 * it with mocha, and writes the verdict file that the script outside believes (scripts/vscode/verdict.ts).
 */

import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';

/** Resolves when all passed, rejects otherwise: VS Code turns that into its exit code. */
export async function run(): Promise<void> {
  // mocha is an ES module and stays outside this bundle.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    // Above the patience of one wait, so that its message says what was waited for.
    timeout: 180_000,
    reporter: 'spec',
    color: Boolean(process.env.WASM_HAZARDS_COLOR),
  });
  markReport(Mocha);
  const grep = process.env.WASM_HAZARDS_GREP;
  if (grep) mocha.fgrep(grep);
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => {
      counts.passed += 1;
    });
    // Also hooks that fail, which mocha's own count of tests leaves out.
    runner.on('fail', () => {
      counts.failed += 1;
    });
    runner.on('pending', () => {
      counts.skipped += 1;
    });
  });
  writeVerdict(counts);
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
}

/** The console is shared with all of VS Code: each line of the report carries the prefix that is looked for outside. */
function markReport(Mocha: typeof import('mocha')): void {
  const prefix = process.env.WASM_HAZARDS_REPORT_PREFIX;
  if (!prefix) return;
  const base = Mocha.reporters.Base as unknown as { consoleLog: (...args: unknown[]) => void };
  base.consoleLog = (...args) => {
    for (const line of format(...args).split('\n')) console.log('%s', prefix + line);
  };
}

/** Renamed into place, so that the file is whole or absent. */
function writeVerdict(counts: object): void {
  const file = process.env.WASM_HAZARDS_VERDICT;
  if (!file) return;
  writeFileSync(`${file}.part`, JSON.stringify(counts));
  renameSync(`${file}.part`, file);
}

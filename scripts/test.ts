/**
 * `npm test`: everything that must hold, in the order of what fails fastest. Goes on after a failure, so that one run
 * shows all of them. The last line is the sum of all suites.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build/bundle.ts';
import { main } from './failure.ts';
import { ROOT } from './paths.ts';
import { add, type Counts, isGood, NONE, show, single } from './test/counts.ts';
import { ensureGo } from './test/go.ts';
import { runUiTests, runUnitTests } from './test/nodeTests.ts';
import { choose, currentCircumstances } from './vscode/choose.ts';
import { runInVscode } from './vscode/runInVscode.ts';

const log = (line: string): void => console.log(line);

interface Suite {
  readonly name: string;
  readonly run: () => Promise<Counts>;
}

const SUITES: readonly Suite[] = [
  { name: 'lint', run: async () => single(await lint()) },
  // Before the unit tests: those of the command line run what users run.
  { name: 'build', run: async () => single(await builds()) },
  { name: 'unit', run: inNode },
  { name: 'vscode', run: inVscode },
  { name: 'interface', run: asUser },
];

async function lint(): Promise<boolean> {
  const tool = (path: string, ...args: string[]): boolean =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules', path), ...args], { cwd: ROOT, stdio: 'inherit' }).status ===
    0;
  const biome = tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  const types = tool('typescript/bin/tsc', '-b');
  return biome && types;
}

async function builds(): Promise<boolean> {
  await build({ production: false, log });
  return true;
}

async function inNode(): Promise<Counts> {
  await ensureGo(log);
  return runUnitTests();
}

async function inVscode(): Promise<Counts> {
  const { counts, message } = await runInVscode({ log });
  log(message);
  return counts;
}

/** The stand-in is what these tests drive; where a desktop VS Code was tested, it is not installed for them alone. */
async function asUser(): Promise<Counts> {
  if ((await choose(currentCircumstances())).kind === 'stand-in' || process.env.WASM_HAZARDS_UI) return runUiTests();
  log('skipped: these tests need the stand-in; WASM_HAZARDS_UI=1 runs them');
  return NONE;
}

await main(async () => {
  let sum = NONE;
  const lines: string[] = [];
  for (const { name, run } of SUITES) {
    log(`\n== ${name}`);
    const started = Date.now();
    const counts = await run().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return single(false);
    });
    lines.push(`${name.padEnd(10)} ${show(counts)}  (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    sum = add(sum, counts);
  }
  log('');
  for (const line of lines) log(line);
  log(show(sum));
  return isGood(sum) ? 0 : 1;
});

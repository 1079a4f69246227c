/**
 * `npm test [-- --strict] [-- --hosts]`: lint, build and the tests. A failure does not end the run, so that one run
 * shows all of them. The tests inside VS Code mostly wait, so they run in parallel with the unit tests. `--hosts` adds
 * the tests of `npm run test:hosts`. The last lines say what was not checked and what passed only when it was run again,
 * and sum up all suites. With `--strict` a test that was skipped although this machine has the programs for it counts as
 * a failure.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { build } from './build/bundle.ts';
import { main } from './failure.ts';
import { ROOT } from './paths.ts';
import { ensureCompilers } from './test/compilers.ts';
import { type Counts, isGood, NONE, show, single, sumOf } from './test/counts.ts';
import { runHostTests, runUiTests, runUnitTests } from './test/nodeTests.ts';
import { NotChecked } from './test/notChecked.ts';
import { choose, currentCircumstances } from './vscode/choose.ts';
import { runInVscode } from './vscode/runInVscode.ts';

const notChecked = new NotChecked();
const { values: flags } = parseArgs({
  options: { strict: { type: 'boolean', default: false }, hosts: { type: 'boolean', default: false } },
});

/** Files that passed only when they were run again. */
const unstable: string[] = [];
const onUnstable = (file: string): void => void unstable.push(file);

/** A line for each finished suite. */
const lines: string[] = [];
let sum = NONE;

/** Runs a suite. An exception counts as one failure. */
async function suite(name: string, output: NodeJS.WritableStream, run: () => Promise<Counts>): Promise<void> {
  output.write(`\n== ${name}\n`);
  const started = Date.now();
  const counts = await run().catch((error: unknown) => {
    output.write(`${error instanceof Error ? error.message : error}\n`);
    return single(false);
  });
  lines.push(`${name.padEnd(10)} ${show(counts)}  (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  sum = sumOf(sum, counts);
}

async function lint(): Promise<Counts> {
  const tool = (path: string, ...args: string[]): boolean =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules', path), ...args], { cwd: ROOT, stdio: 'inherit' }).status ===
    0;
  const biome = tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  const types = tool('typescript/bin/tsc', '-b');
  return single(biome && types);
}

async function builds(): Promise<Counts> {
  await build({ production: false, log: console.log });
  return single(true);
}

/** On all cores: the tests inside VS Code wait for events, with limits that a busy machine does not reach. */
async function inNode(): Promise<Counts> {
  await ensureCompilers(console.log, flags.hosts);
  return runUnitTests({ notChecked });
}

async function inVscode(output: NodeJS.WritableStream): Promise<Counts> {
  const log = (line: string): void => void output.write(`${line}\n`);
  const { counts, message } = await runInVscode({ log, output });
  log(message);
  return counts;
}

/** These tests need the stand-in, which is not installed just for them if a desktop VS Code was tested. */
async function asUser(output: NodeJS.WritableStream): Promise<Counts> {
  const choice = await choose(currentCircumstances());
  if (choice.kind === 'stand-in') notChecked.skipped(`a desktop VS Code: ${choice.reason}`);
  else if (!process.env.WASM_HAZARDS_UI) {
    notChecked.skipped(
      'the interface, under mouse and keyboard: that needs the stand-in; WASM_HAZARDS_UI=1 installs it',
    );
    return NONE;
  }
  return runUiTests({ output, notChecked, onUnstable });
}

await main(async () => {
  await suite('lint', process.stdout, lint);
  // Some tests of the command line run the built program, as users do.
  await suite('build', process.stdout, builds);
  // Printed at the end, so that it does not mix with the report of the unit tests.
  const editor = new PassThrough();
  const report = text(editor);
  const beside = (async () => {
    await suite('vscode', editor, () => inVscode(editor));
    await suite('interface', editor, () => asUser(editor));
    editor.end();
  })();
  await suite('unit', process.stdout, inNode);
  await beside;
  process.stdout.write(await report);
  // Alone: compilers use all cores, and generated tests have deadlines.
  if (flags.hosts) await suite('hosts', process.stdout, () => runHostTests({ notChecked, onUnstable }));
  console.log('');
  sum = notChecked.conclude(sum, flags.strict);
  if (!flags.hosts)
    console.log(
      'NOT CHECKED: real hosts with all languages and real modules: `npm run test:hosts` does that, in minutes',
    );
  for (const file of unstable) console.log(`UNSTABLE: ${file} failed, and passed when it was run again`);
  for (const line of lines) console.log(line);
  console.log(show(sum));
  return isGood(sum) ? 0 : 1;
});

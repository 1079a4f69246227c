/**
 * Runs the tests inside a VS Code: node scripts/vscode/launch.ts <folder> <data> [<executable>].
 *
 * Runs in a separate process, so that the caller can kill it together with everything that test-electron started if it
 * hangs. Without an executable test-electron downloads VS Code.
 */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { CONSOLE_LOG, ROOT, TEST_BUNDLE, VSCODE_CACHE } from '../paths.ts';
import { REPORT_PREFIX, reportFilter } from './reportFilter.ts';

const [folder, data, vscodeExecutablePath] = process.argv.slice(2);

mkdirSync(dirname(CONSOLE_LOG), { recursive: true });
writeFileSync(CONSOLE_LOG, '');
const filter = () =>
  reportFilter(
    (line) => process.stdout.write(`${line}\n`),
    (text) => appendFileSync(CONSOLE_LOG, text),
    Boolean(process.env.WASM_HAZARDS_VERBOSE),
  );

try {
  await runTests({
    vscodeExecutablePath,
    cachePath: VSCODE_CACHE,
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: join(TEST_BUNDLE, 'index.js'),
    // Fresh directories: test-electron's default profile would persist between runs.
    launchArgs: [folder, `--user-data-dir=${join(data, 'user')}`, `--extensions-dir=${join(data, 'extensions')}`],
    extensionTestsEnv: {
      WASM_HAZARDS_REPORT_PREFIX: REPORT_PREFIX,
      WASM_HAZARDS_COLOR: process.stdout.isTTY ? '1' : '',
    },
    stdout: filter(),
    stderr: filter(),
  });
} catch (error) {
  if (!(error instanceof TestRunFailedError)) console.error(error);
  process.exitCode = error instanceof TestRunFailedError ? (error.code ?? 1) : 1;
}

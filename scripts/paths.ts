/** Paths that scripts share. They are absolute, so that scripts work from any current directory. */

import { join, resolve } from 'node:path';

/** Root of the repository; also the extension under development. */
export const ROOT = resolve(import.meta.dirname, '..');

/** Generated and ignored files outside `dist/`: bundled tests, verdicts, screenshots. */
export const OUT = join(ROOT, 'out');

/** Bundled tests that run inside VS Code. */
export const TEST_BUNDLE = join(OUT, 'test');

/** The workspace that `npm start` and the tests open. */
export const TEST_FIXTURES = join(ROOT, 'test-fixtures');

/** Cache that survives builds: a downloaded VS Code, or the stand-in for it. */
export const VSCODE_CACHE = join(ROOT, '.vscode-test');

/** Complete output of the last VS Code under test. */
export const CONSOLE_LOG = join(OUT, 'vscode-console.log');

/** Screenshots of the interface. */
export const SCREENSHOTS = join(OUT, 'screenshots');

/** The bundles of the project, as data. */

import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../paths.ts';

/** One bundle. */
export interface Bundle {
  /** Source, relative to the root. */
  readonly source: string;
  /** Output, relative to the root. */
  readonly output: string;
  /** Modules that the host of the bundle provides. */
  readonly external?: readonly string[];
  /** First line of the output. */
  readonly shebang?: string;
  /** Whether `.wasm` files of libraries are embedded in the bundle instead of copied next to it. */
  readonly selfContained?: boolean;
  /** Whether it is a page for browsers. */
  readonly page?: boolean;
  /** What it is in an extension host of a browser: the extension, or the program of its workers. */
  readonly web?: 'extension' | 'workers';
}

const SHIPPED: readonly Bundle[] = [
  { source: 'client/src/main.node.ts', output: 'dist/extension.js', external: ['vscode'] },
  { source: 'server/src/main.node.ts', output: 'dist/server.js' },
  { source: 'server/src/threads/analysisWorker.node.ts', output: 'dist/analysisWorker.js' },
  { source: 'node/stress/stressWorker.ts', output: 'dist/stressWorker.js' },
  { source: 'client/src/main.browser.ts', output: 'dist/web/extension.js', external: ['vscode'], web: 'extension' },
  { source: 'server/src/worker.browser.ts', output: 'dist/web/worker.js', web: 'workers' },
  { source: 'view/src/main.tsx', output: 'dist/report.js', page: true },
  { source: 'cli/src/main.ts', output: 'dist/cli.js', shebang: '#!/usr/bin/env node', selfContained: true },
];

/** Each test file has its own output: mocha reports by file, and `index` finds them by name. */
function testBundles(): Bundle[] {
  const sources = globSync('client/test/vscode/**/*.ts', { cwd: ROOT }).filter(
    (file) => basename(file) === 'index.ts' || file.endsWith('.test.ts'),
  );
  return sources.sort().map((source) => ({
    source,
    output: join('out/test', `${basename(source, '.ts')}.js`),
    external: ['vscode', 'mocha'],
  }));
}

/** All bundles; without those of tests if `production`. */
export function bundles(production: boolean): Bundle[] {
  return production ? [...SHIPPED] : [...SHIPPED, ...testBundles()];
}

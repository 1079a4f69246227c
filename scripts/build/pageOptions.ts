/** How the page of the report is bundled: one script and one style for browsers and web views. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { ROOT } from '../paths.ts';

/** The licence of the library inside has to go with it. */
const PREACT = readFileSync(join(ROOT, 'node_modules', 'preact', 'LICENSE'), 'utf8').trim();

/** Without source, output and flags. */
export const PAGE_OPTIONS: BuildOptions = {
  bundle: true,
  banner: { js: `/*! preact\n${PREACT}\n*/` },
  format: 'iife',
  platform: 'browser',
  // The oldest VS Code that is supported has Chromium 132.
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
};

/** How the page of the report is bundled: one script and one style for browsers and web views. */

import type { BuildOptions } from 'esbuild';

/** Without source, output and flags. */
export const PAGE_OPTIONS: BuildOptions = {
  bundle: true,
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

/**
 * esbuild plugin that provides the demangler's WebAssembly: beside the bundles, which share it, or inside a bundle that
 * must be a single file. Unbundled, `demangleBytes.ts` reads it from node_modules.
 */

import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Name of the file beside the bundles. */
const FILE = 'demangler.wasm';

const BESIDE = `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
export const demangleBytes = () => readFileSync(join(__dirname, '${FILE}'));`;

/** Replaces `demangleBytes.ts`, and writes the file to `outputDirectory` unless `selfContained`; `embed` is called with it. */
export function demangler(outputDirectory: string, selfContained: boolean, embed: (path: string) => void): Plugin {
  return {
    name: 'demangler',
    setup(build) {
      build.onLoad({ filter: /demangleBytes\.ts$/ }, async () => {
        const path = createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm');
        embed(path);
        if (!selfContained) {
          await mkdir(outputDirectory, { recursive: true });
          await copyFile(path, join(outputDirectory, FILE));
          return { contents: BESIDE, loader: 'js' };
        }
        const base64 = (await readFile(path)).toString('base64');
        return { contents: `export const demangleBytes = () => Buffer.from('${base64}', 'base64');`, loader: 'js' };
      });
    },
  };
}

/**
 * esbuild plugin that embeds the demangler's WebAssembly in the bundle; unbundled, `demangleBytes.ts` reads it from
 * node_modules.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

/** Replaces `demangleBytes.ts` by a module that contains the bytes; `embed` is called with the file. */
export function demangler(embed: (path: string) => void): Plugin {
  return {
    name: 'demangler',
    setup(build) {
      build.onLoad({ filter: /demangleBytes\.ts$/ }, async () => {
        const path = createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm');
        embed(path);
        const base64 = (await readFile(path)).toString('base64');
        return { contents: `export const demangleBytes = () => Buffer.from('${base64}', 'base64');`, loader: 'js' };
      });
    },
  };
}

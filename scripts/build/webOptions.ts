/** How the extension is bundled for extension hosts of browsers, which have no Node.js: an import of it fails the build. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { FETCH, SHIM, TOOLS, withBrowserShim } from './wasmTools.ts';

/** Without source, output and flags. `embed` is called with files that the bundle needs beside it. */
export function webOptions(
  kind: 'extension' | 'workers',
  external: readonly string[] = [],
  embed: (path: string) => void,
): BuildOptions {
  return {
    bundle: true,
    // The extension host calls the exports of a CommonJS module; a worker is a script.
    format: kind === 'extension' ? 'cjs' : 'iife',
    platform: 'browser',
    // The oldest VS Code that is supported has Chromium 132.
    target: 'es2022',
    external: [...external],
    mainFields: ['browser', 'module', 'main'],
    sourcesContent: false,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [wasmToolsOfWorkers(embed)],
  };
}

/**
 * wasm-tools asks for its `.wasm` files by name; `browser/assets.ts` says how a worker gets them. They are those that lie
 * beside the bundles for Node.js.
 */
function wasmToolsOfWorkers(embed: (path: string) => void): Plugin {
  return {
    name: 'wasm-tools-of-workers',
    setup(build) {
      build.onResolve({ filter: SHIM }, (args) => withBrowserShim(build, args));
      build.onLoad({ filter: TOOLS }, async (args) => {
        const source = await readFile(args.path, 'utf8');
        const contents = source
          .replace(FETCH, (_, file: string) => {
            embed(join(dirname(args.path), file));
            return `globalThis.wasmHazardsAsset('${file.slice(2)}').then((bytes) => WebAssembly.compile(bytes))`;
          })
          .replace("await import('node:fs/promises')", 'undefined');
        return { contents, loader: 'js' };
      });
    },
  };
}

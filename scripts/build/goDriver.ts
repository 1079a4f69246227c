/**
 * esbuild plugin that embeds the Go driver of `verify` in the bundle; unbundled, `driverFiles.ts` reads it from
 * core/verify/go.
 */

import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../paths.ts';

/** Replaces `driverFiles.ts` by a module that contains the sources. */
export function goDriver(): Plugin {
  return {
    name: 'go-driver',
    setup(build) {
      build.onLoad({ filter: /verify[\\/]driverFiles\.ts$/ }, async () => {
        const paths = globSync('core/verify/go/*.go', { cwd: ROOT }).map((path) => join(ROOT, path));
        const files: Record<string, string> = {};
        for (const path of paths.sort()) files[basename(path)] = await readFile(path, 'utf8');
        return {
          contents: `export const driverFiles = () => (${JSON.stringify(files)});`,
          loader: 'js',
          watchFiles: paths,
        };
      });
    },
  };
}

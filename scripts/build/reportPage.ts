/** esbuild plugin that embeds the report's page in a bundle; unbundled, `pageSources.ts` reads it from `dist`. */

import { join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { ROOT } from '../paths.ts';
import { PAGE_OPTIONS } from './pageOptions.ts';

/** Replaces `pageSources.ts` by a module that contains the built page; `embed` is called with each file in it. */
export function reportPage(minify: boolean, embed: (path: string) => void): Plugin {
  return {
    name: 'report-page',
    setup(build) {
      build.onLoad({ filter: /node[\\/]pageSources\.ts$/ }, async () => {
        const { outputFiles, metafile } = await bundle({
          ...PAGE_OPTIONS,
          absWorkingDir: ROOT,
          entryPoints: ['view/src/main.tsx'],
          outfile: 'report.js',
          write: false,
          metafile: true,
          minify,
        });
        for (const input of Object.keys(metafile.inputs)) embed(join(ROOT, input));
        const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
        const files = { script: text('.js'), style: text('.css') };
        return {
          contents: `export const pageSources = async () => (${JSON.stringify(files)});`,
          loader: 'js',
          watchFiles: Object.keys(metafile.inputs),
        };
      });
    },
  };
}

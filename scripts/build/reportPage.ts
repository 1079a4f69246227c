/** esbuild plugin that embeds the report's page in a bundle; unbundled, `pageSources.ts` reads it from `dist`. */

import { build as bundle, type Plugin } from 'esbuild';
import { ROOT } from '../paths.ts';
import { PAGE_OPTIONS } from './pageOptions.ts';

/** Replaces `pageSources.ts` by a module that contains the built page. */
export function reportPage(minify: boolean): Plugin {
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

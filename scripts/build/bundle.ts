/** Bundling with esbuild: one function, used by the build, the packager and the tests. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BuildContext, type BuildOptions, context, type Metafile } from 'esbuild';
import { Problem } from '../failure.ts';
import { mergedTranslations, readTranslations } from '../l10n/translations.ts';
import { ROOT, TEST_BUNDLE } from '../paths.ts';
import { demangler } from './demangler.ts';
import { type Bundle, bundles } from './entries.ts';
import { goDriver } from './goDriver.ts';
import { PAGE_OPTIONS } from './pageOptions.ts';
import { reportPage } from './reportPage.ts';
import { rulePages } from './rulePages.ts';
import { wasmTools } from './wasmTools.ts';
import { webOptions } from './webOptions.ts';

/** Options of a build. */
export interface BuildFlags {
  /** Whether bundles are minified, without source maps and without tests. */
  readonly production: boolean;
  /** Directory that `dist/` and `out/` are written to; the repository by default. */
  readonly outputRoot?: string;
  /** Source of the one bundle to build; all by default. */
  readonly only?: string;
  /** Whether the bundles stay together, so that none has to contain what is beside it. */
  readonly together?: boolean;
  readonly log: (line: string) => void;
}

/**
 * CommonJS has no `import.meta`, but sources and libraries locate other files through it. The bundle defines it from
 * `__filename`; a module's URL then is the URL of its bundle.
 */
const IMPORT_META = {
  define: {
    'import.meta.url': '__bundleUrl',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  banner: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;",
};

function options(
  bundle: Bundle,
  { production, outputRoot = ROOT, together = false }: BuildFlags,
  embed: (path: string) => void,
): BuildOptions {
  const outfile = join(outputRoot, bundle.output);
  const selfContained = bundle.selfContained === true && !together;
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    entryPoints: [bundle.source],
    outfile,
    metafile: true,
    minify: production,
    sourcemap: production ? false : 'linked',
  };
  if (bundle.page) return { ...PAGE_OPTIONS, ...common };
  if (bundle.web) return { ...common, ...webOptions(bundle.web, bundle.external, embed) };
  return {
    ...common,
    bundle: true,
    // The extension host reads CommonJS; with one format for all bundles, `__filename` works in all of them.
    format: 'cjs',
    platform: 'node',
    // The command line supports Node 20; the extension hosts are newer.
    target: 'node20',
    external: [...(bundle.external ?? [])],
    define: IMPORT_META.define,
    banner: { js: [bundle.shebang, "'use strict';", IMPORT_META.banner].filter(Boolean).join('\n') },
    // Packages such as vscode-languageserver publish both formats; only ES modules can be tree-shaken.
    mainFields: ['module', 'main'],
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [
      demangler(dirname(outfile), selfContained, embed),
      goDriver(),
      wasmTools(dirname(outfile), selfContained, embed),
      ...(selfContained ? [reportPage(production, embed), rulePages()] : []),
    ],
  };
}

/** A bundle that can be built, and the files that plugins embed in it, absolute. */
interface Built {
  readonly bundle: Bundle;
  readonly context: BuildContext;
  readonly embedded: Set<string>;
}

/** Contexts of all bundles whose source exists; the others are named in the log. */
async function contexts(flags: BuildFlags): Promise<Built[]> {
  const all = bundles(flags.production).filter(({ source }) => flags.only === undefined || source === flags.only);
  for (const missing of all.filter((bundle) => !existsSync(join(ROOT, bundle.source)))) {
    flags.log(`skipped ${missing.output}: there is no ${missing.source}`);
  }
  const present = all.filter((bundle) => existsSync(join(ROOT, bundle.source)));
  if (!flags.production) await dropStaleTests(new Set(present.map((bundle) => basename(bundle.output))));
  return Promise.all(
    present.map(async (bundle) => {
      const embedded = new Set<string>();
      return { bundle, embedded, context: await context(options(bundle, flags, (path) => embedded.add(path))) };
    }),
  );
}

/** Deletes bundled tests whose source no longer exists: they must not run. */
async function dropStaleTests(current: ReadonlySet<string>): Promise<void> {
  const files = existsSync(TEST_BUNDLE) ? await readdir(TEST_BUNDLE) : [];
  const stale = files.filter((file) => !current.has(file.replace(/\.map$/, '')));
  await Promise.all(stale.map((file) => rm(join(TEST_BUNDLE, file), { recursive: true })));
}

/** Writes the translations where the `l10n` of the manifest says, in the one file that VS Code reads. */
async function writeTranslations(outputRoot: string): Promise<void> {
  const path = join(outputRoot, 'dist/l10n/bundle.l10n.zh-cn.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(mergedTranslations(readTranslations())));
}

/** Thrown if a bundle fails; esbuild has printed why. */
class BuildFailed extends Problem {}

/**
 * Builds all bundles once, even if some of them fail. Returns the absolute paths of all files that are in them.
 * @throws BuildFailed if a bundle fails
 */
export async function build(flags: BuildFlags): Promise<ReadonlySet<string>> {
  const started = Date.now();
  const built = await contexts(flags);
  const results = await Promise.allSettled(built.map((entry) => entry.context.rebuild()));
  await writeTranslations(flags.outputRoot ?? ROOT);
  await Promise.all(built.map((entry) => entry.context.dispose()));
  const outputs = (status: string) => built.filter((_, i) => results[i].status === status).map((b) => b.bundle.output);
  flags.log(`built ${outputs('fulfilled').join(', ')} in ${Date.now() - started} ms`);
  const failed = outputs('rejected');
  if (failed.length > 0) throw new BuildFailed(`could not build ${failed.join(', ')}`);
  const inputs = new Set(built.flatMap(({ embedded }) => [...embedded]));
  for (const result of results) if (result.status === 'fulfilled') addInputs(inputs, result.value.metafile);
  return inputs;
}

/** Adds the files that are in the outputs: not those of which nothing was left. */
function addInputs(inputs: Set<string>, metafile: Metafile | undefined): void {
  for (const output of Object.values(metafile?.outputs ?? {}))
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs))
      if (bytesInOutput > 0) inputs.add(join(ROOT, path));
}

/** Builds, and rebuilds on every change, until the process ends. */
export async function watch(flags: BuildFlags): Promise<void> {
  const built = await contexts(flags);
  await Promise.all(built.map((entry) => entry.context.watch()));
  await writeTranslations(flags.outputRoot ?? ROOT);
  flags.log(`watching ${built.length} bundles; Ctrl+C ends`);
}

/**
 * esbuild plugin that bundles `@bytecodealliance/jco-transpile/wasm-tools`.
 *
 * - It locates its two `.wasm` files through `import.meta.url`; they are copied next to the bundle, or embedded if the
 *   bundle must be a single file: compressed, because each start of the program reads the whole file, even if there is
 *   nothing to compile.
 * - Its WASI shim for Node starts threads and opens the file system. The component only converts text to bytes, so the
 *   browser's shim, which does neither, is enough.
 */

import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';

/** Modules of the WASI shim. */
export const SHIM = /^@bytecodealliance\/preview2-shim\/\w+$/;
/** The program. */
export const TOOLS = /jco-transpile[\\/]vendor[\\/]wasm-tools\.js$/;
/** How it loads its `.wasm` files; the first group is the name, after `./`. */
export const FETCH = /fetchCompile\(new URL\('(\.\/[\w.-]+\.wasm)', import\.meta\.url\)\)/g;

/** The best quality takes seconds and saves only a tenth. */
const QUALITY = 9;

async function compressed(file: string): Promise<string> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  return (await promisify(brotliCompress)(await readFile(file), { params })).toString('base64');
}

/** Resolves a module of the WASI shim to that for browsers. */
export async function withBrowserShim(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  if (args.pluginData === 'wasm-tools') return undefined;
  const { kind, resolveDir, importer } = args;
  const found = await build.resolve(args.path, { kind, resolveDir, importer, pluginData: 'wasm-tools' });
  if (found.errors.length > 0) return { errors: found.errors };
  return { path: found.path.replace(/([\\/]dist[\\/])nodejs([\\/])/, '$1browser$2') };
}

/**
 * Copies the `.wasm` files to `outputDirectory`, or embeds them if `selfContained`; `embed` is called with each of them.
 */
export function wasmTools(outputDirectory: string, selfContained: boolean, embed: (path: string) => void): Plugin {
  return {
    name: 'wasm-tools',
    setup(build) {
      build.onResolve({ filter: SHIM }, (args) => withBrowserShim(build, args));

      build.onLoad({ filter: TOOLS }, async (args) => {
        const source = await readFile(args.path, 'utf8');
        const files = [...source.matchAll(FETCH)].map((match) => match[1]);
        if (files.length === 0) {
          return { errors: [{ text: 'wasm-tools.js no longer loads its .wasm files the way the build expects' }] };
        }
        const directory = dirname(args.path);
        for (const file of files) embed(join(directory, file));
        if (!selfContained) {
          await mkdir(outputDirectory, { recursive: true });
          await Promise.all(
            files.map((file) => copyFile(join(directory, file), join(outputDirectory, basename(file)))),
          );
          return { contents: source, loader: 'js' };
        }
        const encoded = new Map<string, string>();
        for (const file of files) encoded.set(file, await compressed(join(directory, file)));
        const contents = source.replace(
          FETCH,
          (_, file: string) => `WebAssembly.compile(__unpack(Buffer.from('${encoded.get(file)}', 'base64')))`,
        );
        return { contents: `import { brotliDecompressSync as __unpack } from 'node:zlib';\n${contents}`, loader: 'js' };
      });
    },
  };
}

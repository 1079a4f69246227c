/**
 * Modules that are built from the sources in `sources/`, into `.cache/built/`: what people write in C, Go and
 * AssemblyScript rather than take from a package. A module is built again when its sources or its command change.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CannotInstall, npmCi } from '../../npmCi.ts';
import { ROOT } from '../../paths.ts';
import { findOnPath } from '../../vscode/processes.ts';

const run = promisify(execFile);

const SOURCES = join(import.meta.dirname, '..', 'sources');
const BUILT = join(ROOT, '.cache', 'built');

/** A module that is built from source. */
interface Recipe {
  /** File or folder in `sources/`. */
  source: string;
  /** Why this machine cannot build it; undefined if it can. */
  missing(): Promise<string | undefined>;
  /** Builds `output`, in the folder `work`, which holds a copy of the source. */
  build(work: string, output: string): Promise<void>;
}

/** Modules by file name in `.cache/built`. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  'greet-c.wasm': c('greet.c', ['-mexec-model=reactor', '-Wl,--export=malloc,--export=free']),
  'router.wasm': c('router.c', ['-nostartfiles', '-Wl,--no-entry']),
  'reactor-c.wasm': c('constructor.c', ['-mexec-model=reactor']),
  'command-c.wasm': c('constructor.c', ['-DCOMMAND']),
  'wrapped-c.wasm': c('constructor.c', ['-nostartfiles', '-Wl,--no-entry']),
  'locks-c.wasm': c('locks.c', [
    ...['-nostdlib', '-matomics', '-mbulk-memory', '-Wno-empty-body'],
    ...['-Wl,--no-entry', '-Wl,--shared-memory,--max-memory=131072'],
  ]),
  'greet-go.wasm': {
    source: 'greet-go',
    missing: missingGo,
    async build(work, output) {
      const env = { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOFLAGS: '', GOTOOLCHAIN: 'local' };
      await run('go', ['build', '-trimpath', '-buildmode=c-shared', '-o', output, '.'], { cwd: work, env });
    },
  },
  'greet-as.wasm': {
    source: 'assemblyscript',
    missing: () => Promise.resolve(undefined),
    async build(work, output) {
      await npmCi(work);
      // The compiler takes only this ending, which the tools of this repository would take for TypeScript.
      await rename(join(work, 'greet.as'), join(work, 'greet.ts'));
      const compiler = join('node_modules', 'assemblyscript', 'bin', 'asc.js');
      await run(process.execPath, [compiler, 'greet.ts', '-O', '--exportRuntime', '-o', output], { cwd: work });
    },
  },
};

/** Absolute path of a built module. */
export const builtPath = (name: string): string => join(BUILT, name);

/** Names of the modules that can be built. */
export const BUILT_NAMES: readonly string[] = Object.keys(RECIPES);

/**
 * Builds a module unless it is there, of the same source.
 * @returns why it cannot be built on this machine; undefined if it is there now
 * @throws Error if a compiler refuses the source
 */
export async function ensureBuilt(name: string): Promise<string | undefined> {
  const { source, missing, build } = RECIPES[name];
  const path = builtPath(name);
  const key = keyOf(source);
  if (existsSync(path) && existsSync(`${path}.key`) && readFileSync(`${path}.key`, 'utf8') === key) return undefined;
  const why = await missing();
  if (why !== undefined) return why;
  const work = join(BUILT, `${name}.${process.pid}`);
  try {
    await mkdir(work, { recursive: true });
    const from = join(SOURCES, source);
    await cp(from, source.includes('.') ? join(work, source) : work, { recursive: true });
    const output = join(work, 'output.wasm');
    await build(work, output);
    // Another test may read the module: it must never see a partial one.
    await rename(output, path);
    await writeFile(`${path}.key`, key);
    return undefined;
  } catch (error) {
    if (error instanceof CannotInstall) return error.message;
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A digest of the sources and of the commands that build them. */
function keyOf(source: string): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  const files = source.includes('.') ? [source] : globSync('**/*.*', { cwd: join(SOURCES, source) }).sort();
  for (const file of files) hash.update(readFileSync(join(SOURCES, source.includes('.') ? '' : source, file)));
  return hash.digest('hex');
}

/** C with wasi-libc, optimised as releases are. */
function c(source: string, flags: string[]): Recipe {
  return {
    source,
    missing: () => Promise.resolve(missingC()),
    async build(work, output) {
      await run('clang', ['--target=wasm32-wasi', '-O2', source, ...flags, '-o', output], { cwd: work });
    },
  };
}

function missingC(): string | undefined {
  if (!findOnPath('clang') || !findOnPath('wasm-ld'))
    return 'C compiled to WebAssembly: clang and lld are not installed (Debian: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32)';
  return existsSync('/usr/lib/wasm32-wasi/libc.a')
    ? undefined
    : 'C compiled by clang: there is no wasi-libc in /usr/lib/wasm32-wasi (Debian: apt-get install wasi-libc)';
}

/** The first version with `//go:wasmexport`. */
const GO_MINOR = 24;

async function missingGo(): Promise<string | undefined> {
  if (!findOnPath('go')) return 'a WASI reactor in Go: it is not installed';
  const { stdout } = await run('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } });
  const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? GO_MINOR);
  return minor >= GO_MINOR
    ? undefined
    : `a WASI reactor in golang: that needs version 1.${GO_MINOR}, and ${stdout.trim()} is installed`;
}

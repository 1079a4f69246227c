/**
 * The corpus: real modules from npm packages, for tests of the decoder and for benchmarks. `modules.json` lists each
 * by package, version, path, size and SHA-256; the modules themselves are not committed. They are fetched with `npm
 * pack` (the user's own registry settings apply) or `go mod download`, checked, and kept in `.cache/corpus/<package>@<version>/<path>`.
 *
 * As a program, `node scripts/corpus/fetch.ts [text...]` fetches the modules whose name contains one of the texts (all
 * modules if none is given) and prints a line for each.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { main, Problem } from '../failure.ts';
import { ROOT } from '../paths.ts';
import { embeddedModule } from './embedded.ts';
import modules from './modules.json' with { type: 'json' };

const run = promisify(execFile);

/** An entry of `modules.json`. */
export interface CorpusEntry {
  package: string;
  version: string;
  /** Path inside the package; of a module inside a script, its path in the cache. */
  file: string;
  /** Where the package is, if not in npm's registry: a Go module, fetched with `go mod download`. */
  from?: 'go';
  /** Path inside the package of the script that contains the module as base64; see embedded.ts. */
  script?: string;
  bytes: number;
  sha256: string;
}

/** A module of the corpus with its place in the cache. */
export interface CorpusModule extends CorpusEntry {
  /** `package/file`, unique in the corpus and short enough for a table. */
  name: string;
  /** Absolute path of the module. */
  path: string;
}

/** The corpus cannot be fetched: no network, no such package, or an unexpected file. */
export class CorpusError extends Problem {
  override name = 'CorpusError';
}

const cache = join(ROOT, '.cache', 'corpus');

/** Every module of the corpus, fetched or not. */
export const corpus: CorpusModule[] = (modules as CorpusEntry[]).map(located);

/** A file of a package with its place in the cache, whether it is a module or not. */
export function located(entry: CorpusEntry): CorpusModule {
  return {
    ...entry,
    name: `${entry.package}/${entry.file}`,
    path: join(cache, `${entry.package.replaceAll('/', '__')}@${entry.version}`, entry.file),
  };
}

/**
 * The modules that `filter` accepts, fetched if they are not in the cache.
 * @throws CorpusError naming the first package that could not be fetched
 */
export async function ensureCorpus(
  filter: (module: CorpusModule) => boolean = () => true,
  log: (line: string) => void = () => {},
): Promise<CorpusModule[]> {
  const wanted = corpus.filter(filter);
  await ensureFiles(wanted, log);
  return wanted;
}

/**
 * Fetches files that are not in the cache.
 * @throws CorpusError naming the first package that could not be fetched
 */
export async function ensureFiles(
  wanted: readonly CorpusModule[],
  log: (line: string) => void = () => {},
): Promise<void> {
  const missing = new Map<string, CorpusModule[]>();
  for (const module of wanted) {
    if (await isCached(module)) {
      log(`cached   ${describe(module)}`);
      continue;
    }
    const key = `${module.package}@${module.version}`;
    missing.set(key, [...(missing.get(key) ?? []), module]);
  }
  // One package at a time, so as not to burden the registry.
  for (const [spec, files] of missing) {
    await fetchPackage(spec, files);
    for (const module of files) log(`fetched  ${describe(module)}`);
  }
}

/**
 * Whether a module is in the cache. The hash was checked before the file was written (atomically), so checking its
 * size is enough.
 */
async function isCached(module: CorpusModule): Promise<boolean> {
  if (!existsSync(module.path)) return false;
  return (await stat(module.path)).size === module.bytes;
}

async function fetchPackage(spec: string, files: CorpusModule[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'wasm-hazards-corpus-'));
  try {
    const goFolder = files[0].from === 'go' ? await goDownload(spec, scratch) : undefined;
    const tarball = goFolder === undefined ? await npmPack(spec, scratch) : '';
    for (const module of files) {
      const bytes =
        goFolder === undefined ? await moduleIn(tarball, module) : await readFile(join(goFolder, module.file));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (sha256 !== module.sha256) {
        throw new CorpusError(`${spec}: ${module.file} has SHA-256 ${sha256}, expected ${module.sha256}`);
      }
      await mkdir(dirname(module.path), { recursive: true });
      // Tests and benchmarks may fetch concurrently: a reader must never see a partial file.
      const partial = `${module.path}.${process.pid}`;
      await writeFile(partial, bytes);
      await rename(partial, module.path);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Folder with the files of a Go module. */
async function goDownload(spec: string, cwd: string): Promise<string> {
  try {
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '' };
    const { stdout } = await run('go', ['mod', 'download', '-json', spec], { cwd, env });
    return (JSON.parse(stdout) as { Dir: string }).Dir;
  } catch (error) {
    throw new CorpusError(
      `cannot fetch ${spec} with go mod download (offline, or not installed?): ${firstLine(error)}`,
    );
  }
}

/** Bytes of a script for each byte of the module in it, at most: base64, code, and other modules. */
const SCRIPT_SIZE = 8;

/** A module of a package: one of its files, or what a script of it contains. */
async function moduleIn(tarball: string, { file, script, bytes }: CorpusModule): Promise<Uint8Array> {
  if (script === undefined) return extract(tarball, `package/${file}`, bytes);
  const text = (await extract(tarball, `package/${script}`, SCRIPT_SIZE * bytes)).toString('latin1');
  const module = embeddedModule(text);
  if (module === undefined) throw new CorpusError(`${script} contains no module as base64`);
  return module;
}

/** Path of the downloaded tarball. */
async function npmPack(spec: string, destination: string): Promise<string> {
  const args = ['pack', spec, '--json', '--loglevel=error', '--ignore-scripts', '--pack-destination', destination];
  // Under `npm run`, npm gives its own path; otherwise it is found on the PATH (a `.cmd` file on Windows).
  const npm = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  try {
    const { stdout } = npm
      ? await run(process.execPath, [npm, ...args], { cwd: destination })
      : await run('npm', args, { cwd: destination, shell: process.platform === 'win32' });
    const answer: unknown = JSON.parse(stdout);
    // npm before version 12 prints a list, later versions a record by package.
    const [{ filename }] = Object.values(answer as Record<string, { filename: string }>);
    return join(destination, filename);
  } catch (error) {
    throw new CorpusError(`cannot fetch ${spec} with npm pack (offline?): ${firstLine(error)}`);
  }
}

/** Extracts one file from a gzipped tarball with the system's tar (part of Windows since version 10). */
async function extract(tarball: string, file: string, bytes: number): Promise<Buffer> {
  try {
    const options = { encoding: 'buffer', maxBuffer: bytes + 65536 } as const;
    return (await run('tar', ['-xOzf', tarball, file], options)).stdout;
  } catch (error) {
    throw new CorpusError(`cannot unpack ${file}: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer | string; message: string };
  const lines = `${stderr?.toString() || message}`.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /ERR!|error/i.test(line)) ?? lines[0] ?? 'unknown error';
}

function describe(module: CorpusModule): string {
  return `${(module.bytes / 1e6).toFixed(2).padStart(6)} MB  ${module.name}`;
}

if (import.meta.main) {
  const texts = process.argv.slice(2);
  await main(async () => {
    await ensureCorpus((module) => texts.length === 0 || texts.some((text) => module.name.includes(text)), console.log);
    return 0;
  });
}

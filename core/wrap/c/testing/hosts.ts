/**
 * The real hosts of generated C: Wasmtime's headers from the crate wasmtime-c-api-impl and its library from the Python
 * package wasmtime, which exports the whole C API; WAMR from the crate wamr-sys, which brings its sources, though of an
 * older version. Pinned by version and checksum, fetched by the ordinary clients into `.cache/hosts`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { alone } from '../../testing/madeOnce.ts';
import { ran, temporary } from '../../testing/tools.ts';

const CACHE = join(import.meta.dirname, '../../../../.cache/hosts');

/** What a compiler needs to build a program of generated C. */
export interface CHost {
  name: 'wasmtime-c-api' | 'wamr';
  /** Flags for compiling. */
  compile: string[];
  /** Flags for linking, after the sources. */
  link: string[];
}

interface Pinned {
  name: string;
  version: string;
  sha256: string;
}

const HEADERS: Pinned = {
  name: 'wasmtime-c-api-impl',
  version: '50.0.1',
  sha256: '3c24d3970786b4baecb5b6aff31759b4f361879e8d99dbd5dc36a9524a0db6e6',
};
const LIBRARY: Pinned = {
  name: 'wasmtime',
  version: '50.0.1',
  sha256: 'cc14c3a17654e0394e0225b11813532ef0cd7bd1e222a0c5494cdedaabeddac4',
};
const WAMR: Pinned = {
  name: 'wamr-sys',
  version: '0.1.1',
  sha256: '7f8519ccb3c87b57003ea20d6d8ccbf57c8a2999fe1035369a2758b2d80341d0',
};

/** Wasmtime's headers as flags for a compiler; only if they are in the cache already. */
export function cachedHeaders(): string[] | undefined {
  const folder = join(CACHE, 'include', `wasmtime-${HEADERS.version}`);
  return existsSync(folder) ? ['-isystem', folder] : undefined;
}

/** Declarations of WAMR, written for tests. */
export const WAMR_DECLARATIONS = ['-isystem', join(import.meta.dirname, 'wamr')];

/** Wasmtime, or in one line why generated C is not run on it. */
export function wasmtimeC(): CHost | string {
  return attempt('the C of generated wrappers on the real Wasmtime', () => {
    const include = once(join(CACHE, 'include', `wasmtime-${HEADERS.version}`), (folder) => {
      cpSync(join(crate(HEADERS, folder), 'include'), join(folder, 'made'), { recursive: true });
      const template = readFileSync(join(folder, 'made/wasmtime/conf.h.in'), 'utf8');
      // What CMake would write for a build with all features.
      const conf = template.replace(/^#cmakedefine (.*)$/gm, '#define $1');
      writeFileSync(join(folder, 'made/wasmtime/conf.h'), conf);
    });
    const library = once(join(CACHE, 'python', `libwasmtime-${LIBRARY.version}`), (folder) => {
      const wanted = `${LIBRARY.name}==${LIBRARY.version}`;
      const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '-d', folder, wanted];
      ran('python3', args, { cwd: folder });
      const wheel = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
      verify(wheel, LIBRARY);
      ran('python3', ['-m', 'zipfile', '-e', wheel, folder], { cwd: folder });
      mkdirSync(join(folder, 'made'));
      cpSync(join(folder, 'wasmtime/linux-x86_64/_libwasmtime.so'), join(folder, 'made/libwasmtime.so'));
    });
    return {
      name: 'wasmtime-c-api',
      compile: ['-isystem', include],
      link: [`-L${library}`, `-Wl,-rpath,${library}`, '-lwasmtime', '-lpthread'],
    };
  });
}

/** Build options of WAMR: the interpreter, threads and shared memory. */
const WAMR_OPTIONS = [
  'CMAKE_BUILD_TYPE=Release',
  'WAMR_BUILD_AOT=0',
  'WAMR_BUILD_BULK_MEMORY=1',
  'WAMR_BUILD_REF_TYPES=1',
  'WAMR_BUILD_LIB_PTHREAD=1',
  'WAMR_BUILD_SHARED_MEMORY=1',
  'WAMR_BUILD_THREAD_MGR=1',
];

/** WAMR, or in one line why generated C is not run on it. */
export function wamrC(): CHost | string {
  return attempt('the C of generated wrappers on the real WAMR', () => {
    const folder = once(join(CACHE, 'include', `wamr-sys-${WAMR.version}`), (making) => {
      const source = crate(WAMR, making);
      cpSync(source, join(making, 'made'), { recursive: true });
      const build = join(making, 'made/build');
      const options = WAMR_OPTIONS.map((one) => `-D${one}`);
      ran('cmake', ['-S', join(making, 'made/libiwasm'), '-B', build, ...options], { cwd: making });
      ran('cmake', ['--build', build, '--target', 'iwasm'], { cwd: making });
    });
    const build = join(folder, 'build');
    // What the older version lacks is compiled with the headers inside the runtime, as the runtime was. The paths are
    // those of the folder in which it was built.
    const flags = readFileSync(join(build, 'CMakeFiles/iwasm.dir/flags.make'), 'utf8');
    const own = /^C_(?:DEFINES|INCLUDES) = (.*)$/gm;
    const given = [...flags.matchAll(own)].flatMap(([, words]) => words.split(' ')).filter((word) => word !== '');
    const moved = given.map((word) => word.replace(/^-I.*?\/made\//, `-I${folder}/`));
    const older = join(temporary(), 'older.o');
    ran('cc', ['-std=gnu99', '-O1', ...moved, '-c', join(import.meta.dirname, 'wamr/older.c'), '-o', older], {
      cwd: build,
    });
    const wrapped = ['wasm_runtime_lookup_function', 'wasm_runtime_register_natives_raw'];
    return {
      name: 'wamr',
      compile: ['-DWAMR', ...WAMR_DECLARATIONS],
      link: [
        older,
        ...wrapped.map((name) => `-Wl,--wrap=${name}`),
        `-L${build}`,
        `-Wl,-rpath,${build}`,
        '-liwasm',
        '-lpthread',
        '-lm',
      ],
    };
  });
}

function attempt(what: string, make: () => CHost): CHost | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${what}: only on Linux on x86-64`;
  try {
    return make();
  } catch (error) {
    return `${what}: ${
      (error as Error).message
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-1)[0]
    }`;
  }
}

/** A folder that is made once: `make` fills `made` in a folder of its own, which then gets the name. */
function once(folder: string, make: (making: string) => void): string {
  return alone(folder, () => {
    if (existsSync(folder)) return folder;
    const making = `${folder}.${process.pid}`;
    mkdirSync(making, { recursive: true });
    try {
      make(making);
      renameSync(join(making, 'made'), folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
    return folder;
  });
}

/** The unpacked crate, in a folder inside `folder`. */
function crate(pinned: Pinned, folder: string): string {
  const whole = `${pinned.name}-${pinned.version}`;
  // Cargo downloads a crate to describe it, and keeps the archive.
  const { status, stderr, error } = spawnSync('cargo', ['info', `${pinned.name}@${pinned.version}`], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(error?.message ?? stderr);
  const cache = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/cache');
  const archives = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name, `${whole}.crate`)) : [];
  const archive = archives.find((name) => existsSync(name));
  if (archive === undefined) throw new Error(`cargo keeps no archive of ${whole}`);
  verify(archive, pinned);
  ran('tar', ['xzf', archive], { cwd: folder });
  return join(folder, whole);
}

function verify(file: string, { name, version, sha256 }: Pinned): void {
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (found !== sha256) throw new Error(`${name} ${version} has the checksum ${found}, not ${sha256}`);
}

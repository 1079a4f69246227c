/** Modules with debug information, built from `cases/`: how each is built, and where its binary is kept. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Folder of the sources, the binaries that were built from them, and what LLVM reads in those. */
const CASES = join(import.meta.dirname, '..', 'cases');

const SOURCES = ['counter.h', 'counter.c', 'other.c', 'shapes.cpp'];
const C = ['counter.c', 'other.c'];
const LINKED = ['-Wl,--no-entry', '-nostdlib', '-matomics', '-mbulk-memory', '-ftls-model=local-exec'];
const SHARED = ['-Wl,--shared-memory', '-Wl,--max-memory=131072'];

/** Name of the binary: the compiler's arguments. */
export const RECIPES: Readonly<Record<string, readonly string[]>> = {
  'c-dwarf4': ['-g', ...LINKED, ...C],
  'c-dwarf5': ['-gdwarf-5', ...LINKED, ...C],
  'c-dwarf2-optimised': ['-gdwarf-2', '-gstrict-dwarf', '-O1', ...LINKED, ...C],
  'c-dwarf3': ['-gdwarf-3', ...LINKED, ...C],
  'c-optimised': ['-g', '-O2', ...LINKED, ...C],
  'c-dwarf5-optimised': ['-gdwarf-5', '-O2', ...LINKED, ...C],
  'c-split': ['-g', '-gsplit-dwarf', ...LINKED, ...C],
  'c-dwarf5-split': ['-gdwarf-5', '-gsplit-dwarf', '-O1', ...LINKED, ...C],
  'c-types': ['-g', '-fdebug-types-section', ...LINKED, ...C],
  'c-dwarf5-types': ['-gdwarf-5', '-fdebug-types-section', '-O1', ...LINKED, ...C],
  'c-threads': ['-g', '-O1', ...LINKED, ...SHARED, ...C],
  'c-removed': ['-g', '-O1', '-ffunction-sections', '-fdata-sections', '-Wl,--gc-sections', ...LINKED, ...C],
  'c-whole-program': ['-g', '-O2', '-flto', ...LINKED, ...C],
  'c-lines-only': ['-gline-tables-only', '-O1', ...LINKED, ...C],
  'cpp-dwarf4': ['-g', '-O1', ...LINKED, 'shapes.cpp'],
  'cpp-dwarf5': ['-gdwarf-5', ...LINKED, 'shapes.cpp'],
  'cpp-dwarf5-types': ['-gdwarf-5', '-O2', '-fdebug-types-section', ...LINKED, 'shapes.cpp'],
};

/** The kept binary of a recipe, and LLVM's reading of it. */
export const casePaths = (name: string): { binary: string; golden: string } => ({
  binary: join(CASES, `${name}.wasm`),
  golden: join(CASES, `${name}.golden.json`),
});

/** Why nothing can be built on this machine; undefined if it can. */
export function missingClang(): string | undefined {
  const there = (tool: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, tool)));
  return there('clang') && there('wasm-ld')
    ? undefined
    : 'DWARF that clang writes: it is not installed (Debian: apt-get install clang lld)';
}

/** Builds a module. Its paths begin with `/build`, wherever it is built. @throws Error if the compiler fails */
export async function buildCase(name: string, output: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'wasm-hazards-dwarf-'));
  try {
    for (const source of SOURCES) await cp(join(CASES, source), join(work, source));
    const own = RECIPES[name];
    const standard = own.includes('shapes.cpp') ? ['-std=c++17'] : [];
    const args = ['--target=wasm32-wasi', `-ffile-prefix-map=${work}=/build`, ...standard, ...own, '-o', output];
    // With optimisations, clang calls the wasm-opt that it finds: npm's, which changes the code but not its lines.
    const PATH = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
    await run('clang', args, { cwd: work, env: { ...process.env, PATH: PATH.join(delimiter) } });
  } finally {
    await rm(work, { recursive: true });
  }
}

const RUST_TARGET = 'wasm32-unknown-unknown';

/** Why `buildRust` cannot be used on this machine; undefined if it can. */
export async function missingRustTarget(): Promise<string | undefined> {
  const missing = `DWARF that rustc writes: its target ${RUST_TARGET} is not installed`;
  try {
    const { stdout } = await run('rustc', ['--print', 'target-libdir', '--target', RUST_TARGET]);
    return existsSync(stdout.trim()) ? undefined : missing;
  } catch {
    // No rustc, or one that does not know the target.
    return missing;
  }
}

/** Builds the case in Rust. @throws Error if the compiler fails */
export async function buildRust(output: string): Promise<void> {
  const flags = ['--crate-type', 'cdylib', '-g', '-O', '-C', 'panic=abort', '--remap-path-prefix', `${CASES}=/build`];
  await run('rustc', ['--target', RUST_TARGET, ...flags, join(CASES, 'counter.rs'), '-o', output]);
}

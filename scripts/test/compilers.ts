/** Compilers that tests use: the installed ones, else Debian's if the tests run as root. */

import { existsSync } from 'node:fs';
import { findOnPath, run } from '../vscode/processes.ts';

type Log = (line: string) => void;

interface Compiler {
  name: string;
  isThere(): boolean;
  /** Packages of Debian. */
  packages: string[];
}

/** What builds a runtime in C from its source, for the tests on real hosts. */
const FOR_HOSTS: Compiler = {
  name: 'CMake',
  isThere: () => findOnPath('cmake') !== undefined && findOnPath('make') !== undefined,
  packages: ['cmake', 'make', 'gcc', 'libc6-dev'],
};

const COMPILERS: readonly Compiler[] = [
  {
    name: 'Go',
    isThere: () => findOnPath('go') !== undefined && findOnPath('gofmt') !== undefined,
    // The race detector needs a C compiler.
    packages: ['golang-go', 'gcc', 'libc6-dev'],
  },
  {
    name: 'clang for WebAssembly',
    isThere: () =>
      findOnPath('clang') !== undefined &&
      findOnPath('wasm-ld') !== undefined &&
      existsSync('/usr/lib/wasm32-wasi/libc.a'),
    packages: ['clang', 'lld', 'wasi-libc', 'libclang-rt-dev-wasm32'],
  },
  {
    name: 'LLVM (llvm-dwarfdump)',
    isThere: () => findOnPath('llvm-dwarfdump') !== undefined && findOnPath('llvm-symbolizer') !== undefined,
    packages: ['llvm'],
  },
];

/**
 * Installs what is missing and can be installed. Never throws: without a compiler its tests are skipped, and a line says
 * so. `hosts`: also what the tests on real hosts need.
 */
export async function ensureCompilers(log: Log, hosts: boolean): Promise<void> {
  const wanted = hosts ? [...COMPILERS, FOR_HOSTS] : COMPILERS;
  const missing = wanted.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  const apt = findOnPath('apt-get');
  if (!apt || process.getuid?.() !== 0) {
    for (const { name, packages } of missing)
      log(`${name} cannot be used: it is not installed (Debian: apt-get install ${packages.join(' ')})`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const { name, packages, isThere } of missing) {
    log(`installing ${packages.join(' ')} with apt-get ...`);
    try {
      await run(apt, ['update', '-q'], { env });
      await run(apt, ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
    } catch (error) {
      log(`${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    if (!isThere()) log(`${name} cannot be used: apt-get installed it, yet it is not found`);
  }
}

/** A crate with the real Wasmtime, for tests of generated code. It is compiled in `.cache/hosts`, and kept there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from '../../testing/madeOnce.ts';
import { missing, ran } from '../../testing/tools.ts';

const PINNED = join(import.meta.dirname, 'crate');
const CACHE = join(import.meta.dirname, '../../../../.cache/hosts/cargo');
const TARGET = join(CACHE, 'target');

/** Environment of every `cargo` command. `WASM_HAZARDS_CARGO_TARGET`: another folder for what is compiled. */
const CARGO_ENV = { CARGO_TARGET_DIR: process.env.WASM_HAZARDS_CARGO_TARGET ?? TARGET, RUSTFLAGS: '' };

/** Seconds for Wasmtime to compile on a slow or busy machine. */
const SECONDS = 1800;

/**
 * Why the Rust of wrappers cannot be checked, in one line: the reason to skip its tests. Downloads what is missing into
 * Cargo's own cache, as `cargo build` would.
 */
export function rustMissing(): string | undefined {
  const what = 'the Rust of generated wrappers, with the real Wasmtime';
  const absent = missing(what, 'cargo', 'rustc', 'rustfmt');
  if (absent !== undefined) return absent;
  try {
    return alone(join(CACHE, 'fetch'), () => {
      const crate = rustCrate('fetch');
      crate.write('src/lib.rs', '');
      crate.cargo(['fetch', '--quiet'], 300);
      return undefined;
    });
  } catch (error) {
    const lines = (error as Error).message.split('\n').filter((line) => /^(?:error|Caused by|cargo|\s+\S)/.test(line));
    return `${what}: ${lines.slice(0, 3).join(' ').slice(0, 300)}`;
  }
}

/** A crate in a folder of its own. */
export interface RustCrate {
  folder: string;
  /** Writes a file, by its path in the crate. */
  write(path: string, contents: string | Uint8Array): void;
  /** Output of `cargo` with these arguments. @throws Error with all that it said */
  cargo(args: readonly string[], seconds?: number): string;
  /** How `cargo` with these arguments ended, and all that it printed. */
  outcome(args: readonly string[]): { passed: boolean; text: string };
}

/** An empty crate that depends on Wasmtime; `name`: of its folder, which is emptied. */
export function rustCrate(name: string): RustCrate {
  const folder = join(CACHE, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  cpSync(PINNED, folder, { recursive: true });
  restoreLock(folder);
  return {
    folder,
    write: (path, contents) => writeFileSync(join(folder, path), contents),
    cargo: (args, seconds = SECONDS) => ran('cargo', args, { cwd: folder, env: CARGO_ENV, seconds }),
    outcome: (args) => {
      const { status, error, stdout, stderr } = spawnSync('cargo', args, {
        cwd: folder,
        env: { ...process.env, ...CARGO_ENV },
        encoding: 'utf8',
        timeout: SECONDS * 1000,
        maxBuffer: 1 << 28,
      });
      if (status === null) throw new Error(`cargo ${args.join(' ')}: ${error?.message}\n${stdout}${stderr}`);
      return { passed: status === 0, text: `${stdout}${stderr}` };
    },
  };
}

/** The committed lock file names no registry: Cargo's own lines are put back, as it writes them for any crate. */
function restoreLock(folder: string): void {
  const path = join(folder, 'Cargo.lock');
  const lock = readFileSync(path, 'utf8');
  rmSync(path);
  writeFileSync(join(folder, 'src/lib.rs'), '');
  ran('cargo', ['generate-lockfile', '--quiet'], { cwd: folder, env: CARGO_ENV });
  const [source] = /^source = .*$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (source === undefined) throw new Error('cargo generate-lockfile wrote no sources');
  writeFileSync(path, lock.replace(/^checksum = /gm, `${source}\n$&`));
}

/** Go modules with the real wazero, for tests of generated code. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../testing/paths.ts';
import { missing, ran, temporary } from '../../testing/tools.ts';

/** `newest`: the newest tested version of wazero. `oldest`: the oldest one that generated code supports. */
export type WazeroVersion = 'newest' | 'oldest';

/** Environment of every `go` command: no workspace around the tests' folder, no flags of the user. */
export const GO_ENV = { GOFLAGS: '', GOWORK: 'off' };

/** Folder of the pinned Go modules: one for each version of wazero. */
export const GO_MODULES = join(import.meta.dirname, 'module');

const pinned = (version: WazeroVersion | 'staticcheck'): string => join(GO_MODULES, version);

/**
 * Why the Go of wrappers cannot be checked with this version of wazero, in one line: the reason to skip its tests.
 * Downloads what is missing into Go's module cache, as `go build` would.
 */
export function goMissing(version: WazeroVersion = 'newest'): string | undefined {
  const what = `the Go of generated wrappers, with the ${version} wazero`;
  const absent = missing(what, 'go', 'gofmt');
  if (absent !== undefined) return absent;
  // `go list` also loads the packages of the dependencies: it fails where a file or a checksum is missing.
  const { status, error, stderr } = spawnSync('go', ['list', '-deps', 'github.com/tetratelabs/wazero'], {
    cwd: pinned(version),
    env: { ...process.env, ...GO_ENV },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status === 0) return undefined;
  const lines = `${error?.message ?? ''}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return `${what}: ${lines.at(-1) ?? `go list ended with ${status}`}`;
}

/** A new folder with a Go module that requires this version of wazero; gone after the tests of the file. */
export function goModule(version: WazeroVersion = 'newest'): string {
  const folder = temporary();
  cpSync(pinned(version), folder, { recursive: true });
  return folder;
}

/** `-race` where it works: it takes a C compiler. Elsewhere a line says what is not checked. */
export function raceFlags(): string[] {
  const folder = join(goModule(), 'race');
  mkdirSync(folder);
  writeFileSync(join(folder, 'race.go'), 'package main\n\nfunc main() {}\n');
  try {
    ran('go', ['build', '-race', '-o', join(folder, 'race'), '.'], { cwd: folder, env: GO_ENV });
    return ['-race'];
  } catch (error) {
    const why = (error as Error).message
      .split('\n')
      .find((line) => /gcc|cgo|race/.test(line) && !line.startsWith('go '));
    console.log(`NOT CHECKED: data races of Go wrappers: go build -race fails: ${why ?? (error as Error).message}`);
    return [];
  }
}

/** How `go test` with `args` ended, and all that it printed. */
export function goTest(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { passed: boolean; text: string } {
  const { status, error, stdout, stderr } = spawnSync('go', ['test', ...args], {
    cwd: folder,
    env: { ...process.env, ...GO_ENV, ...env },
    encoding: 'utf8',
    timeout: 900_000,
    maxBuffer: 1 << 28,
  });
  if (status === null)
    throw new Error(`go test ${args.join(' ')}: ${error?.message}\n${stdout}${stderr}`.slice(0, 20_000));
  return { passed: status === 0, text: `${stdout}${stderr}` };
}

/** The linter staticcheck, built from its pinned version unless that was done; or why there is none. */
export function staticcheck(): { program: string } | { missing: string } {
  const [, version] =
    /honnef\.co\/go\/tools (v[\d.]+)/.exec(readFileSync(join(pinned('staticcheck'), 'go.mod'), 'utf8')) ?? [];
  const program = join(ROOT, '.cache', 'hosts', 'go', `staticcheck-${version}`);
  if (existsSync(program)) return { program };
  const partial = `${program}.${process.pid}`;
  try {
    ran('go', ['build', '-o', partial, 'honnef.co/go/tools/cmd/staticcheck'], {
      cwd: pinned('staticcheck'),
      env: GO_ENV,
    });
  } catch (error) {
    const lines = (error as Error).message.split('\n').filter((line) => line.trim() !== '');
    return { missing: `the Go of generated wrappers, with staticcheck: ${lines.at(-1)}` };
  }
  renameSync(partial, program);
  return { program };
}

/** What `go test -v ./...` printed for each package. */
export function outputByPackage(text: string): Map<string, string> {
  const parts = text.split(/^(?:ok|FAIL)\s+example\.com\/wrapped\/(\w+)\t.*$/m);
  return new Map(parts.flatMap((part, i) => (i % 2 === 1 ? [[part, parts[i - 1]]] : [])));
}

/** Finds the user's Go module and its wazero, or says in one sentence why there is none. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { t } from '../../core/text/l10n.ts';
import type { DriverFolder } from './driverFolder.ts';
import { type GoAnswer, type GoOptions, goCommand } from './goCommand.ts';

/** A Go module that uses wazero. */
export interface GoModule {
  /** Folder of its go.mod. */
  folder: string;
  /** Its module path. */
  path: string;
  /** `go1.26.8`. */
  go: string;
  /** Version of wazero, or the folder that replaces it. */
  wazero: string;
  /** How packages are found, so that nothing in the workspace is written. */
  mod: 'readonly' | 'vendor';
}

/** The module of wazero. */
const WAZERO_PATH = 'github.com/tetratelabs/wazero';
/** Oldest version that the driver builds with. */
const OLDEST: readonly [number, number, number] = [1, 7, 3];
const SECONDS = 60;

/** The module around a folder, or why there is none: a sentence. */
export async function findGoModule(
  scratch: DriverFolder,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<GoModule | { problem: string }> {
  const cwd = resolve(folder);
  if (!existsSync(cwd)) return { problem: t('{0}: there is no such folder', folder) };
  const options: GoOptions = { cwd, seconds: SECONDS, signal };
  const asked = await goCommand(scratch, ['env', '-json', 'GOMOD', 'GOVERSION', 'GOWORK'], options);
  if (asked.missing)
    return { problem: t('go was not found: install Go (https://go.dev/dl), or add its bin folder to PATH') };
  if (!asked.ok) return { problem: tooOld(asked) ?? t('go env failed: {0}', firstLines(asked)) };
  const env = JSON.parse(asked.stdout) as { GOMOD: string; GOVERSION: string; GOWORK: string };
  if (env.GOMOD === '' || !existsSync(env.GOMOD) || !env.GOMOD.endsWith('go.mod'))
    return {
      problem: t('{0}: no go.mod in this folder or above it; name the folder of your Go module with --go-dir', cwd),
    };
  const edited = await goCommand(scratch, ['mod', 'edit', '-json'], { ...options, cwd: dirname(env.GOMOD) });
  if (!edited.ok) return { problem: t('{0} cannot be read: {1}', env.GOMOD, firstLines(edited)) };
  const { Module } = JSON.parse(edited.stdout) as { Module?: { Path?: string } };
  const module = { folder: dirname(env.GOMOD), path: Module?.Path ?? '', go: env.GOVERSION };
  const vendored = vendoredWazero(module.folder, env.GOWORK);
  if (vendored !== undefined) return withVersion({ ...module, wazero: vendored, mod: 'vendor' });
  const list = ['list', '-mod=readonly', '-m', '-json', WAZERO_PATH];
  const listed = await goCommand(scratch, list, options);
  if (listed.ok) {
    const { Version, Replace, Dir } = JSON.parse(listed.stdout) as {
      Version?: string;
      Dir?: string;
      Replace?: { Version?: string; Path: string };
    };
    const wazero = Replace === undefined ? (Version ?? Dir ?? '') : (Replace.Version ?? Replace.Path);
    return withVersion({ ...module, wazero, mod: 'readonly' });
  }
  if (listed.stopped)
    return { problem: signal?.aborted ? 'cancelled' : t('go list took longer than {0} seconds', SECONDS) };
  if (/not a known dependency|no required module|not in GOROOT|no matching versions/.test(listed.stderr))
    return {
      problem: t(
        '{0} does not require {1}: name the folder of a Go module that uses wazero with --go-dir',
        env.GOMOD,
        WAZERO_PATH,
      ),
    };
  const old = tooOld(listed);
  if (old !== undefined) return { problem: old };
  return { problem: t('the module graph of {0} cannot be loaded: {1}', env.GOMOD, firstLines(listed)) };
}

/** Version of wazero in the vendor folder of the module or the workspace; undefined where there is none. */
function vendoredWazero(folder: string, workspace: string): string | undefined {
  const root = workspace !== '' && workspace !== 'off' ? dirname(workspace) : folder;
  const list = join(root, 'vendor', 'modules.txt');
  if (!existsSync(list)) return undefined;
  const line = readFileSync(list, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`# ${WAZERO_PATH} `));
  // Without it, packages come from the module cache.
  return line
    ?.slice(`# ${WAZERO_PATH} `.length)
    .replace(/^.*=> /, '')
    .trim();
}

/** Rejects a version that is too old. */
function withVersion(module: GoModule): GoModule | { problem: string } {
  const found = /^v(\d+)\.(\d+)\.(\d+)/.exec(module.wazero);
  if (found === null) return module;
  const version = found.slice(1).map(Number);
  for (const [i, part] of OLDEST.entries()) {
    if (version[i] > part) break;
    if (version[i] < part)
      return { problem: t('wazero {0} is too old: verify needs v{1} or later', module.wazero, OLDEST.join('.')) };
  }
  return module;
}

/** That this Go is too old for the module; undefined where something else is wrong. */
const tooOld = (answer: GoAnswer): string | undefined =>
  /requires go >= |toolchain not available/.test(answer.stderr)
    ? t('this Go is too old for the module: {0}', firstLines(answer, 1))
    : undefined;

/** What Go said first: the lines that say why. */
export function firstLines({ stderr, stdout, stopped }: GoAnswer, most = 3): string {
  const lines = (stderr.trim() || stdout.trim())
    .split('\n')
    .map((line) => line.trim())
    // What go build prints above the errors of a package, and downloads.
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('go: downloading'));
  if (lines.length === 0) return stopped ? t('it was stopped') : t('it said nothing');
  return lines.slice(0, most).reduce((text, line) => `${text}${text.endsWith(':') ? ' ' : '; '}${line}`);
}

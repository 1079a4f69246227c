/**
 * Builds the driver as a package of the user's module: an overlay adds its sources, so that the module's go.mod,
 * replacements, vendor folder and workspace are used, and nothing in them is written.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '../../core/text/l10n.ts';
import { driverFiles } from './driverFiles.ts';
import type { DriverFolder } from './driverFolder.ts';
import { goCommand } from './goCommand.ts';
import { firstLines, type GoModule } from './goModule.ts';

/** Folder of the package in the user's module; it exists in the overlay only. */
const PACKAGE = 'internal/wasmhazardsverify';
/** The first build compiles the standard library for the race detector. */
const SECONDS = 600;

/** The programs, or why one could not be built. */
export interface Drivers {
  plain: string;
  /** With the race detector; a sentence where that is not possible. */
  race: string | { problem: string };
  /** What is not as the user might expect, a sentence each. */
  notes: string[];
}

/** What Go says of a package that the vendor folder lacks. */
const NOT_VENDORED = /cannot find module providing package (\S+): import lookup disabled by -mod=vendor/;

/** Builds both drivers, or says in a sentence why neither can be. */
export async function buildDrivers(
  scratch: DriverFolder,
  module: GoModule,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(text: string): void },
): Promise<Drivers | { problem: string }> {
  const built = (name: string, race: boolean) =>
    buildProgram(scratch, module, { name, package: PACKAGE, sources: driverFiles(), race, signal });
  const notes: string[] = [];
  onProgress?.(t('building the driver'));
  let plain = await built('driver', false);
  const lacking = typeof plain === 'string' ? null : NOT_VENDORED.exec(plain.problem);
  if (lacking !== null) {
    // Vendoring keeps only the packages that the module imports; go.mod has the same version.
    module.mod = 'readonly';
    notes.push(t('The vendor folder lacks {0}, so wazero comes from the module cache.', lacking[1]));
    plain = await built('driver', false);
  }
  if (typeof plain !== 'string')
    return { problem: t('the driver does not build in {0}: {1}', module.path, plain.problem) };
  onProgress?.(t('building the driver with the race detector'));
  const race = await built('driver-race', true);
  if (signal?.aborted) return { problem: 'cancelled' };
  return { plain, race, notes };
}

/** Builds the driver that listens to a watched module, with the race detector. `sites`: the contents of `sites.go`. */
export function buildWatchedDriver(
  scratch: DriverFolder,
  module: GoModule,
  sites: string,
  signal: AbortSignal | undefined,
): Promise<string | { problem: string }> {
  const sources = { ...driverFiles(), 'sites.go': sites };
  return buildProgram(scratch, module, { name: 'driver-watched', package: PACKAGE, sources, race: true, signal });
}

/** What a program is built from. */
export interface ProgramSources {
  /** File name of the program, without extension; unique in the folder. */
  name: string;
  /** Folder of the package in the user's module, for which the overlay has the sources. */
  package: string;
  /** Go files by name. */
  sources: Readonly<Record<string, string>>;
  /** Further flags of `go build`. */
  flags?: readonly string[];
  /** With the race detector. */
  race: boolean;
  signal: AbortSignal | undefined;
}

/** The path of the program, or why it could not be built. */
export async function buildProgram(
  scratch: DriverFolder,
  module: GoModule,
  { name, package: folder, sources, flags = [], race, signal }: ProgramSources,
): Promise<string | { problem: string }> {
  const program = join(scratch.folder, process.platform === 'win32' ? `${name}.exe` : name);
  const overlay = overlayOf(scratch, module, name, folder, sources);
  const all = [...(race ? ['-race'] : []), ...flags, `-mod=${module.mod}`, '-buildvcs=false', '-overlay', overlay];
  const answer = await goCommand(scratch, ['build', ...all, '-o', program, `./${folder}`], {
    cwd: module.folder,
    // The race detector needs cgo on most systems, whatever the environment says.
    env: race ? { CGO_ENABLED: '1' } : {},
    seconds: SECONDS,
    signal,
  });
  if (answer.ok) return program;
  if (signal?.aborted) return { problem: 'cancelled' };
  return { problem: answer.stopped ? t('it took longer than {0} seconds', SECONDS) : firstLines(answer) };
}

function overlayOf(
  scratch: DriverFolder,
  module: GoModule,
  program: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): string {
  const sources = scratch.inner(`source-${program}`);
  const replaced: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    const path = join(sources, name);
    writeFileSync(path, text);
    replaced[join(module.folder, folder, name)] = path;
  }
  const overlay = join(scratch.folder, `${program}.json`);
  writeFileSync(overlay, JSON.stringify({ Replace: replaced }));
  return overlay;
}

/**
 * Builds the driver as a package of the user's module: an overlay adds its sources, so that the module's go.mod,
 * replacements, vendor folder and workspace are used, and nothing in them is written.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
}

/** Builds both drivers, or says in a sentence why neither can be. */
export async function buildDrivers(
  scratch: DriverFolder,
  module: GoModule,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(text: string): void },
): Promise<Drivers | { problem: string }> {
  const overlay = overlayOf(scratch, module);
  const built = async (name: string, flags: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const program = join(scratch.folder, process.platform === 'win32' ? `${name}.exe` : name);
    const args = ['build', ...flags, `-mod=${module.mod}`, '-buildvcs=false', '-overlay', overlay, '-o', program];
    const answer = await goCommand(scratch, [...args, `./${PACKAGE}`], {
      cwd: module.folder,
      env,
      seconds: SECONDS,
      signal,
    });
    if (answer.ok) return program;
    if (signal?.aborted) return { problem: 'cancelled' };
    return { problem: answer.stopped ? `it took longer than ${SECONDS} seconds` : firstLines(answer) };
  };
  onProgress?.('building the driver');
  const plain = await built('driver', []);
  if (typeof plain !== 'string') return { problem: `the driver does not build in ${module.path}: ${plain.problem}` };
  onProgress?.('building the driver with the race detector');
  // The race detector needs cgo on most systems, whatever the environment says.
  const race = await built('driver-race', ['-race'], { CGO_ENABLED: '1' });
  if (signal?.aborted) return { problem: 'cancelled' };
  return { plain, race };
}

function overlayOf(scratch: DriverFolder, { folder }: GoModule): string {
  const sources = scratch.inner('source');
  const replaced: Record<string, string> = {};
  for (const [name, text] of Object.entries(driverFiles())) {
    const path = join(sources, name);
    writeFileSync(path, text);
    replaced[join(folder, PACKAGE, name)] = path;
  }
  const overlay = join(scratch.folder, 'overlay.json');
  writeFileSync(overlay, JSON.stringify({ Replace: replaced }));
  return overlay;
}

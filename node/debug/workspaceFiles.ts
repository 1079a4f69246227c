/** Finds files of the workspace by their names, within limits, and never through links. */
import { type Dirent, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Folders with what others wrote, or with what compilers made: sources of a module are elsewhere. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'target', 'zig-cache', 'zig-out']);
/** Folders that are listed: in the background, and while somebody waits (a few thousand take a tenth of a second). */
const MOST_FOLDERS = { background: 20_000, now: 4000 } as const;
const MOST_FOUND = 20_000;
const DEEPEST = 24;

/** Asks for the entries of one folder after the other, and ends with the paths found, `/` between folders. */
function* search(
  roots: readonly string[],
  names: ReadonlySet<string>,
  most: number,
): Generator<string, string[], readonly Dirent[]> {
  const found: string[] = [];
  // Breadth first: if there are too many folders, those deep down are missed.
  const folders = roots.map((path) => ({ path, depth: 0 }));
  for (let at = 0; at < folders.length && at < most && found.length < MOST_FOUND; at++) {
    const { path, depth } = folders[at];
    for (const entry of yield path) {
      if (entry.isFile() && names.has(entry.name)) found.push(join(path, entry.name).replaceAll(sep, '/'));
      else if (entry.isDirectory() && depth < DEEPEST && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
        folders.push({ path: join(path, entry.name), depth: depth + 1 });
    }
  }
  return [...new Set(found)];
}

/** Absolute paths of files with these names, in the background. A folder that cannot be listed has none. */
export async function workspaceFiles(roots: readonly string[], names: ReadonlySet<string>): Promise<string[]> {
  const searching = search(roots, names, MOST_FOLDERS.background);
  let step = searching.next();
  while (step.done !== true)
    step = searching.next(await readdir(step.value, { withFileTypes: true }).catch((): Dirent[] => []));
  return step.value;
}

/** The same, at once. */
export function workspaceFilesNow(roots: readonly string[], names: ReadonlySet<string>): string[] {
  const searching = search(roots, names, MOST_FOLDERS.now);
  let step = searching.next();
  while (step.done !== true) step = searching.next(entriesOf(step.value));
  return step.value;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Nothing to find where nothing can be listed.
    return [];
  }
}

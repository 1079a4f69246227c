/** Finds files of the workspace by their names, within limits, and never through links. */
import { type Dirent, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { sourceSearch } from '../../core/debug/sourceSearch.ts';
import type { FolderEntry } from '../../core/text/folders.ts';

/** Folders that are listed: in the background, and while somebody waits (a few thousand take a tenth of a second). */
const MOST_FOLDERS = { background: 20_000, now: 4000 } as const;

const search = (roots: readonly string[], names: ReadonlySet<string>, most: number): ReturnType<typeof sourceSearch> =>
  sourceSearch({ roots, names, most, join });

const withSlashes = (paths: readonly string[]): string[] => paths.map((path) => path.replaceAll(sep, '/'));

/** An entry as the search knows it. */
export const entryOf = (entry: Dirent): FolderEntry => ({
  name: entry.name,
  kind: entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other',
});

/** Absolute paths of files with these names, `/` between folders, in the background. A folder that cannot be listed has none. */
export async function workspaceFiles(roots: readonly string[], names: ReadonlySet<string>): Promise<string[]> {
  const searching = search(roots, names, MOST_FOLDERS.background);
  let step = searching.next();
  while (step.done !== true) {
    const entries = await readdir(step.value, { withFileTypes: true }).catch((): Dirent[] => []);
    step = searching.next(entries.map(entryOf));
  }
  return withSlashes(step.value);
}

/** The same, at once. */
export function workspaceFilesNow(roots: readonly string[], names: ReadonlySet<string>): string[] {
  const searching = search(roots, names, MOST_FOLDERS.now);
  let step = searching.next();
  while (step.done !== true) step = searching.next(entriesOf(step.value).map(entryOf));
  return withSlashes(step.value);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Nothing to find where nothing can be listed.
    return [];
  }
}

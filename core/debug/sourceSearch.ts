/** Looks for files of the workspace by their names, within limits, in the folders that people write in. */
import type { FolderEntry } from '../text/folders.ts';

/** Folders with what others wrote, or with what compilers made: sources of a module are elsewhere. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'target', 'zig-cache', 'zig-out']);
const MOST_FOUND = 20_000;
const DEEPEST = 24;

/** What is looked for, and where. */
export interface SourceSearch {
  /** Folders, as `join` takes them. */
  roots: readonly string[];
  names: ReadonlySet<string>;
  /** Most folders that are listed. */
  most: number;
  join(folder: string, name: string): string;
}

/** Asks for the entries of one folder after the other, and ends with the files found. */
export function* sourceSearch({
  roots,
  names,
  most,
  join,
}: SourceSearch): Generator<string, string[], readonly FolderEntry[]> {
  const found: string[] = [];
  // Breadth first: if there are too many folders, those deep down are missed.
  const folders = roots.map((path) => ({ path, depth: 0 }));
  for (let at = 0; at < folders.length && at < most && found.length < MOST_FOUND; at++) {
    const { path, depth } = folders[at];
    for (const { name, kind } of yield path) {
      if (kind === 'file' && names.has(name)) found.push(join(path, name));
      else if (kind === 'folder' && depth < DEEPEST && !name.startsWith('.') && !SKIPPED.has(name))
        folders.push({ path: join(path, name), depth: depth + 1 });
    }
  }
  return [...new Set(found)];
}

/** Where files stand in the list of tests: by folder, a binary below its text, and what cannot be tested apart. */
import { joinTwins } from '../../tree/twins.ts';

/** A file of the list. */
export interface ListedFile {
  /** URI of the file. */
  uri: string;
  /** Names of the folders that it is in, the outermost first. */
  folders: readonly string[];
  /** Nothing in it can be tested. */
  isBroken: boolean;
}

/** `twin`: below the text of the same name, by URI. */
export type ListedAt = { in: 'folder'; folders: readonly string[] } | { in: 'twin'; text: string } | { in: 'broken' };

/** Levels by URI. A binary is apart with its text, if neither can be tested. */
export function levelsOf(files: readonly ListedFile[]): Map<string, ListedAt> {
  const byUri = new Map(files.map((file) => [file.uri, file]));
  const isBroken = (uri: string): boolean => byUri.get(uri)?.isBroken === true;
  const levels = new Map<string, ListedAt>();
  for (const { main, twin } of joinTwins([...byUri.keys()])) {
    const isApart = isBroken(main) && (twin === undefined || isBroken(twin));
    levels.set(main, isApart ? { in: 'broken' } : { in: 'folder', folders: byUri.get(main)?.folders ?? [] });
    if (twin !== undefined) levels.set(twin, { in: 'twin', text: main });
  }
  return levels;
}

/** Names that files of this machine beside a module know. */
import { readFile, stat } from 'node:fs/promises';
import { MOST_NAME_BYTES, withNamesBeside } from '../core/source/namesBeside.ts';

/** The module at `path` with the names that files beside it know; the same bytes where there are none. */
export const withNamesOnDisk = (path: string, bytes: Uint8Array): Promise<Uint8Array> =>
  withNamesBeside(path, bytes, readSmallText);

async function readSmallText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > MOST_NAME_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    // Most modules have no such file, and one that cannot be read is like none.
    return undefined;
  }
}

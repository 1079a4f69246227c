/** Places of a module in what is said about a result. */
import type { Server } from '../../server.ts';
import { isSourceUri } from '../../uris.ts';
import { type ModuleInfo, rangesOf } from '../moduleInfo.ts';

/** Places that are looked up for one text. */
const MAX_PLACES = 5_000;

/** Says a place as one does who reads the module: line and column of a source, byte offset of a binary. */
export async function placesOf(
  server: Server,
  { uri }: Pick<ModuleInfo, 'uri'>,
  offsets: Iterable<number>,
): Promise<(func: number, offset: number) => string> {
  const ranges = isSourceUri(uri)
    ? await rangesOf(server, uri, [...new Set(offsets)].slice(0, MAX_PLACES))
    : new Map<number, never>();
  return (_func, offset) => {
    const range = ranges.get(offset);
    return range === undefined ? `0x${offset.toString(16)}` : `${range.start.line + 1}:${range.start.character + 1}`;
  };
}

/** Places of a module in what is said about a result. */

import type { Server } from '../../server.ts';
import type { ModuleInfo } from './moduleInfo.ts';
import { rangesOf } from './moduleInfo.ts';

/** Places that are looked up for one text. */
const MAX_PLACES = 500;

/** Says a place as one does who reads the module: line and column of a source, byte offset of a binary. */
export async function placesOf(
  server: Server,
  { uri }: Pick<ModuleInfo, 'uri'>,
  offsets: Iterable<number>,
): Promise<(func: number, offset: number) => string> {
  const ranges = await rangesOf(server, uri, [...new Set(offsets)].slice(0, MAX_PLACES));
  const isText = /\.(wat|wast)$/i.test(uri.path);
  return (_func, offset) => {
    const range = ranges.get(offset);
    return isText && range !== undefined
      ? `${range.start.line + 1}:${range.start.character + 1}`
      : `0x${offset.toString(16)}`;
  };
}

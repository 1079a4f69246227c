/** How reports of results name places of a module. */
import { hex } from '../../../../core/wasm/printer/numbers.ts';
import type { Server } from '../../server.ts';
import { isSourceUri } from '../../uris.ts';
import { type ModuleInfo, rangesOf } from '../moduleInfo.ts';

/** Places looked up for one report. */
const MAX_PLACES = 5_000;

/** Names an offset as a reader of the module would: by line and column in a source, by byte offset in a binary. */
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
    return range === undefined ? hex(offset) : `${range.start.line + 1}:${range.start.character + 1}`;
  };
}

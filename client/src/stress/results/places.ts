/** How reports of results name places of a module, and where they are in the files that it was compiled from. */
import { Location, Range, Uri } from 'vscode';
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

/** The lines of the workspace that code was compiled from, by byte offset; without those that are not here. */
export async function sourcesOf(
  server: Server,
  { uri, mayHaveSource }: Pick<ModuleInfo, 'uri' | 'mayHaveSource'>,
  offsets: readonly number[],
): Promise<Map<number, Location>> {
  if (!mayHaveSource) return new Map();
  const { places } = await server.request('wasmHazards/originalsOf', { uri: uri.toString(), offsets: [...offsets] });
  return new Map(
    places.flatMap((place, i) => {
      if (place === null || place.uri === null) return [];
      const { line, character } = place;
      return [[offsets[i], new Location(Uri.parse(place.uri, true), new Range(line, character, line, character))]];
    }),
  );
}

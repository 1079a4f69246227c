/** What the server knows about a module to run. */
import { Range, Uri, workspace } from 'vscode';
import { fromBase64 } from '../../../core/text/base64.ts';
import type { LocateParams, StressModule } from '../../../server/src/protocol.ts';
import { known } from '../commands/target.ts';
import type { Server } from '../server.ts';
import { toBinaryUri, toTextUri } from '../uris.ts';

/** The server's answer with its Base64 decoded. `uri` is that of the binary or source, never of a text. */
export interface ModuleInfo extends Omit<StressModule, 'bytes' | 'analysis'> {
  uri: Uri;
  bytes: Uint8Array;
  /** The server's analysis as it travels on to worker threads; undefined where a budget ended it. */
  analysis: Uint8Array | undefined;
}

/** Rejects, with a message for the user, when the module cannot be read or does not compile. */
export async function moduleInfo(server: Server, uri: Uri): Promise<ModuleInfo> {
  const binary = toBinaryUri(uri);
  await known(binary);
  const { bytes, analysis, ...info } = await server.request('wasmHazards/stressModule', { uri: binary.toString() });
  return {
    ...info,
    uri: binary,
    bytes: fromBase64(bytes),
    analysis: analysis === null ? undefined : fromBase64(analysis),
  };
}

/** Ranges of byte offsets in the text of a module, without those that the text does not show. */
export async function rangesOf(server: Server, uri: Uri, offsets: Iterable<number>): Promise<Map<number, Range>> {
  const binary = toBinaryUri(uri);
  // The server can locate offsets of a binary once its text is open.
  await workspace.openTextDocument(toTextUri(binary));
  const params: LocateParams = {
    uri: binary.toString(),
    offsets: [...new Set(offsets)].filter((offset) => offset >= 0),
  };
  const located = await server.request('wasmHazards/locate', params);
  const ranges = new Map<number, Range>();
  located.ranges.forEach((range, i) => {
    if (range === null) return;
    const { start, end } = range;
    ranges.set(params.offsets[i], new Range(start.line, start.character, end.line, end.character));
  });
  return ranges;
}

/** URI of a file that a scenario names relative to itself. */
export const besides = (scenario: Uri, path: string): Uri =>
  path.startsWith('/') ? scenario.with({ path }) : Uri.joinPath(scenario, '..', path);

/** The order of the layers, lowest first, and the imports that break it. Section "Layers" of ARCHITECTURE.md. */

import { type Fault, importFault } from './fault.ts';
import type { ImportOfFile, SourceFile } from './sourceFile.ts';

/** Layers of one row are siblings: they do not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['core/globals.ts'],
  ['core/wasm'],
  ['core/text'],
  ['core/wat', 'core/debug'],
  ['core/hosts'],
  ['core/analysis'],
  ['core/source'],
  ['core/stress', 'core/wrap'],
  ['core/advice'],
  ['core/report'],
  ['node'],
  ['server', 'client', 'cli'],
  ['scripts'],
];

/** The layer of a file, and its row; nothing for a file that is in none. */
function layerOf(path: string): { layer: string; row: number } | undefined {
  for (const [row, layers] of LAYERS.entries()) {
    const layer = layers.find((one) => path === one || path.startsWith(`${one}/`));
    if (layer) return { layer, row };
  }
  return undefined;
}

/** What the client may know of the server: the types of what they say to each other. */
function isProtocol(from: string, { path, typeOnly }: ImportOfFile): boolean {
  return from === 'client' && path === 'server/src/protocol.ts' && typeOnly;
}

/** Imports that lead up or to a sibling, and files that belong to no layer. */
export function layerBreaks(sources: readonly SourceFile[]): Fault[] {
  return sources.flatMap(({ path, imports }) => {
    const from = layerOf(path);
    if (!from) return [{ key: path, text: `${path} is in no layer` }];
    return imports
      .filter((one) => {
        const to = layerOf(one.path);
        if (!to || to.layer === from.layer || isProtocol(from.layer, one)) return false;
        return to.row >= from.row;
      })
      .map((one) => importFault(path, one));
  });
}

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

/** The order within `core/stress`: from what is to run, over how it runs, to the two ways of trying it. */
const STRESS: typeof LAYERS = [
  ['core/stress/scenario', 'core/stress/rewrite'],
  ['core/stress/imports', 'core/stress/instrument'],
  ['core/stress/run'],
  ['core/stress/session', 'core/stress/search'],
  ['core/stress/explore'],
  ['core/stress/hammer'],
];

interface Place {
  readonly layer: string;
  readonly row: number;
}

/** Where a file stands in an order; nothing for a file that is in none of its layers. */
function placeOf(path: string, order: typeof LAYERS): Place | undefined {
  for (const [row, layers] of order.entries()) {
    const layer = layers.find((one) => path === one || path.startsWith(`${one}/`));
    if (layer) return { layer, row };
  }
  return undefined;
}

/** What the client may know of the server: the types of what they say to each other. */
function isProtocol(path: string, one: ImportOfFile): boolean {
  return path.startsWith('client/') && one.path === 'server/src/protocol.ts' && one.typeOnly;
}

/** Imports that lead up or to a sibling, and files that belong to no layer. */
export function layerBreaks(sources: readonly SourceFile[]): Fault[] {
  return sources.flatMap(({ path, imports }) => {
    const order = path.startsWith('core/stress/') ? [LAYERS, STRESS] : [LAYERS];
    if (order.some((rows) => !placeOf(path, rows))) return [{ key: path, text: `${path} is in no layer` }];
    return imports
      .filter((one) => !isProtocol(path, one) && order.some((rows) => isBreak(path, one.path, rows)))
      .map((one) => importFault(path, one));
  });
}

function isBreak(path: string, target: string, order: typeof LAYERS): boolean {
  const [from, to] = [placeOf(path, order), placeOf(target, order)];
  return from !== undefined && to !== undefined && from.layer !== to.layer && to.row >= from.row;
}

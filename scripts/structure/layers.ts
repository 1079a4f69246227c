/** The order of the layers, lowest first, and the imports that break it. Section "Layers" of ARCHITECTURE.md. */

import { type Fault, importFault } from './fault.ts';
import type { ImportOfFile, SourceFile } from './sourceFile.ts';

/** Layers in one row must not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['core/globals.ts', 'core/text/l10n.ts', 'core/harmless'],
  ['core/wasm'],
  ['core/text'],
  ['core/wat', 'core/debug'],
  ['core/hosts'],
  ['core/analysis'],
  ['core/source'],
  ['core/stress', 'core/wrap'],
  ['core/advice'],
  ['core/verify'],
  ['core/report'],
  ['core/jobs'],
  ['node', 'browser', 'view'],
  ['server', 'client', 'cli'],
  ['scripts'],
];

/** The order within `core/stress`: from what to run, through how it runs, to exploring and hammering. */
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

/** The place of a file in an order; undefined for a file in none of its layers. */
function placeOf(path: string, order: typeof LAYERS): Place | undefined {
  for (const [row, layers] of order.entries()) {
    const layer = layers.find((one) => path === one || path.startsWith(`${one}/`));
    if (layer) return { layer, row };
  }
  return undefined;
}

/** Whether the client may import it from the server: only the types of the protocol. */
function isProtocol(path: string, one: ImportOfFile): boolean {
  return path.startsWith('client/') && one.path === 'server/src/protocol.ts' && one.typeOnly;
}

/** Imports from a higher or a sibling layer, and files in no layer. */
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

/** Answers to questions about places in originals and in modules. */
import type { TextRange } from '../../../core/text/lines.ts';
import { itemAt } from '../../../core/text/moduleItems.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { LineCode, OriginalLineParams, OriginalPosition } from '../protocol.ts';
import { originalHover } from './hover.ts';
import type { OpenOriginals } from './openOriginals.ts';
import { type Origin, offsetsAt, originOf, placeOfFunction, placesAt, uriKey } from './origin.ts';

/** Instructions of one line that are told. */
const MAX_OFFSETS = 1000;

/** The hover of a line in all modules that were compiled from it, in Markdown; empty if there is none. */
export async function hoverOfLine(originals: OpenOriginals, params: OriginalLineParams): Promise<string> {
  const found = await originals.compiledFrom(params.uri, params.modules);
  const texts = found.map(({ doc, origin }) => originalHover(doc, origin, params)).filter((text) => text !== '');
  return [...new Set(texts)].join('\n\n---\n\n');
}

/** The code of a line in each of the modules that were compiled from its file; perhaps without any instruction. */
export async function codeOfLine(
  originals: OpenOriginals,
  { uri, line, modules }: OriginalLineParams,
): Promise<LineCode[]> {
  const found = await originals.compiledFrom(uri, modules);
  return found.map(({ doc, origin }) => {
    const offsets = offsetsAt(origin, uriKey(uri), line).slice(0, MAX_OFFSETS);
    const ranges = new Map<string, TextRange>();
    for (const offset of offsets) {
      // The range of an elided body is that of another line.
      const range = doc.map.elidedFunctionOf(offset) === undefined ? doc.map.rangeOf(offset) : undefined;
      if (range !== undefined) ranges.set(JSON.stringify(range), range);
    }
    return { module: doc.uri, offsets, ranges: [...ranges.values()] };
  });
}

/** What each of the byte offsets was compiled from. */
export async function originalsOf(
  doc: ModuleDocument,
  offsets: readonly number[],
): Promise<(OriginalPosition | null)[]> {
  const origin = await originOf(doc);
  return offsets.map((offset) => positionOf(origin, offset) ?? null);
}

/** What the instruction at a position of the module's text was compiled from. */
export async function originalAt(
  doc: ModuleDocument,
  line: number,
  character: number,
): Promise<OriginalPosition | null> {
  const offset = doc.map.offsetAt(line, character);
  if (offset === undefined) return null;
  const origin = await originOf(doc);
  return positionOf(origin, offset) ?? functionPosition(doc, origin, offset) ?? null;
}

/** The line of an export, or of the line that a function begins with: where the function is written. */
function functionPosition({ module }: ModuleDocument, origin: Origin, offset: number): OriginalPosition | undefined {
  const item = itemAt(module, offset);
  const exported = item?.kind === 'export' ? module.exports[item.index] : undefined;
  const func = exported?.kind === 'func' ? exported.index : item?.kind === 'function' ? item.index : undefined;
  const place = func === undefined ? undefined : placeOfFunction(origin, module, func);
  return place && { uri: place.file.uri, path: place.file.uri, line: place.line, character: place.character };
}

/** The innermost place in the workspace, else the innermost of all. */
function positionOf(origin: Origin, offset: number): OriginalPosition | undefined {
  const [place] = placesAt(origin, offset);
  const built = origin.info.placeOf(offset);
  if (place === undefined) {
    if (built === undefined || built.line < 1) return undefined;
    return { uri: null, path: built.file, line: built.line - 1, character: Math.max(0, (built.column ?? 1) - 1) };
  }
  return { uri: place.file.uri, path: built?.file ?? '', line: place.line, character: place.character };
}

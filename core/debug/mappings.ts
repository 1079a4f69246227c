/**
 * The mappings of a source map as typed arrays. The library makes an array of each mapping, which takes about 100 bytes, so long
 * lists are given to it in pieces: numbers count from the mapping before, and a piece therefore begins with that.
 */
import { decodedMappings, type SourceMapSegment, TraceMap } from '@jridgewell/trace-mapping';
import type { Steps } from './steps.ts';

/** The mappings of one line in the order of their columns, as parallel arrays; all numbers count from zero. */
export interface Mappings {
  offsets: Uint32Array;
  /** `NO_SOURCE` where the mapping only ends the one before. */
  sources: Uint32Array;
  lines: Uint32Array;
  columns: Uint32Array;
}

/** See `Mappings.sources`. */
export const NO_SOURCE = 0xffffffff;

/** Characters of a piece: some ten thousand mappings. */
const PIECE = 1 << 17;
/** A mapping whose first number is negative: the list is not in order, and the library has to sort it as a whole. */
const STEPS_BACK = /(?:^|,)[BDFHJLNPRTVXZbdfhjlnprtvxz13579/]/;

type Position = [column: number, source: number, line: number, sourceColumn: number];

/**
 * Reads a list of mappings without line ends. A source that is not among the first `sources` is none: tools that shorten the
 * list of sources forget the numbers.
 * @param count of mappings, at most
 */
export function* readMappings(text: string, count: number, sources: number): Steps<Mappings> {
  const [offsets, sourceOf, lines, columns] = [0, 0, 0, 0].map(() => new Uint32Array(count));
  let length = 0;
  const add = ([offset, source = NO_SOURCE, line = 0, column = 0]: SourceMapSegment): void => {
    if (!(offset >= 0)) return;
    const isKnown = source >= 0 && source < sources && line >= 0 && column >= 0;
    offsets[length] = offset;
    sourceOf[length] = isKnown ? source : NO_SOURCE;
    lines[length] = line;
    columns[length++] = column;
  };
  const size = STEPS_BACK.test(text) ? text.length : PIECE;
  let before: Position = [0, 0, 0, 0];
  for (let start = 0; start < text.length; ) {
    const comma = text.indexOf(',', start + size);
    const end = comma < 0 ? text.length : comma;
    const segments = decoded(`${before.map(encoded).join('')},${text.slice(start, end)}`);
    // The first one is the one that the piece counts from.
    for (let at = 1; at < segments.length; at++) {
      const segment = segments[at];
      add(segment);
      before =
        segment.length === 1
          ? [segment[0], before[1], before[2], before[3]]
          : [segment[0], segment[1], segment[2], segment[3]];
    }
    start = end + 1;
    yield;
  }
  const cut = (list: Uint32Array): Uint32Array => list.slice(0, length);
  return { offsets: cut(offsets), sources: cut(sourceOf), lines: cut(lines), columns: cut(columns) };
}

const decoded = (mappings: string): readonly SourceMapSegment[] =>
  decodedMappings(new TraceMap({ version: 3, names: [], sources: [], mappings }))[0] ?? [];

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number in the encoding of source maps. */
function encoded(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS[rest > 0 ? digit + 32 : digit];
  } while (rest > 0);
  return text;
}

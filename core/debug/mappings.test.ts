/** Long lists of mappings are read in pieces, as the library reads them at once. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decodedMappings, type SourceMapSegment, TraceMap } from '@jridgewell/trace-mapping';
import fc from 'fast-check';
import { type Mappings, NO_SOURCE, readMappings } from './mappings.ts';
import { allSteps } from './steps.ts';

const SOURCES = 3;

/** What the library makes of the text, in the same form. */
function expected(text: string): number[][] {
  const segments: readonly SourceMapSegment[] =
    decodedMappings(new TraceMap({ version: 3, names: [], sources: [], mappings: text }))[0] ?? [];
  return segments
    .filter(([offset]) => offset >= 0)
    .map(([offset, source = NO_SOURCE, line = 0, column = 0]) => [
      offset,
      source < SOURCES && source >= 0 && line >= 0 && column >= 0 ? source : NO_SOURCE,
      line >>> 0,
      column >>> 0,
    ]);
}

const rows = ({ offsets, sources, lines, columns }: Mappings): number[][] =>
  Array.from(offsets, (offset, at) => [offset, sources[at], lines[at], columns[at]]);

const read = (text: string): Mappings => allSteps(readMappings(text, text.split(',').length, SOURCES));

it('in pieces says the same', () => {
  const deltas = ['CAAA', 'GACC', 'E', 'ICDF', 'gBADgC', 'CAAAC', 'AADA', 'EADC'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...deltas), { minLength: 1, maxLength: 60 }), (some) => {
      // More than a piece, at whose ends each kind of mapping stands.
      const text = `8FAmBA,${new Array(2000).fill(some.join(',')).join(',')}`;
      assert.deepEqual(rows(read(text)), expected(text));
    }),
    { numRuns: 20 },
  );
});

it('out of order says the same', () => {
  const text = `8FAAA,CAAA,DACA,${new Array(70_000).fill('CACA').join(',')},nBAAA`;
  assert.deepEqual(rows(read(text)), expected(text));
});

it('takes steps', () => {
  const text = new Array(200_000).fill('CAAA').join(',');
  let steps = 0;
  for (const _ of readMappings(text, 200_000, SOURCES)) steps++;
  assert.ok(steps > 5);
});

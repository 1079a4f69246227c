import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf, documentOfBytes } from '../testing/testDocument.ts';
import { codeLenses } from './codeLens.ts';
import { definition } from './definition.ts';
import { binaryDiagnostics, textDiagnostics } from './diagnostics.ts';
import { documentSymbols } from './documentSymbol.ts';
import { exportReport } from './exportReport.ts';
import { foldingRanges } from './foldingRange.ts';
import { hover } from './hover.ts';
import { matrixText } from './matrix.ts';
import { references } from './references.ts';

const MUTANTS = 400;

/** Numbers below `bound`, the same ones in every run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test('no feature throws on a malformed module, and none points outside the text', async () => {
  const { bytes } = (await documentOf(COUNTER)).module;
  const random = generator(7);
  for (let i = 0; i < MUTANTS; i++) {
    const mutant = bytes.slice(0, i % 5 === 0 ? random(bytes.length) : bytes.length);
    for (let n = 1 + random(3); n > 0; n--) mutant[8 + random(bytes.length - 8)] = random(256);
    const doc = documentOfBytes(mutant, { bodyBudget: i % 2 === 0 ? 0 : 100_000 });
    const found = [
      ...textDiagnostics(doc),
      ...binaryDiagnostics(doc),
      ...codeLenses(doc),
      ...foldingRanges(doc).map(({ startLine }) => ({ range: { start: { line: startLine } } })),
    ];
    for (const { range } of found) assert.ok(range.start.line < doc.lineStarts.length);
    documentSymbols(doc);
    matrixText(doc);
    for (const { name } of doc.analysis.exports) exportReport(doc, name);
    for (let line = 0; line < doc.lineStarts.length; line++) {
      for (const character of [3, 9, 16, 25]) {
        hover(doc, line, character);
        definition(doc, line, character);
      }
      if (line % 7 === 0) references(doc, line, 9, true);
    }
  }
});

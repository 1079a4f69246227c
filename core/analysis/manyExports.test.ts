/** Modules with more exports than anybody calls: engines take a million. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binary, leb, section, vec } from '../testing/binary.ts';
import { v8Accepts } from '../testing/v8.ts';
import { decodeModule } from '../wasm/decode.ts';
import { disassemble } from '../wasm/printer.ts';
import { analyse } from './analyse.ts';
import { packAnalysis, unpackAnalysis } from './transfer.ts';
import { moduleVerdict } from './verdict/moduleVerdict.ts';

/** `count` names of one function that counts calls in a global. */
function manyNames(count: number): Uint8Array {
  const names = Array.from({ length: count }, (_, i) => [...Buffer.from(`e${i}`)]);
  const exports = names.map((name) => [...leb(name.length), ...name, 0, 0]);
  const body = [0, 0x23, 0, 0x41, 1, 0x6a, 0x24, 0, 0x23, 0, 0x0b];
  return binary(
    section(1, [1, 0x60, 0, 1, 0x7f]),
    section(3, [1, 0]),
    section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
    section(7, vec(exports)),
    section(10, [1, ...leb(body.length), ...body]),
  );
}

test('of more exports than are listed, the analysis says how many it leaves out, and the text does', () => {
  const bytes = manyNames(100_002);
  assert.ok(v8Accepts(bytes));
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  assert.equal(analysis.exports.length, 100_000);
  assert.match(analysis.partial ?? '', /^Only the first 100000 of 100002 exported functions were analysed/);
  assert.equal(moduleVerdict(module, analysis).status, 'not-safe');
  const back = unpackAnalysis(structuredClone(packAnalysis(analysis)), module.exports);
  assert.deepEqual(back.exports[99_999].hazards[0].site, analysis.exports[99_999].hazards[0].site);
  const { text } = disassemble(module, { bodyBudget: 1000, prefer: new Uint32Array(), expand: new Set() });
  assert.match(text, /^ {2};; 2 more exports are left out$/m);
  assert.doesNotMatch(text, /"e100000"/);
});

test('all of them are listed where they are fewer', () => {
  const analysis = analyse(decodeModule(manyNames(1000)), { host: 'wazero', model: 'auto' });
  assert.equal(analysis.exports.length, 1000);
  assert.equal(analysis.partial, undefined);
});

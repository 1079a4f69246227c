/** Modules of a million items: what the code never uses costs next to nothing, and nothing that it uses is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { v8Accepts } from '../testing/v8.ts';
import { decodeModule } from '../wasm/decode.ts';
import { Encoder } from '../wasm/encoder.ts';
import { Op } from '../wasm/ops.ts';
import { I32 } from '../wasm/types.ts';
import { analyse } from './analyse.ts';
import { isWrite } from './cells.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { moduleVerdict } from './verdict/moduleVerdict.ts';

const MILLION = 1_000_000;

type Write = (e: Encoder) => void;

function moduleOf(sections: readonly (readonly [id: number, write: Write])[]): Uint8Array {
  const out = new Encoder();
  out.copy(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  for (const [id, write] of sections) {
    const contents = new Encoder();
    write(contents);
    out.section(id, contents);
  }
  return out.bytes().slice();
}

const vector =
  (count: number, item: (e: Encoder, i: number) => void): Write =>
  (e) => {
    e.u32(count);
    for (let i = 0; i < count; i++) item(e, i);
  };

const TYPE: readonly [number, Write] = [1, (e) => e.copy(Uint8Array.of(1, 0x60, 0, 0))];
const functions = (count: number): readonly [number, Write] => [3, vector(count, (e) => e.u8(0))];
const body = (write: Write): Write => {
  const code = new Encoder();
  code.u8(0);
  write(code);
  code.u8(Op.end);
  return (e) => {
    e.u32(code.length);
    e.copy(code.bytes());
  };
};

/** Processor time of this thread for the analysis and its verdict; disproportionate work exceeds it many times. */
function analysed(bytes: Uint8Array, milliseconds: number): Analysis {
  assert.ok(v8Accepts(bytes), 'V8 refuses it');
  const started = process.threadCpuUsage();
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  moduleVerdict(module, analysis);
  const { user, system } = process.threadCpuUsage(started);
  const took = (user + system) / 1000;
  assert.deepEqual(module.errors, []);
  assert.ok(took < milliseconds, `took ${Math.round(took)} ms`);
  return analysis;
}

test('globals, of which two are used', () => {
  const global: Write = (e) => e.copy(Uint8Array.of(I32, 1, Op.i32_const, 1, Op.end));
  const analysis = analysed(
    moduleOf([
      TYPE,
      functions(2),
      [6, vector(MILLION, global)],
      [7, vector(2, (e, i) => e.export(i === 0 ? 'set' : 'get', 'func', i))],
      [
        10,
        vector(2, (e, i) =>
          body((c) => {
            // The last global, and one that is written from itself.
            c.u8(Op.global_get);
            c.u32(i === 0 ? 5000 : MILLION - 1);
            if (i === 1) c.u8(Op.drop);
            else {
              c.u8(Op.global_set);
              c.u32(MILLION - 1);
            }
          })(e),
        ),
      ],
    ]),
    8000,
  );
  const globals = (position: number) =>
    effectsOf(analysis, analysis.exports[position].func)
      .map((id) => analysis.effects[id])
      .map((effect) => [effect.cell.kind, effect.cell.index, isWrite(effect)]);
  assert.deepEqual(
    globals(0).sort((a, b) => Number(a[1]) - Number(b[1])),
    [
      ['global', 5000, false],
      ['global', MILLION - 1, true],
    ],
  );
  assert.deepEqual(globals(1), [['global', MILLION - 1, false]]);
  assert.equal(analysis.exports[0].conflictCount, 2);
});

test('exports: the first are analysed, and the result says that it is partial', () => {
  const store = body((c) => {
    c.copy(Uint8Array.of(Op.i32_const, 1, Op.i32_const, 1, Op.i32_store, 2, 0));
  });
  const analysis = analysed(
    moduleOf([
      TYPE,
      functions(1),
      [5, (e) => e.copy(Uint8Array.of(1, 0, 1))],
      [7, vector(MILLION, (e, i) => e.export(`e${i}`, 'func', 0))],
      [10, vector(1, store)],
    ]),
    20_000,
  );
  assert.equal(analysis.exports.length, 100_000);
  assert.match(analysis.partial ?? '', /^Only the first 100000 of 1000000 exported functions were analysed/);
});

test('exports with a name each of one family', () => {
  const analysis = analysed(
    moduleOf([
      TYPE,
      functions(1),
      [7, vector(100_000, (e, i) => e.export(`part_${i}`, 'func', 0))],
      [
        10,
        vector(
          1,
          body(() => {}),
        ),
      ],
    ]),
    8000,
  );
  assert.equal(analysis.exports.length, 100_000);
});

test('types and names', () => {
  const names: Write = (e) => {
    const map = new Encoder();
    vector(MILLION, (n, i) => {
      n.u32(i);
      n.name(`f${i}`);
    })(map);
    e.name('name');
    e.u8(1);
    e.u32(map.length);
    e.copy(map.bytes());
  };
  const type: Write = (e) => e.copy(Uint8Array.of(0x60, 0, 0));
  const analysis = analysed(
    moduleOf([
      [1, vector(MILLION, type)],
      functions(1),
      [7, vector(1, (e) => e.export('run', 'func', 0))],
      [
        10,
        vector(
          1,
          body(() => {}),
        ),
      ],
      [0, names],
    ]),
    12_000,
  );
  assert.equal(analysis.exports[0].class, 'pure');
});

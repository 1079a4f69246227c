/** Atomic accesses of different widths, at addresses that are constant and at others. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { SharingModel } from '../hosts/profile.ts';
import type { Analysis } from './model.ts';
import { conflictOf } from './queries.ts';
import { allEffects, analyseWat } from './testing/facts.ts';

const caseText = (name: string): string => readFileSync(join(import.meta.dirname, 'cases', `${name}.wat`), 'utf8');

const analysisOf = async (text: string, model: SharingModel = 'shared-instance'): Promise<Analysis> =>
  (await analyseWat(text, { host: 'wasmtime', model })).analysis;

function between(analysis: Analysis, a: string, b: string): string | undefined {
  const position = (name: string) => analysis.exports.findIndex((e) => e.name === name);
  return conflictOf(analysis, position(a), position(b), 1)?.confidence;
}

/** Exports that access one address in memory 0 with an instruction each: `$p` is a parameter, `$s` the stack pointer. */
const accessing = (bodies: Record<string, string>): string =>
  `(module (import "env" "memory" (memory 1 1 shared)) (global $s (export "__stack_pointer") (mut i32) (i32.const 1024))
    ${Object.entries(bodies).map(([name, body]) => `(func (export "${name}") (param $p i32) ${body})`)}
    (data $d "x"))`.replaceAll('),(', ') (');

describe('atomics of different widths', () => {
  test('at addresses of the caller can meet', async () => {
    const analysis = await analysisOf(caseText('mixed-param'));
    assert.equal(between(analysis, 'word', 'byte'), 'possible');
    assert.equal(between(analysis, 'word', 'word'), undefined);
    assert.equal(between(analysis, 'byte', 'byte'), undefined);
    for (const { hazards, class: kind } of analysis.exports) {
      assert.equal(kind, 'synchronised');
      assert.deepEqual(
        hazards.map(({ rule, confidence }) => [rule, confidence]),
        [['mixed-atomics', 'possible']],
      );
    }
  });

  test('in one export conflict with the same export', async () => {
    const analysis = await analysisOf(
      accessing({
        both: '(i64.atomic.store (local.get $p) (i64.const 1)) (drop (i32.atomic.load16_u (local.get $p)))',
      }),
    );
    assert.equal(between(analysis, 'both', 'both'), 'possible');
  });

  test('meet wherever the addresses may: constant, of the caller, loaded, in a frame', async () => {
    const analysis = await analysisOf(
      accessing({
        constant: '(i32.atomic.store (i32.const 64) (i32.const 1))',
        loaded: '(i32.atomic.store16 (i32.atomic.load (i32.const 8)) (i32.const 1))',
        caller: '(i32.atomic.store8 (local.get $p) (i32.const 1))',
        frame: '(i64.atomic.store (global.get $s) (i64.const 1))',
        smallFrame: '(i32.atomic.store (global.get $s) (i32.const 1))',
        apart: '(i32.atomic.store8 (i32.const 68) (i32.const 1))',
        within: '(i32.atomic.store8 (i32.const 67) (i32.const 1))',
      }),
    );
    assert.equal(between(analysis, 'constant', 'loaded'), 'possible');
    assert.equal(between(analysis, 'constant', 'caller'), 'possible');
    assert.equal(between(analysis, 'loaded', 'caller'), 'possible');
    assert.equal(between(analysis, 'frame', 'smallFrame'), 'likely');
    assert.equal(between(analysis, 'constant', 'apart'), undefined);
    assert.equal(between(analysis, 'constant', 'within'), 'definite');
  });

  test('are no conflict of two reads, nor of callers that share nothing', async () => {
    const text = accessing({
      wide: '(drop (i64.atomic.load (local.get $p)))',
      narrow: '(drop (i32.atomic.load8_u (local.get $p)))',
      store: '(i32.atomic.store (local.get $p) (i32.const 1))',
    });
    assert.equal(between(await analysisOf(text), 'wide', 'narrow'), undefined);
    assert.equal(between(await analysisOf(text, 'shared-memory'), 'wide', 'store'), 'possible');
    const own = text.replace(/\(import "env" "memory" (\(memory 1 1 shared\))\)/, '$1');
    assert.equal(between(await analysisOf(own, 'shared-memory'), 'wide', 'store'), undefined);
    assert.equal(between(await analysisOf(own, 'isolated'), 'wide', 'store'), undefined);
  });

  test('do not come from notify, which accesses no bytes; wait does', async () => {
    const analysis = await analysisOf(
      accessing({
        notify: '(drop (memory.atomic.notify (local.get $p) (i32.const 1)))',
        store: '(i64.atomic.store (local.get $p) (i64.const 1))',
        wait32: '(drop (memory.atomic.wait32 (local.get $p) (i32.const 0) (i64.const -1)))',
        wait64: '(drop (memory.atomic.wait64 (local.get $p) (i64.const 0) (i64.const -1)))',
      }),
    );
    assert.equal(between(analysis, 'notify', 'store'), undefined);
    assert.equal(between(analysis, 'wait64', 'store'), undefined);
    assert.equal(between(analysis, 'wait32', 'store'), 'possible');
  });

  test('stay known where ranges are merged, because there are very many', async () => {
    const stores = (width: string, step: number) =>
      Array.from({ length: 900 }, (_, i) => `(i32.atomic.store${width} (i32.const ${i * step}) (i32.const 1))`).join(
        ' ',
      );
    const analysis = await analysisOf(accessing({ words: stores('', 16), bytes: stores('8', 8), same: stores('', 8) }));
    assert.equal(between(analysis, 'words', 'bytes'), 'definite');
    assert.equal(between(analysis, 'bytes', 'same'), 'definite');
  });
});

describe('addresses of 64 bits', () => {
  test('do not wrap around at 32 bits', async () => {
    const analysed = await analyseWat(caseText('m64wrap'));
    assert.deepEqual(allEffects(analysed), [
      'write memory[0] [4294967312,4294967320)',
      'read memory[0] [4294967312,4294967320)',
    ]);
    assert.equal(between(analysed.analysis, 'a', 'b'), 'definite');
  });

  const address = async (code: string, before = ''): Promise<string> => {
    const analysed = await analyseWat(
      `(module (memory i64 65540) (global $base (import "env" "base") i64) (global $s (export "__stack_pointer") (mut i64) (i64.const 1024))
        (func (param $p i64) (local $x i64) ${before} (i64.store ${code} (i64.const 1))))`.replace(
        /\(module (.*?) (\(global \$base.*?\) i64\))/,
        '(module $2 $1',
      ),
    );
    return allEffects(analysed)
      .filter((line) => line.startsWith('write memory'))
      .map((line) => line.replace('write memory[0] ', ''))
      .join();
  };
  const CASES: readonly [code: string, expected: string, before?: string][] = [
    ['(i64.const 0x100000010)', '[4294967312,4294967320)'],
    ['(i64.const 0xfffffff8)', '[4294967288,4294967296)'],
    ['(i64.sub (i64.const 0x100000000) (i64.const 8))', '[4294967288,4294967296)'],
    ['(i64.add (i64.const -16) (i64.const 0x100000000))', '[4294967280,4294967288)'],
    ['(i64.sub (i64.const 0x100000010) (i64.const 0x100000000))', '[16,24)'],
    ['(local.get $x)', '[8589934592,8589934600)', '(local.set $x (i64.const 0x200000000))'],
    ['(i64.and (i64.const 0x100000010) (i64.const -8))', 'unknown'],
    ['(i64.const 0x4000000000000000)', 'unknown'],
    ['(i64.add (local.get $p) (i64.const 0x100000000))', 'unknown'],
    ['(i64.add (local.get $p) (i64.const 8))', 'parameter 0'],
    ['(i64.add (global.get $base) (i64.const 8))', '$0+[8,16)'],
    ['(i64.add (global.get $base) (i64.const 0x100000000))', 'unknown'],
    ['(i64.add (global.get $s) (i64.const 0x100000000))', 'unknown'],
  ];
  for (const [code, expected, before] of CASES)
    test(`${before ?? ''} ${code}`, async () => assert.equal(await address(code, before), expected));
});

/** A run ends within its budget and ten seconds, and keeps its memory, whatever the module does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { failure, runScenario } from '../testing/run.ts';

const source = (name: string): string => readFileSync(new URL(`cases/${name}.wat`, import.meta.url), 'utf8');

/** A clock that goes on by 10 ms each time it is read: what counts is that it is read at all. */
function ticking(): { now(): number } {
  let time = 0;
  return { now: () => (time += 10) };
}

test('arrays that are kept end the run at its limit', async () => {
  const { kind, message } = await failure(source('arraykeep'), { callers: [[['f']], [['f']]] });
  assert.equal(kind, 'killed');
  assert.match(message, /^test\.wat: the calls allocated arrays and structures of more than 1 GiB in one execution/);
});

test('arrays that are dropped count, too, as do those of a setup call', async () => {
  const { kind } = await failure(source('alloc'), { callers: [[['f']], [['g']]] });
  assert.equal(kind, 'killed');
  const { message } = await failure(source('alloc'), { setup: [['f']], callers: [[['g']], [['g']]] });
  assert.match(message, /more than 1 GiB/);
});

test('a list of structures ends the run at its limit, before the heap is full', async () => {
  const list = `(module (type $l (struct (field (ref null $l)))) (global $h (mut (ref null $l)) (ref.null $l))
    (func $push (export "f") (loop $x (global.set $h (struct.new $l (global.get $h))) (br $x))))`;
  const { message } = await failure(list, { callers: [[['f']], [['f']]] });
  assert.match(message, /more than 1 GiB/);
});

for (const [what, module] of [
  [
    'calls that double without loops or recursion',
    `(module (memory 1 1)
      (func $f0) ${Array.from({ length: 50 }, (_, i) => `(func $f${i + 1} (call $f${i}) (call $f${i}))`).join('\n')}
      (func (export "f") (call $f50)))`,
  ],
  [
    'recursion without loops',
    `(module (global $g (mut i32) (i32.const 0)) (func $f (param i32) (result i32)
      (global.set $g (i32.const 1))
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
        (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 2)))))))
      (func (export "f") (drop (call $f (i32.const 90)))))`,
  ],
  [
    'operations on large ranges',
    `(module (memory 128) (func (export "f")
      (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x800000)) (br $l))))`,
  ],
] as const)
  test(`${what}: the clock is looked at`, async () => {
    const answer = await runScenario(
      module,
      { callers: [[['f']], [['f']]], budget: { seconds: 0.05 } },
      { environment: ticking() },
    );
    assert.ok('result' in answer && answer.result.verdict === 'inconclusive');
  });

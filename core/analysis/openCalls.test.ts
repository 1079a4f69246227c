/** Severity of what an export reaches only if the host puts an exported function into a table. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyseWat } from './testing/facts.ts';

const growth = async (text: string, name: string): Promise<string[]> => {
  const { analysis } = await analyseWat(text);
  const summary = analysis.exports.find((one) => one.name === name);
  assert.ok(summary);
  return summary.hazards
    .filter(({ rule }) => rule === 'memory-grow')
    .map(({ severity, confidence }) => `${severity} ${confidence}`);
};

const body = `(func $grow (export "grow") (drop (memory.grow (i32.const 1))))
  (func (export "run") (call_indirect (type $v) (i32.const 0)) (i32.store (i32.const 0) (i32.const 1)))`;

describe('severity without certainty', () => {
  test('growth by an exported function that no segment puts into the exported table is an open question', async () => {
    const text = `(module (memory 1) (type $v (func)) (table (export "t") 2 funcref) ${body})`;
    assert.deepEqual(await growth(text, 'run'), ['information possible']);
    assert.deepEqual(await growth(text, 'grow'), ['error definite']);
  });

  test('an element segment that has the function makes it an error', async () => {
    const text = `(module (memory 1) (type $v (func)) (table (export "t") 2 funcref) (elem (i32.const 0) func $grow) ${body})`;
    assert.deepEqual(await growth(text, 'run'), ['error possible']);
  });

  test('so does a longer way that needs no help of the host', async () => {
    const text = `(module (memory 1) (type $v (func)) (table (export "t") 2 funcref)
      (func $grow (export "grow") (drop (memory.grow (i32.const 1))))
      (func $a (call $b)) (func $b (call $c)) (func $c (call $grow))
      (func (export "run") (call_indirect (type $v) (i32.const 0)) (call $a)))`;
    const [found] = await growth(text, 'run');
    assert.match(found, /^error/);
  });

  test('a reference that code takes counts as the module', async () => {
    const text = `(module (memory 1) (type $v (func)) (table (export "t") 2 funcref)
      ${body} (func (export "fill") (table.set (i32.const 0) (ref.func $grow))) (elem declare func $grow))`;
    assert.deepEqual(await growth(text, 'run'), ['error possible']);
  });

  test('many exports get the same answers as a few', async () => {
    const runs = Array.from({ length: 20 }, (_, i) => {
      const call = i % 3 === 0 ? '(call $grow)' : '(call_indirect (type $v) (i32.const 0))';
      return `(func (export "run${i}") ${call} (i32.store (i32.const ${64 * i}) (i32.const 1)))`;
    });
    const text = `(module (memory 1) (type $v (func)) (table (export "t") 2 funcref) ${body} ${runs.join('\n')})`;
    for (let i = 0; i < 20; i++)
      assert.deepEqual(await growth(text, `run${i}`), [i % 3 === 0 ? 'error definite' : 'information possible']);
  });
});

/** Plans whose arguments were tried: calls that trap are replaced, and exports that only trap are named. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import type { Plan } from '../../scenario/plan.ts';
import { stepText } from '../../scenario/steps.ts';
import { environment, explored } from '../../testing/run.ts';
import { trappingCallers } from '../alwaysTraps.ts';
import { triedPlan } from './triedPlan.ts';

const planned = async (text: string, exportName?: string): Promise<Plan & { bytes: Uint8Array }> => {
  const { module, analysis } = await analyseWat(text);
  const options = { host: 'wazero', model: 'auto', seconds: 10, exportName } as const;
  const { plan } = await triedPlan(
    { bytes: module.bytes, name: 'test.wasm' },
    module,
    analysis,
    options,
    // How far trials come must not depend on the speed of the machine.
    environment({ now: () => 0 }),
  );
  return { ...plan, bytes: module.bytes };
};
const callersIn = ({ scenarios }: Plan): string[] =>
  scenarios.map(({ scenario }) => scenario.callers.map((steps) => steps.map(stepText).join('; ')).join(' | '));

const table = (limit: number): string => `(module (memory 1)
  (func (export "set") (param i32)
    (if (i32.ge_u (local.get 0) (i32.const ${limit})) (then (unreachable)))
    (i32.store8 (local.get 0) (i32.const 1))))`;

test('numbers that trap are replaced by small ones, and those by zero', async () => {
  assert.ok(callersIn(await planned(table(5000))).includes('set(4096) | set(4352)'));
  assert.equal(callersIn(await planned(table(3)))[1], 'set(1) | set(2)');
  assert.equal(callersIn(await planned(table(1)))[0], 'set(0) | set(0)');
});

const PAIR = `(module (global $n (mut i32) (i32.const 0))
  (func (export "closed") (param i32) (global.set $n (i32.const 1)) (unreachable))
  (func (export "open") (global.set $n (i32.const 2))))`;

test('an export whose calls all trap is named and not counted as tested', async () => {
  const plan = await planned(PAIR);
  assert.deepEqual(new Set(plan.scenarios.map(({ title }) => title.split(',')[0])), new Set(['open with itself']));
  assert.match(plan.notes.join(' '), /`closed` traps with all arguments that were tried/);
  assert.equal(plan.untested, 2);
});

test('it is run where it is asked for, and where nothing else is', async () => {
  assert.ok((await planned(PAIR, 'closed')).scenarios.length > 0);
  const alone = await planned(PAIR.replace(/\(func \(export "open"\).*\)\)\)/, ')'));
  assert.ok(alone.scenarios.length > 0);
});

test('a loop that does not end counts as a trap', async () => {
  const plan = await planned(PAIR.replace('(unreachable)', '(loop $l (br $l))'));
  assert.match(plan.notes.join(' '), /`closed` traps/);
});

test('an allocator without a telling name is found by what it answers', async () => {
  const minified = readFileSync(join(import.meta.dirname, '../cases/greet.wat'), 'utf8')
    .replace('"malloc"', '"a"')
    .replace('"greet"', '"c"');
  assert.ok(callersIn(await planned(minified)).some((text) => text.includes('r = c($aText, 4)')));
});

test('in the scenarios of a module with objects, every caller has a call that returns', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../scenario/usage/cases/objects.wat'), 'utf8');
  const { scenarios, bytes, notes } = await planned(text);
  assert.deepEqual(
    notes.filter((note) => note.includes('trap')),
    [],
  );
  assert.ok(scenarios.length > 10);
  for (const { scenario, title } of scenarios) {
    const { outcomes } = await explored(bytes, {
      ...{ setup: scenario.setup, callers: scenario.callers, probe: scenario.probe },
      budget: { schedules: 20 },
    });
    assert.ok(outcomes.serial > 0, title);
    assert.deepEqual(trappingCallers(outcomes.examples), [], title);
  }
});

test('a result that leads to text is read', async () => {
  const greet = readFileSync(join(import.meta.dirname, '../cases/greet.wat'), 'utf8');
  assert.ok(
    callersIn(await planned(greet)).includes(
      'r = greet($aText, 4); read $r >> 32 & 0xffffffff length $r & 0xffffffff utf8 | r = greet($bText, 4); read $r >> 32 & 0xffffffff length $r & 0xffffffff utf8',
    ),
  );
});

test('two results that are an address and a length are read as text', async () => {
  const plan = await planned(`(module (memory (export "memory") 1) (data (i32.const 1024) "1.0.0")
    (global $asked (mut i32) (i32.const 0))
    (func (export "version") (result i32 i32)
      (global.set $asked (i32.const 1))
      (i32.const 1024) (i32.const 5)))`);
  assert.ok(
    callersIn(plan)[0].startsWith('r, r_length = version(); read $r length $r_length utf8'),
    callersIn(plan)[0],
  );
});

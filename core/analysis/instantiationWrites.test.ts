/** What start functions write to shared memories in every instance, and what a guard lets happen only once. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { speakAs } from '../debug/testing/madeSource.ts';
import { HOST_IDS } from '../hosts/index.ts';
import { analyse } from './analyse.ts';
import type { WatOptions } from './testing/facts.ts';
import { analyseWat } from './testing/facts.ts';

const caseText = (name: string): string => readFileSync(join(import.meta.dirname, 'cases', `${name}.wat`), 'utf8');

/** The message of the finding; undefined if there is none. */
async function finding(text: string, options: WatOptions = { host: 'wamr' }): Promise<string | undefined> {
  const { analysis } = await analyseWat(text, options);
  return analysis.moduleHazards.find(({ rule }) => rule === 'start-writes-shared-memory')?.message;
}

/** A start function over a shared memory, with two functions that it may call. */
const starting = (body: string, memory = '(memory (import "env" "memory") 1 4 shared)'): string =>
  `(module ${memory} (table 1 funcref) (elem (i32.const 0) func $set) (data $d "abcd") (global $first (mut i32) (i32.const 0))
    (func $set (i32.store (i32.const 1024) (i32.const 7)))
    (func $wait (loop $again (br_if $again (i32.ne (i32.atomic.load (i32.const 64)) (i32.const 2)))))
    (func $take (result i32) (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))))
    (func $start (local $won i32) ${body}) (start $start)
    (func (export "use") (result i32) (i32.atomic.load (i32.const 1024))))`;

const CAS = '(i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))';
const SET = '(i32.store (i32.const 1024) (i32.const 7))';
const FLAG = '(i32.load (i32.const 64))';
const SURELY = /^The start function writes (\[64,68\) and )?\[1024,1028\) of imported shared memory/;
const ONCE =
  /^The start function writes (\[64,68\) and )?\[1024,1028\) of imported shared memory\[0\] only where an atomic read-modify-write lets it, as initialisation that happens once does, but nothing in it waits for another instance: `use` may use it too early, unless something else waits\.$/;
const READY = '(i32.atomic.store (i32.const 64) (i32.const 2))';
const PERHAPS = /^The start function may write (\[64,68\) and )?\[1024,1028\) of imported shared memory/;

describe('a start function that writes an imported shared memory', () => {
  test('does so in every instance, beside calls of others', async () => {
    assert.equal(
      await finding(caseText('start-clears-shared-memory')),
      'The start function writes [1024,1088) of imported shared memory[0] again in every new instance, while `next_id` and `last_id` may be using it in existing instances.',
    );
  });

  test('names the variable if the source is known by then', async () => {
    const { module } = await analyseWat(caseText('start-clears-shared-memory'), { host: 'wamr' });
    speakAs(module, { variables: [{ name: 'ids::TABLE', path: '', start: 1024, size: 64 }] });
    const [{ message }] = analyse(module, { host: 'wamr', model: 'auto' }).moduleHazards;
    assert.match(message, /^The start function writes `ids::TABLE` \(\[1024,1088\)\) of imported shared memory/);
  });

  test('has the weight of an active segment, on every host', async () => {
    for (const host of HOST_IDS) {
      const { analysis } = await analyseWat(caseText('start-clears-shared-memory'), { host, model: 'shared-memory' });
      assert.deepEqual(
        analysis.moduleHazards.map(({ rule, severity }) => [rule, severity]),
        [['start-writes-shared-memory', 'warning']],
      );
    }
  });

  test('is not reported for an export that hosts may call in every instance unless it writes for certain', async () => {
    assert.match(
      (await finding(caseText('initialize-clears-shared-memory'))) ?? '',
      /^`_initialize` writes \[1024,1088\) of .* each time it is called\. If the host calls it in every new instance, /,
    );
  });

  test('is silent where the linker guards it', async () => {
    assert.equal(await finding(caseText('lld-init-guard'), { host: 'javascript' }), undefined);
  });

  test('is reported where instances do not wait for the one that initialises', async () => {
    assert.equal(
      await finding(caseText('start-once-unwaited')),
      'The start function writes [0,8) of imported shared memory[0] only where an atomic read-modify-write lets it, as initialisation that happens once does, but nothing in it waits for another instance: `get` may use it too early, unless something else waits.',
    );
  });
});

describe('a write of the start function', () => {
  const CASES: Record<string, readonly [expected: RegExp | undefined, body: string]> = {
    'at the top': [SURELY, SET],
    'in a function that it calls': [SURELY, '(call $set)'],
    'in bulk': [SURELY, '(memory.fill (i32.const 1024) (i32.const 0) (i32.const 4))'],
    'from a segment': [SURELY, '(memory.init $d (i32.const 1024) (i32.const 0) (i32.const 4))'],
    'that is an atomic store': [SURELY, '(i32.atomic.store (i32.const 1024) (i32.const 7))'],
    'that counts up only': [undefined, '(drop (i32.atomic.rmw.add (i32.const 1024) (i32.const 1)))'],
    'of what only reads': [undefined, '(drop (i32.load (i32.const 1024)))'],
    'behind a lock that every instance takes': [
      SURELY,
      `(block $free (loop $spin (br_if $free (i32.eqz ${CAS})) (br $spin))) ${SET} (i32.atomic.store (i32.const 64) (i32.const 0))`,
    ],
    'behind a spin on a compare-exchange': [SURELY, `(loop $spin (br_if $spin ${CAS})) ${SET}`],
    'after a guarded part': [SURELY, `(if (i32.eqz ${CAS}) (then (nop))) ${SET}`],
    'that a private global decides': [SURELY, `(if (global.get $first) (then (nop)) (else ${SET}))`],
    'of the winner, in an if': [ONCE, `(if (i32.eqz ${CAS}) (then ${SET}))`],
    'of the winner, in an else': [ONCE, `(if ${CAS} (then (nop)) (else ${SET}))`],
    'of the winner, behind a branch': [ONCE, `(block $done (br_if $done ${CAS}) ${SET})`],
    'of the winner, behind a return': [ONCE, `(if ${CAS} (then (return))) ${SET}`],
    'of the winner, through a local': [ONCE, `(local.set $won ${CAS}) (if (i32.eqz (local.get $won)) (then ${SET}))`],
    'of the winner, in a call': [ONCE, `(if (i32.eqz ${CAS}) (then (call $set)))`],
    'of the first that counts up': [
      ONCE,
      `(if (i32.eqz (i32.atomic.rmw.add (i32.const 64) (i32.const 1))) (then ${SET}))`,
    ],
    'of all but the first that count up': [
      ONCE,
      `(if (i32.atomic.rmw.add (i32.const 64) (i32.const 1)) (then ${SET}))`,
    ],
    'of the winner, deep inside': [
      ONCE,
      `(block $drop (block $wait (block $init (br_table $init $wait $drop ${CAS})) (block (loop ${SET})) (br $drop)) (nop))`,
    ],
    'of the winner, for which others wait': [
      undefined,
      `(block $drop (block $wait (block $init (br_table $init $wait $drop ${CAS})) ${SET} (br $drop)) (drop (memory.atomic.wait32 (i32.const 64) (i32.const 1) (i64.const -1))))`,
    ],
    'of the winner, for which others look again and again': [
      undefined,
      `(if (i32.eqz ${CAS}) (then ${SET} ${READY}) (else (loop $again (br_if $again (i32.ne (i32.atomic.load (i32.const 64)) (i32.const 2))))))`,
    ],
    'of the winner, for which others wait in a call': [
      undefined,
      `(if (i32.eqz ${CAS}) (then ${SET} ${READY})) (call $wait)`,
    ],
    'of the winner, that others look for once': [
      ONCE,
      `(if (i32.eqz ${CAS}) (then ${SET} ${READY}) (else (drop (i32.atomic.load (i32.const 64)))))`,
    ],
    'of the winner, of what nobody uses': [
      undefined,
      `(if (i32.eqz ${CAS}) (then (i32.store (i32.const 2048) (i32.const 7))))`,
    ],
    'of the winner, through a table': [ONCE, `(if (i32.eqz ${CAS}) (then (call_indirect (i32.const 0))))`],
    'through a table, by the winner and by all': [
      PERHAPS,
      `(if (i32.eqz ${CAS}) (then (call_indirect (i32.const 0)))) (call_indirect (i32.const 0))`,
    ],
    'of the winner and of all': [SURELY, `(if (i32.eqz ${CAS}) (then (call $set))) (call $set)`],
    'of winner and losers': [SURELY, `(block $all (br_table $all $all ${CAS})) ${SET}`],
    'that a plain flag decides': [
      PERHAPS,
      `(if (i32.eqz ${FLAG}) (then ${SET} (i32.store (i32.const 64) (i32.const 1))))`,
    ],
    'that an atomic flag decides': [
      PERHAPS,
      `(block $done (br_if $done (i32.atomic.load (i32.const 64))) ${SET} (i32.atomic.store (i32.const 64) (i32.const 1)))`,
    ],
    'that a function decides': [PERHAPS, `(if (call $take) (then ${SET}))`],
    'through a table': [PERHAPS, '(call_indirect (i32.const 0))'],
    'at an address that is loaded': [
      /^The start function may write an unknown part of imported/,
      '(i32.store (i32.load (i32.const 8)) (i32.const 1))',
    ],
  };
  for (const [name, [expected, body]] of Object.entries(CASES)) {
    test(name, async () => {
      const message = await finding(starting(body));
      if (expected === undefined) assert.equal(message, undefined);
      else assert.match(message ?? '', expected);
    });
  }

  test('concerns nobody where each instance has its own memory', async () => {
    assert.equal(await finding(starting(SET, '(memory 1 4 shared)')), undefined);
    assert.equal(await finding(starting(SET, '(memory (import "env" "memory") 1 4)')), undefined);
  });

  test('follows thousands of functions in time', async () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `(func $f${i} ${i > 0 ? `(call $f${i - 1})` : SET})`).join(
      ' ',
    );
    assert.match(
      (await finding(
        `(module (memory (import "env" "memory") 1 4 shared) ${chain} (start $f4999) (func (export "use") (drop ${FLAG})))`,
      )) ?? '',
      /^The start function may write/,
    );
  });
});

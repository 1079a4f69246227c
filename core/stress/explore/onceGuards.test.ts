/** One-time initialisation behind a guard: what the analysis takes for ordered never races in an exploration. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conflictOf } from '../../analysis/queries.ts';
import { analyseWat } from '../../analysis/testing/facts.ts';
import type { Call } from '../scenario/steps.ts';
import { caseSource } from '../testing/caseFiles.ts';
import { explored } from '../testing/run.ts';

const THREADS = { host: 'javascript', model: 'shared-memory' } as const;

interface Parts {
  /** Result of the compare-exchange. */
  take?: string;
  /** What the winner does. */
  win?: string;
  /** What the others do. */
  lose?: string;
  /** Further fields. */
  more?: string;
  /** Body of the export, which answers the word at 1024. */
  use?: string;
  /** Fields before all others. */
  memory?: string;
}

const TAKE = '(i32.atomic.rmw.cmpxchg (i32.const 2048) (i32.const 0) (i32.const 1))';
const WRITE = '(memory.init $d (i32.const 1024) (i32.const 0) (i32.const 8))';
const DONE =
  '(i32.atomic.store (i32.const 2048) (i32.const 2)) (drop (memory.atomic.notify (i32.const 2048) (i32.const -1)))';
const WAIT = '(drop (memory.atomic.wait32 (i32.const 2048) (i32.const 1) (i64.const -1)))';
const READ = '(i32.load (i32.const 1024))';

/** As lld writes it, with parts replaced. */
const guarded = ({
  take = TAKE,
  win = `${WRITE} ${DONE}`,
  lose = WAIT,
  more = '',
  use = `(call $init) ${READ}`,
  memory,
}: Parts): string =>
  `(module ${memory ?? '(memory (import "env" "memory") 1 4 shared)'} (data $d "\\2a\\00\\00\\00\\07\\00\\00\\00")
    (func $init (block $drop (block $wait (block $init (br_table $init $wait $drop ${take})) ${win} (br $drop)) ${lose}))
    (func (export "use") (result i32) ${use}) ${more})`;

async function confidence(text: string, other = 'use') {
  const { analysis } = await analyseWat(text, THREADS);
  const [a, b] = ['use', other].map((name) => analysis.exports.findIndex((one) => one.name === name));
  return conflictOf(analysis, a, b, 1)?.confidence;
}

const RIGHT: [string, Parts][] = [
  ['as linkers write it', {}],
  [
    'with a loop that loads',
    { lose: '(loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 2048)) (i32.const 2))))' },
  ],
  [
    'with a loop that waits for a while',
    {
      lose: `(loop $l (drop (memory.atomic.wait32 (i32.const 2048) (i32.const 1) (i64.const 1000)))
        (br_if $l (i32.eq (i32.atomic.load (i32.const 2048)) (i32.const 1))))`,
    },
  ],
  [
    'with a look before the exchange',
    { use: `(if (i32.ne (i32.atomic.load (i32.const 2048)) (i32.const 2)) (then (call $init))) ${READ}` },
  ],
  [
    'in the export itself',
    {
      use: `(local $old i32) (local.set $old ${TAKE})
        (if (i32.eqz (local.get $old)) (then ${WRITE} ${DONE})
          (else (if (i32.eq (local.get $old) (i32.const 1)) (then ${WAIT}))))
        ${READ}`,
    },
  ],
  ['behind a function that calls it', { more: '(func $ready (call $init))', use: `(call $ready) ${READ}` }],
  ['with atomic reads after it', { use: '(call $init) (i32.atomic.load (i32.const 1024))' }],
];

describe('a guard that works', () => {
  for (const [name, parts] of RIGHT)
    test(name, async () => {
      const text = guarded(parts);
      assert.equal(await confidence(text), undefined);
      const callers: Call[][] = [[['use']], [['use']]];
      const result = await explored(text, { ...THREADS, callers, budget: { schedules: 60 } });
      assert.deepEqual(result.races, []);
      assert.equal(result.wrongOutcome, false);
    });

  test('of the public report', async () => {
    const text = caseSource('lld-init-guard/export.wat').replace('"setup_and_answer"', '"use"');
    assert.equal(await confidence(text), undefined);
    // Who does not call the initialiser waits for nothing.
    assert.equal(await confidence(text, 'answer'), 'definite');
    assert.equal(
      await confidence(caseSource('lld-init-guard/broken.wat').replace('"setup_and_answer"', '"use"')),
      'definite',
    );
  });

  test('and may be changed by an access at an unknown address', async () => {
    const text = guarded({ more: '(func (export "put") (param i32) (i32.store (local.get 0) (i32.const 0)))' });
    assert.equal(await confidence(text), 'possible');
  });
});

/** Each is wrong in one place; `races`: exploration of two callers shows it. */
const WRONG: [string, Parts, boolean][] = [
  ['nobody waits', { lose: '(nop)' }, true],
  ['the wait has an end', { lose: WAIT.replace('-1', '1000') }, true],
  ['the wait expects another value', { lose: WAIT.replace('(i32.const 1) (i64', '(i32.const 2) (i64') }, true],
  ['the wait is on another word', { lose: WAIT.replace('2048', '2052') }, false],
  ['the flag is never set', { win: WRITE }, false],
  ['the flag is set first', { win: `${DONE} ${WRITE}` }, true],
  ['the flag is set in between', { win: `(i32.store (i32.const 1024) (i32.const 1)) ${DONE} ${WRITE}` }, true],
  ['the flag is set on another word', { win: `${WRITE} ${DONE.replace('2048', '2052')}` }, false],
  [
    'the winner wakes the others too early',
    { win: `(drop (memory.atomic.notify (i32.const 2048) (i32.const -1))) ${WRITE} ${DONE}` },
    true,
  ],
  ['the loser initialises, too', { lose: WRITE }, true],
  ['the loser writes after it waited, and reads before', { use: `(drop ${READ}) (call $init) ${READ}` }, true],
  ['the flag is released again', { win: `${WRITE} ${DONE.replace('(i32.const 2)', '(i32.const 0)')}` }, true],
  ['the exchange takes another value', { take: TAKE.replace('(i32.const 1))', '(i32.const 2))') }, true],
  [
    'the exchange expects the done value',
    { take: TAKE.replace('(i32.const 0) (i32.const 1)', '(i32.const 2) (i32.const 1)') },
    false,
  ],
  [
    'the exchange is on another word in each call',
    {
      take: '(i32.atomic.rmw.cmpxchg (global.get $at) (i32.const 0) (i32.const 1))',
      memory: '(memory (import "env" "memory") 1 4 shared) (global $at (mut i32) (i32.const 2048))',
    },
    false,
  ],
  [
    'a caller passes without it',
    { use: `(if (i32.atomic.load (i32.const 2048)) (then) (else (call $init))) ${READ}` },
    true,
  ],
  [
    'a caller looks with a plain load',
    { use: `(if (i32.ne (i32.load (i32.const 2048)) (i32.const 2)) (then (call $init))) ${READ}` },
    true,
  ],
  [
    'the call depends on a global',
    { use: `(if (global.get $g) (then (call $init))) ${READ}`, more: '(global $g (mut i32) (i32.const 0))' },
    false,
  ],
];

describe('a guard that does not work', () => {
  for (const [name, parts, races] of WRONG)
    test(name, async () => {
      const text = guarded(parts);
      assert.notEqual(await confidence(text), undefined);
      if (!races) return;
      const result = await explored(text, { ...THREADS, callers: [[['use']], [['use']]] });
      assert.ok(result.races.length > 0, JSON.stringify(result.verdict));
    });

  const OTHERS: [string, string][] = [
    ['resets the flag', '(func (export "other") (i32.atomic.store (i32.const 2048) (i32.const 0)))'],
    ['sets the flag', '(func (export "other") (i32.atomic.store (i32.const 2048) (i32.const 2)))'],
    ['stores to it plainly', '(func (export "other") (i32.store (i32.const 2046) (i32.const 0)))'],
    ['fills over it', '(func (export "other") (memory.fill (i32.const 2000) (i32.const 0) (i32.const 100)))'],
    ['wakes those who wait', '(func (export "other") (drop (memory.atomic.notify (i32.const 2048) (i32.const -1))))'],
    ['puts data over it', '(data (i32.const 2040) "0123456789abcdef")'],
    ['takes a byte of it', '(func (export "other") (drop (i32.atomic.rmw8.xchg_u (i32.const 2048) (i32.const 0))))'],
  ];
  for (const [name, more] of OTHERS)
    test(`other code ${name}`, async () => {
      assert.equal(await confidence(guarded({ more })), 'definite');
    });

  test('other code writes what it initialises', async () => {
    const more = '(func (export "other") (i32.store (i32.const 1024) (i32.const 1)))';
    assert.equal(await confidence(guarded({ more })), undefined);
    assert.equal(await confidence(guarded({ more }), 'other'), 'definite');
  });
});

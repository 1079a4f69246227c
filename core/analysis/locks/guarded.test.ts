/**
 * What callers do under one lock does not conflict, whichever way the lock is made: no exploration finds a race there. What
 * only looks like a lock stays a conflict.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { explored } from '../../stress/testing/run.ts';
import type { Confidence } from '../model.ts';
import { conflictOf } from '../queries.ts';
import { analyseWat } from '../testing/facts.ts';
import { lockedStatesOf } from './lockGuards.ts';
import { guardedText } from './lockText.ts';

const MEMORY = '(memory (export "memory") 1 1 shared)';
const HITS = '(global $hits (export "hits") (mut i32) (i32.const 0))';
/** A critical section without its lock. */
const WORK = `
  (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
  (global.set $hits (i32.add (global.get $hits) (i32.const 1)))`;

const lines = (text: string): string => `(module ${MEMORY} ${HITS} ${text})`;
const locked = (lock: string, unlock: string, more = ''): string =>
  lines(`(func $lock ${lock}) (func $unlock ${unlock}) ${more}
    (func (export "inc") (call $lock) ${WORK} (call $unlock))`);

const SPIN = '(loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))';
const FREE = '(i32.atomic.store (i32.const 0) (i32.const 0))';

/** How sure the analysis is that two exports conflict on memory or a global; undefined: they do not. */
async function conflict(
  source: string,
  a: string,
  b: string,
  model: SharingModel = 'shared-instance',
  host: HostId = model === 'shared-memory' ? 'javascript' : 'wazero',
): Promise<Confidence | undefined> {
  const { analysis } = await analyseWat(source, { host, model });
  const [x, y] = [a, b].map((name) => analysis.exports.findIndex((e) => e.name === name));
  assert.ok(x >= 0 && y >= 0, `no exports ${a} and ${b}`);
  return conflictOf(analysis, x, y, 100)?.confidence;
}

/** Modules whose exports `inc` and `inc`, or those named, do not conflict. */
const GUARDED: Readonly<Record<string, string | [source: string, a: string, b: string]>> = {
  'a spin lock': locked(SPIN, FREE),
  'a spin lock that exchanges': locked(
    '(loop $l (br_if $l (i32.atomic.rmw.xchg (i32.const 0) (i32.const 1))))',
    '(drop (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0)))',
  ),
  'one lock taken, another given up as well': lines(`
    (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
    (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc") (call $lock (i32.const 0)) (call $unlock (i32.const 4)) ${WORK} (call $unlock (i32.const 0)))`),
  'a lock of one byte': locked(
    '(loop $l (br_if $l (i32.atomic.rmw8.xchg_u (i32.const 3) (i32.const 1))))',
    '(i32.atomic.store8 (i32.const 3) (i32.const 0))',
  ),
  'a lock of one bit': locked(
    '(loop $l (br_if $l (i32.atomic.rmw.or (i32.const 0) (i32.const 4))))',
    '(drop (i32.atomic.rmw.and (i32.const 0) (i32.const -5)))',
  ),
  'a test of the bit that all values have': locked(
    `(loop $l
      (if (i32.and (i32.const 10) (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 10)))
        (then (drop (i32.atomic.rmw.or (i32.const 0) (i32.const 26))) (br $l))))`,
    FREE,
  ),
  'a lock that looks before it tries': locked(
    `(loop $l
      (loop $look (br_if $look (i32.atomic.load (i32.const 0))))
      (br_if $l (i32.ne (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 7)) (i32.const 0))))`,
    FREE,
  ),
  'a lock that waits': locked(
    `(loop $l
      (if (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))
        (then (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1))) (br $l))))`,
    `${FREE} (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))`,
  ),
  'a mutex that knows if somebody waits': locked(
    `(local $c i32)
    (if (i32.eqz (local.tee $c (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))) (then (return)))
    (if (i32.ne (local.get $c) (i32.const 2))
      (then (local.set $c (i32.atomic.rmw.xchg (i32.const 0) (i32.const 2)))))
    (block $done
      (loop $l
        (br_if $done (i32.eqz (local.get $c)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 2) (i64.const -1)))
        (local.set $c (i32.atomic.rmw.xchg (i32.const 0) (i32.const 2)))
        (br $l)))`,
    `(if (i32.ne (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)) (i32.const 1))
      (then ${FREE} (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))`,
  ),
  'the mutex of the standard library of Rust': lines(`
    (func $spin (param $m i32) (result i32)
      (local $n i32) (local $s i32)
      (local.set $n (i32.const 3))
      (loop $l
        (local.set $s (i32.atomic.load (local.get $m)))
        (if (i32.and (i32.eq (local.get $s) (i32.const 1)) (i32.ne (local.get $n) (i32.const 0)))
          (then (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l))))
      (local.get $s))
    (func $contended (param $m i32)
      (local $s i32)
      (local.set $s (call $spin (local.get $m)))
      (if (i32.eqz (local.get $s))
        (then
          (if (i32.eqz (local.tee $s (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1))))
            (then (return)))))
      (loop $l
        (if (i32.ne (local.get $s) (i32.const 2))
          (then (if (i32.eqz (i32.atomic.rmw.xchg (local.get $m) (i32.const 2))) (then (return)))))
        (drop (memory.atomic.wait32 (local.get $m) (i32.const 2) (i64.const -1)))
        (local.set $s (call $spin (local.get $m)))
        (br $l)))
    (func $lock (param $m i32)
      (if (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1))
        (then (call $contended (local.get $m)))))
    (func $unlock (param $m i32)
      (if (i32.eq (i32.atomic.rmw.xchg (local.get $m) (i32.const 0)) (i32.const 2))
        (then (drop (memory.atomic.notify (local.get $m) (i32.const 1))))))
    (func (export "inc") (call $lock (i32.const 8)) ${WORK} (call $unlock (i32.const 8)))`),
  'two locks, given up in another order': lines(`
    (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
    (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc")
      (call $lock (i32.const 0)) (call $lock (i32.const 4)) (call $unlock (i32.const 0))
      (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
      (call $unlock (i32.const 4)))`),
  'what a function does at its argument, under its own lock': lines(`
    (func $add (param $p i32)
      ${SPIN} (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))) ${FREE})
    (func (export "inc") (call $add (i32.const 64)) (call $add (i32.const 68)))`),
  'what a function does at its argument, under the lock of its caller': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $add (param $p i32) (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))))
    (func $deep (param $p i32) (call $add (i32.add (local.get $p) (i32.const 4))))
    (func (export "inc") (call $lock) (call $deep (i32.const 64)) (call $unlock))`),
  'a lock for readers and writers': lines(`
    (func $read_lock (local $v i32)
      (loop $l
        (br_if $l (i32.lt_s (local.tee $v (i32.atomic.load (i32.const 0))) (i32.const 0)))
        (br_if $l (i32.ne (local.get $v)
          (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $v) (i32.add (local.get $v) (i32.const 1)))))))
    (func $read_unlock (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1))))
    (func $write_lock (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const -1)))))
    (func $write_unlock ${FREE})
    (func (export "get") (result i32) (local $r i32)
      (call $read_lock) (local.set $r (i32.load (i32.const 64))) (call $read_unlock) (local.get $r))
    (func (export "inc") (call $write_lock) ${WORK} (call $write_unlock))`),
  tickets: locked(
    `(local $mine i32)
    (local.set $mine (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 4)) (local.get $mine))))`,
    '(drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))',
  ),
  'tickets that are passed on by a store': locked(
    `(local $mine i32)
    (local.set $mine (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 4)) (local.get $mine))))`,
    '(i32.atomic.store (i32.const 4) (i32.add (i32.atomic.load (i32.const 4)) (i32.const 1)))',
  ),
  'work that is given up when the lock is taken': lines(`
    (func $try (result i32) (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
    (func (export "inc") (if (call $try) (then ${WORK} ${FREE})))`),
  'a loop of critical sections': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func (export "inc") (local $n i32)
      (loop $l
        (call $lock) ${WORK} (call $unlock)
        (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2)))))`),
  'functions that are called under the lock': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $deep ${WORK}) (func $work (call $deep))
    (func (export "inc") (call $lock) (call $work) (call $unlock))
    (func (export "twice") (call $lock) (call $work) (call $deep) (call $unlock))`),
  'a lock that a function takes for its caller, on all ways': lines(`
    (func $enter (param $slow i32)
      (if (local.get $slow) (then ${SPIN}) (else ${SPIN.replaceAll('$l', '$m')})))
    (func (export "inc") (call $enter (i32.load (i32.const 128))) ${WORK} ${FREE})`),
  'a lock that a flag decides about, on both sides': [
    lines(`
    (func (export "inc") (param $use i32)
      (if (local.get $use) (then ${SPIN} ${WORK}))
      (if (local.get $use) (then ${FREE})))
    (func (export "get") (result i32) (local $r i32)
      ${SPIN} (local.set $r (i32.load (i32.const 64))) ${FREE} (local.get $r))`),
    'inc',
    'get',
  ],
};

describe('what is done under one lock does not conflict', () => {
  for (const [name, given] of Object.entries(GUARDED)) {
    test(name, async () => {
      const [source, a, b] = typeof given === 'string' ? [given, 'inc', 'inc'] : given;
      assert.equal(await conflict(source, a, b), undefined);
      const argument = source.includes('"inc") (param') ? [1] : [];
      const call = (export_: string): [string, ...number[]] => (export_ === 'inc' ? ['inc', ...argument] : [export_]);
      const result = await explored(source, { callers: [[call(a)], [call(b)]], budget: { schedules: 5000 } });
      assert.deepEqual(result.races, []);
    });
  }
});

/** Modules whose export `inc` conflicts with itself, and whether exploration can show a race. */
const BROKEN: Readonly<Record<string, string | [source: string, a: string, b: string]>> = {
  'a plain load and store': locked(
    '(loop $l (br_if $l (i32.load (i32.const 0)))) (i32.store (i32.const 0) (i32.const 1))',
    '(i32.store (i32.const 0) (i32.const 0))',
  ),
  'an atomic load and store': locked(
    '(loop $l (br_if $l (i32.atomic.load (i32.const 0)))) (i32.atomic.store (i32.const 0) (i32.const 1))',
    FREE,
  ),
  'another word is given up': locked(SPIN, '(i32.atomic.store (i32.const 4) (i32.const 0))'),
  'a compare-exchange whose result is ignored': locked(
    '(drop (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))',
    FREE,
  ),
  'a compare-exchange with the wrong test': locked(
    '(loop $l (br_if $l (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))))',
    FREE,
  ),
  'a test of a bit that the word never has': locked(
    '(loop $l (br_if $l (i32.and (i32.const 1) (i32.atomic.rmw.xchg (i32.const 0) (i32.const 4)))))',
    FREE,
  ),
  'a test of a bit that some values do not have': locked(
    '(loop $l (br_if $l (i32.and (i32.const 1) (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))))',
    FREE,
    `(func (export "other")
      (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 2)))) ${WORK} ${FREE})`,
  ),
  'a test of a bit that its holder clears': locked(
    '(loop $l (br_if $l (i32.and (i32.const 1) (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 3)))))',
    FREE,
    `(func (export "other")
      (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 3))))
      (i32.atomic.store (i32.const 0) (i32.const 2)) ${WORK} ${FREE})`,
  ),
  'an exchange of zero': locked('(loop $l (br_if $l (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0))))', FREE),
  'an exchange of what is zero in a byte': locked(
    '(loop $l (br_if $l (i32.atomic.rmw8.xchg_u (i32.const 0) (i32.const 256))))',
    '(i32.atomic.store8 (i32.const 0) (i32.const 0))',
  ),
  'tries, and goes on after a while': locked(
    `(local $n i32)
    (loop $l
      (if (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))
        (then (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2))))))`,
    FREE,
  ),
  'given up twice': locked(SPIN, `${FREE} ${FREE}`),
  'given up by somebody else': [locked(SPIN, FREE, '(func (export "break") (call $unlock))'), 'inc', 'inc'],
  'the word is exported to be changed': [
    locked(SPIN, FREE, '(func (export "set") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))'),
    'inc',
    'inc',
  ],
  'the word is written plainly': locked(SPIN, FREE, '(func (export "reset") (i32.store (i32.const 0) (i32.const 0)))'),
  'a byte of the word is written plainly': locked(
    SPIN,
    FREE,
    '(func (export "reset") (i32.store8 (i32.const 2) (i32.const 0)))',
  ),
  'the word is filled': locked(
    SPIN,
    FREE,
    '(func (export "reset") (memory.fill (i32.const 0) (i32.const 0) (i32.const 32)))',
  ),
  'the word is written with another width': locked(
    SPIN,
    FREE,
    '(func (export "reset") (i64.atomic.store (i32.const 0) (i64.const 0)))',
  ),
  'the word is written through a pointer': locked(
    SPIN,
    FREE,
    '(func (export "poke") (param i32) (i32.store (local.get 0) (i32.const 0)))',
  ),
  'the word is given up through a pointer': locked(
    SPIN,
    FREE,
    '(func (export "poke") (param i32) (i32.atomic.store (local.get 0) (i32.const 0)))',
  ),
  'taken on one way only': lines(`
    (func (export "inc") (param $use i32)
      (if (local.get $use) (then ${SPIN}))
      ${WORK}
      (if (local.get $use) (then ${FREE})))`),
  'taken on one way only, in a function': lines(`
    (func $lock (param $use i32) (if (local.get $use) (then ${SPIN})))
    (func $unlock (param $use i32) (if (local.get $use) (then ${FREE})))
    (func (export "inc") (param $use i32) (call $lock (local.get $use)) ${WORK} (call $unlock (local.get $use)))`),
  'not taken where the library has one thread': lines(`
    (func $lock (if (i32.load (i32.const 128)) (then ${SPIN})))
    (func $unlock (if (i32.load (i32.const 128)) (then ${FREE})))
    (func (export "inc") (call $lock) ${WORK} (call $unlock))`),
  'the result of a try is ignored': lines(`
    (func $try (result i32) (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
    (func (export "inc") (drop (call $try)) ${WORK} ${FREE})`),
  'the result of a try is taken the wrong way round': lines(`
    (func $try (result i32) (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
    (func (export "inc") (if (i32.eqz (call $try)) (then ${WORK} ${FREE})))`),
  'what a function does at its argument, and the lock is given up for it': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $add (param $p i32)
      (call $unlock) (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))) (call $lock))
    (func (export "inc") (call $lock) (call $add (i32.const 64)) (call $unlock))`),
  'what a function does at its argument, once with and once without the lock': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $add (param $p i32) (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))))
    (func (export "inc") (call $lock) (call $add (i32.const 64)) (call $unlock) (call $add (i32.const 64)))`),
  'one function works under its lock, another at the same argument without': lines(`
    (func $add (param $p i32)
      ${SPIN} (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))) ${FREE})
    (func $bare (param $p i32) (i32.store (local.get $p) (i32.const 1)))
    (func (export "inc") (call $add (i32.const 64)) (call $bare (i32.const 64)))`),
  'one of two addresses': lines(`
    (func (export "inc") (param $which i32)
      ${SPIN} (i32.store (i32.const 64) (i32.const 1)) ${FREE}
      (i32.store (select (i32.const 64) (i32.const 96) (local.get $which)) (i32.const 1)))`),
  'an element of static data, whose index is an argument': lines(`
    (func (export "inc") (param $i i32)
      ${SPIN} (i32.store (i32.const 2048) (i32.const 1)) (i32.store offset=2048 (local.get $i) (i32.const 1)) ${FREE}
      (i32.store offset=2048 (local.get $i) (i32.const 1)))`),
  'an element of static data, whose index is a byte': lines(`
    (func (export "inc")
      ${SPIN} (i32.store8 (i32.const 64) (i32.const 1)) (i32.store8 (i32.load8_u (i32.const 8)) (i32.const 1)) ${FREE}
      (i32.store8 (i32.load8_u (i32.const 8)) (i32.const 1)))`),
  'an element of static data, whose index was read': lines(`
    (func (export "inc") (local $i i32)
      (local.set $i (i32.load (i32.const 8)))
      ${SPIN} (i32.store (i32.const 2048) (i32.const 1)) (i32.store offset=2048 (local.get $i) (i32.const 1)) ${FREE}
      (i32.store offset=2048 (local.get $i) (i32.const 1)))`),
  'an address that a function gives back': lines(`
    (func $same (param $p i32) (result i32) (local.get $p))
    (func (export "inc")
      ${SPIN} (i32.store (i32.const 64) (i32.const 1)) ${FREE}
      (i32.store (call $same (i32.const 64)) (i32.const 1)))`),
  'given up before the last access': lines(`
    (func (export "inc") ${SPIN}
      (i32.store (i32.const 64) (i32.const 1)) ${FREE} (i32.store (i32.const 64) (i32.const 2)))`),
  'an access before it is taken': lines(`
    (func (export "inc") (local $r i32)
      (local.set $r (i32.load (i32.const 64))) ${SPIN}
      (i32.store (i32.const 64) (i32.add (local.get $r) (i32.const 1))) ${FREE})`),
  'a loop that comes back without it': lines(`
    (func (export "inc") (local $n i32)
      ${SPIN}
      (loop $again
        (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
        (if (i32.eqz (local.get $n)) (then ${FREE} (local.set $n (i32.const 1)) (br $again)))))`),
  'a loop that accesses before it takes it': lines(`
    (func (export "inc") (local $n i32)
      (loop $again
        (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
        ${SPIN} ${FREE}
        (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2)))))`),
  'a function that gives it up in between': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $yield (call $unlock) (call $lock))
    (func $all_of_it (call $unlock) ${WORK} (call $lock))
    (func (export "inc") (call $lock) (call $yield) (call $all_of_it) (call $unlock))`),
  'a function that is called with and without it': lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE}) (func $work ${WORK})
    (func (export "inc") (call $lock) (call $work) (call $unlock) (call $work))`),
  'a function that is exported, too': [
    lines(`
    (func $lock ${SPIN}) (func $unlock ${FREE}) (func $work (export "work") ${WORK})
    (func (export "inc") (call $lock) (call $work) (call $unlock))`),
    'inc',
    'work',
  ],
  'a function in a table': [
    lines(`
    (type $t (func)) (table (export "table") 1 funcref) (elem (i32.const 0) $work)
    (func $lock ${SPIN}) (func $unlock ${FREE}) (func $work ${WORK})
    (func (export "inc") (call $lock) (call $work) (call $unlock))
    (func (export "run") (call_indirect (type $t) (i32.const 0)))`),
    'inc',
    'run',
  ],
  'different locks': [
    lines(`
    (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
    (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc") (call $lock (i32.const 0)) ${WORK} (call $unlock (i32.const 0)))
    (func (export "inc2") (call $lock (i32.const 4)) ${WORK} (call $unlock (i32.const 4)))`),
    'inc',
    'inc2',
  ],
  'a lock that callers choose': lines(`
    (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
    (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc") (param $m i32)
      (call $lock (local.get $m)) ${WORK} (call $unlock (local.get $m)))`),
  'one lock taken, another given up': lines(`
    (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
    (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc") (call $lock (i32.const 0)) (call $unlock (i32.const 0)) ${WORK} (call $unlock (i32.const 4)))`),
  'the same lock under two names': lines(`
    (func $both (param $m i32)
      (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1))))
      ${FREE} ${WORK}
      (i32.atomic.store (local.get $m) (i32.const 0)))
    (func (export "inc") (call $both (i32.const 0)))`),
  'recursion that gives it up': lines(`
    (func $work (param $n i32)
      ${SPIN} ${WORK} ${FREE}
      (if (local.get $n) (then (call $work (i32.sub (local.get $n) (i32.const 1)))))
      ${WORK})
    (func (export "inc") (call $work (i32.const 1)))`),
  'readers that write': lines(`
    (func $read_lock (local $v i32)
      (loop $l
        (br_if $l (i32.lt_s (local.tee $v (i32.atomic.load (i32.const 0))) (i32.const 0)))
        (br_if $l (i32.ne (local.get $v)
          (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $v) (i32.add (local.get $v) (i32.const 1)))))))
    (func $read_unlock (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1))))
    (func $write_lock (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const -1)))))
    (func (export "write") (call $write_lock) ${WORK} ${FREE})
    (func (export "inc") (call $read_lock) ${WORK} (call $read_unlock))`),
  'readers that do not look for a writer': [
    lines(`
    (func $read_lock (local $v i32)
      (loop $l
        (local.set $v (i32.atomic.load (i32.const 0)))
        (br_if $l (i32.ne (local.get $v)
          (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $v) (i32.add (local.get $v) (i32.const 1)))))))
    (func $read_unlock (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1))))
    (func $write_lock (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 100)))))
    (func (export "get") (result i32) (local $r i32)
      (call $read_lock) (local.set $r (i32.load (i32.const 64))) (call $read_unlock) (local.get $r))
    (func (export "inc") (call $write_lock) ${WORK} ${FREE})`),
    'inc',
    'get',
  ],
  'writers that do not wait for readers': [
    lines(`
    (func $read_lock (local $v i32)
      (loop $l
        (br_if $l (i32.lt_s (local.tee $v (i32.atomic.load (i32.const 0))) (i32.const 0)))
        (br_if $l (i32.ne (local.get $v)
          (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $v) (i32.add (local.get $v) (i32.const 1)))))))
    (func $read_unlock (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1))))
    (func $write_lock (loop $l (br_if $l (i32.lt_s (i32.atomic.rmw.xchg (i32.const 0) (i32.const -1)) (i32.const 0)))))
    (func (export "get") (result i32) (local $r i32)
      (call $read_lock) (local.set $r (i32.load (i32.const 64))) (call $read_unlock) (local.get $r))
    (func (export "inc") (call $write_lock) ${WORK} ${FREE})`),
    'inc',
    'get',
  ],
  'tickets that all are for the same turn': locked(
    `(local $mine i32)
    (local.set $mine (i32.atomic.load (i32.const 0)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 4)) (local.get $mine))))`,
    '(drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))',
  ),
  'tickets whose turn anybody passes on': locked(
    `(local $mine i32)
    (local.set $mine (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 4)) (local.get $mine))))`,
    '(drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))',
    '(func (export "skip") (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))',
  ),
  'tickets that start again': locked(
    `(local $mine i32)
    (local.set $mine (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load (i32.const 4)) (local.get $mine))))`,
    '(drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))',
    '(func (export "reset") (i32.atomic.store (i32.const 0) (i32.const 0)))',
  ),
  'a ticket that is used twice': lines(`
    (func (export "inc") (local $mine i32) (local $turn i32)
      (local.set $mine (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (loop $l (br_if $l (i32.ne (local.tee $turn (i32.atomic.load (i32.const 4))) (local.get $mine))))
      (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
      (if (i32.eq (local.get $turn) (local.get $mine)) (then ${WORK})))`),
  'a counter of callers': locked(
    '(loop $l (br_if $l (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))',
    '(drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)))',
  ),
  'a trap handler that goes on': lines(`
    (tag $t)
    (func $lock ${SPIN}) (func $unlock ${FREE})
    (func $fails (call $unlock) (throw $t))
    (func (export "inc")
      (block $h (try_table (catch_all $h) (call $lock) (call $fails)))
      ${WORK})`),
};

describe('locks are named', () => {
  const textOf = async (source: string, export_ = 'inc'): Promise<string[]> => {
    const { module, analysis } = await analyseWat(source, { model: 'shared-instance' });
    const position = analysis.exports.findIndex(({ name }) => name === export_);
    return lockedStatesOf(analysis, position).map((state) => guardedText(module, state));
  };

  test('with what they guard', async () => {
    assert.deepEqual(await textOf(locked(SPIN, FREE)), [
      'Guarded by the lock at [0,4): memory[0] static data [64,68) and mutable global `$hits`.',
    ]);
  });

  test('with what each export touches', async () => {
    const peeked = `(func (export "peek") (call $lock) (drop (global.get $hits)) (call $unlock))`;
    assert.deepEqual(await textOf(locked(SPIN, FREE, peeked), 'peek'), [
      'Guarded by the lock at [0,4): mutable global `$hits`.',
    ]);
  });

  test('with what could change them', async () => {
    const poked = locked(SPIN, FREE, '(func (export "poke") (param i32) (i32.store (local.get 0) (i32.const 0)))');
    assert.deepEqual(await textOf(poked), [
      'Guarded by the lock at [0,4), unless an access at an unknown address changes the lock: memory[0] static data [64,68) and mutable global `$hits`.',
    ]);
  });

  test('not where they guard nothing', async () => {
    assert.deepEqual(await textOf(locked(SPIN, '(i32.atomic.store (i32.const 4) (i32.const 0))')), []);
  });
});

describe('sharing models', () => {
  const imported = `(module (memory (import "env" "memory") 1 1 shared) (func (export "inc") ${SPIN}
    (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))) ${FREE}))`;

  test('instances that share the memory of the lock take turns', async () => {
    assert.equal(await conflict(imported, 'inc', 'inc', 'shared-memory'), undefined);
  });

  test('calls that are suspended do not', async () => {
    const suspended = `(module (import "env" "sleep" (func $sleep)) ${MEMORY}
      (func (export "inc") ${SPIN} (i32.store (i32.const 64) (i32.const 1)) (call $sleep)
        (i32.store (i32.const 64) (i32.const 2)) ${FREE}))`;
    assert.notEqual(await conflict(suspended, 'inc', 'inc', 'cooperative'), undefined);
  });

  test('instances with a lock each share the host only', async () => {
    const host = `(module (import "env" "log" (func $log)) ${MEMORY} (func (export "inc") ${SPIN} (call $log) ${FREE}))`;
    assert.notEqual(await conflict(host, 'inc', 'inc', 'isolated'), undefined);
    assert.equal(await conflict(host, 'inc', 'inc', 'shared-instance'), undefined);
  });

  test('a lock in a memory of its own does not guard an imported global', async () => {
    const global = `(module (global $g (import "env" "g") (mut i32)) ${MEMORY}
      (func (export "inc") ${SPIN} (global.set $g (i32.add (global.get $g) (i32.const 1))) ${FREE}))`;
    for (const model of ['shared-memory', 'isolated'] as const)
      assert.notEqual(await conflict(global, 'inc', 'inc', model, 'wazero'), undefined, model);
  });
});

describe('what only looks like a lock stays a conflict', () => {
  for (const [name, given] of Object.entries(BROKEN)) {
    test(name, async () => {
      const [source, a, b] = typeof given === 'string' ? [given, 'inc', 'inc'] : given;
      assert.notEqual(await conflict(source, a, b), undefined);
    });
  }
});

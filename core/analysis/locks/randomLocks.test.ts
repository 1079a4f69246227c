/**
 * Soundness on random programs with locks that are right, and locks that are nearly right: the analysis predicts every race
 * that exploration finds. `STRESS_SEED=n` begins elsewhere, `LOCK_PROGRAMS=n` tries more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Call } from '../../stress/scenario/steps.ts';
import { explored } from '../../stress/testing/run.ts';
import { unpredictedRaces } from '../../stress/testing/staticConflicts.ts';
import { type Random, random } from '../../testing/random.ts';
import { analyseBytes } from '../testing/facts.ts';

const FIRST_SEED = Number(process.env.STRESS_SEED ?? 1);
const PROGRAMS = Number(process.env.LOCK_PROGRAMS ?? 16);

const WORDS = [0, 4];

/** Functions that programs call; `$m` is the word of the lock. */
const LIBRARY = `
  (func $spin (param $m i32)
    (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1)))))
  (func $swap (param $m i32)
    (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 2)))))
  (func $sleep (param $m i32)
    (local $c i32)
    (if (i32.eqz (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1))) (then (return)))
    (loop $l
      (if (i32.eqz (i32.atomic.rmw.xchg (local.get $m) (i32.const 2))) (then (return)))
      (drop (memory.atomic.wait32 (local.get $m) (i32.const 2) (i64.const -1)))
      (br $l)))
  (func $maybe (param $m i32)
    (drop (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1))))
  (func $try (param $m i32) (result i32)
    (i32.eqz (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const 1))))
  (func $free (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
  (func $wake (param $m i32)
    (if (i32.eq (i32.atomic.rmw.xchg (local.get $m) (i32.const 0)) (i32.const 2))
      (then (drop (memory.atomic.notify (local.get $m) (i32.const 1))))))
  (func $lower (param $m i32)
    (if (i32.ne (i32.atomic.rmw.sub (local.get $m) (i32.const 1)) (i32.const 1))
      (then (i32.atomic.store (local.get $m) (i32.const 0)) (drop (memory.atomic.notify (local.get $m) (i32.const 1))))))
  (func $read (param $m i32)
    (local $v i32)
    (loop $l
      (br_if $l (i32.lt_s (local.tee $v (i32.atomic.load (local.get $m))) (i32.const 0)))
      (br_if $l (i32.ne (local.get $v)
        (i32.atomic.rmw.cmpxchg (local.get $m) (local.get $v) (i32.add (local.get $v) (i32.const 1)))))))
  (func $unread (param $m i32) (drop (i32.atomic.rmw.sub (local.get $m) (i32.const 1))))
  (func $write (param $m i32)
    (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (local.get $m) (i32.const 0) (i32.const -1)))))
  (func $ticket (param $m i32)
    (local $t i32)
    (local.set $t (i32.atomic.rmw.add (local.get $m) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load offset=8 (local.get $m)) (local.get $t)))))
  (func $put (param $c i32) (i32.store (local.get $c) (i32.const 5)))
  (func $put_locked (param $c i32)
    (call $spin (i32.const 4)) (i32.store (local.get $c) (i32.const 6)) (call $free (i32.const 4)))
  (func $next (param $m i32) (drop (i32.atomic.rmw.add offset=8 (local.get $m) (i32.const 1))))`;

/** Ways to take a lock, each with those to give it up that fit. */
const PAIRS: readonly (readonly [take: string, give: readonly string[]])[] = [
  ['spin', ['free', 'wake']],
  ['swap', ['free', 'wake']],
  ['sleep', ['wake', 'lower']],
  ['write', ['free']],
  ['read', ['unread']],
  ['ticket', ['next']],
];
const SOUND = ['spin', 'swap', 'sleep'];

/** Bodies of the library at a fixed word, as code that stands alone. */
function inlined(name: string, word: number): string {
  const m = `(i32.const ${word})`;
  switch (name) {
    case 'free':
      return `(i32.atomic.store ${m} (i32.const 0))`;
    case 'spin':
      return `(loop $s (br_if $s (i32.atomic.rmw.cmpxchg ${m} (i32.const 0) (i32.const 1))))`;
    default:
      return `(call $${name} ${m})`;
  }
}

class Programs {
  readonly #next: Random;
  /** How often something is not as it should be, of 100. */
  readonly #faults: number;
  readonly #family: string;
  #labels = 0;

  constructor(next: Random, faults: number) {
    this.#next = next;
    this.#faults = faults;
    this.#family = next(3) > 0 ? 'mutex' : ['rw', 'ticket'][next(2)];
  }

  #chance(percent: number): boolean {
    return this.#next(100) < percent;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#next(items.length)];
  }

  #access(): string {
    const cell = 64 + 8 * this.#next(2);
    switch (this.#next(8)) {
      case 4:
        return `(call $put (i32.const ${cell}))`;
      case 5:
        return `(call $put_locked (i32.const ${cell}))`;
      case 6:
        return `(i32.store (select (i32.const 64) (i32.const 72) (local.get $p)) (i32.const 3))`;
      case 7:
        return `(i32.store offset=64 (i32.shl (i32.and (local.get $x) (i32.const 1)) (i32.const 3)) (i32.const 4))`;
      case 0:
        return `(local.set $x (i32.load (i32.const ${cell})))`;
      case 1:
        return `(i32.store (i32.const ${cell}) (i32.add (i32.load (i32.const ${cell})) (i32.const 1)))`;
      case 2:
        return '(global.set $g (i32.add (global.get $g) (i32.const 1)))';
      default:
        return `(i32.store (i32.const ${cell}) (local.get $x))`;
    }
  }

  #pair(): readonly [take: string, give: readonly string[]] {
    if (this.#family === 'ticket') return PAIRS[5];
    if (this.#family === 'rw') return this.#pick([PAIRS[3], PAIRS[4]]);
    return this.#pick(PAIRS.filter(([take]) => SOUND.includes(take)));
  }

  /** A critical section, or nearly one. */
  #section(depth: number): string {
    const word = this.#family === 'mutex' ? this.#pick(WORDS) : 0;
    const [take, gives] = this.#pair();
    const give = this.#pick(gives);
    const body = this.statements(depth - 1, 1 + this.#next(2), false);
    const wrong = this.#chance(this.#faults) ? this.#next(9) : -1;
    const taken = inlined(wrong === 0 ? 'maybe' : take, wrong === 1 ? 4 - word : word);
    const given = inlined(wrong === 2 ? 'free' : give, wrong === 3 ? 4 - word : word);
    switch (wrong) {
      case 4:
        return `${taken} ${body}`;
      case 5:
        return `${body} ${given}`;
      case 6:
        return `(if (local.get $p) (then ${taken})) ${body} (if (local.get $p) (then ${given}))`;
      case 7:
        return `${taken} ${body} ${given} ${this.#access()} ${given}`;
      case 8:
        return `(if (call $try (i32.const ${word})) (then ${body} ${given}) (else ${this.#access()}))`;
      default:
        return `${taken} ${body} ${given}`;
    }
  }

  statements(depth: number, count: number, outside = true): string {
    return Array.from({ length: count }, () => {
      if (depth <= 0) return this.#access();
      switch (this.#next(8)) {
        case 0:
          return `(if (local.get $p) (then ${this.statements(depth - 1, 1, outside)}) (else ${this.statements(depth - 1, 1, outside)}))`;
        case 1: {
          const label = `$b${this.#labels++}`;
          const [first, second] = [this.statements(depth - 1, 1, outside), this.statements(depth - 1, 1, outside)];
          return `(block ${label} ${first} (br_if ${label} (local.get $p)) ${second})`;
        }
        case 2: {
          const label = `$r${this.#labels++}`;
          return `(local.set $n (i32.const 0)) (loop ${label} ${this.statements(depth - 1, 1, outside)} (br_if ${label} (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2))))`;
        }
        case 3:
          return this.#chance(60) ? this.#section(depth) : `(call $h${this.#next(2)} (local.get $p))`;
        case 4:
          return outside && !this.#chance(this.#faults) ? this.#section(depth) : this.#access();
        default:
          return outside ? this.#section(depth) : this.#access();
      }
    }).join('\n');
  }

  module(): string {
    const func = (head: string, body: string) => `(func ${head} (param $p i32) (local $x i32) (local $n i32) ${body})`;
    return `(module (memory (export "memory") 1 1 shared) (global $g (export "g") (mut i32) (i32.const 0)) ${LIBRARY}
      ${func('$h0', this.#access())}
      ${func('$h1', this.#chance(50) ? this.#section(1) : this.#access())}
      ${func('(export "f0")', this.statements(2, 1 + this.#next(2)))}
      ${func('(export "f1")', this.statements(2, 1 + this.#next(2)))})`;
  }
}

test('every race of random programs with locks is a conflict', async (t) => {
  let races = 0;
  let guarded = 0;
  for (let n = 0; n < PROGRAMS; n++) {
    const next = random(Math.imul(FIRST_SEED, 0x9e3779b1) + n);
    const source = new Programs(next, [0, 15, 40][next(3)]).module();
    const bytes = await parse(source);
    const { analysis } = analyseBytes(bytes, { model: 'shared-instance' });
    if (analysis.effects.some(({ locks }) => locks !== undefined)) guarded++;
    const arguments_ = [next(2), next(2)];
    const callers: Call[][] = [[['f0', arguments_[0]]], [[['f1', 'f0'][next(2)], arguments_[1]]]];
    const result = await explored(bytes, { callers, budget: { schedules: 50 } });
    races += result.races.length;
    assert.deepEqual(
      unpredictedRaces(bytes, callers, result),
      [],
      `STRESS_SEED=${FIRST_SEED}, program ${n}:\n${source.slice(source.indexOf('(func $h0'))}`,
    );
  }
  t.diagnostic(`${PROGRAMS} programs, ${guarded} with accesses under locks, ${races} races`);
  assert.ok(races > PROGRAMS / 10 && guarded > PROGRAMS / 4, `${races} races, ${guarded} guarded`);
});

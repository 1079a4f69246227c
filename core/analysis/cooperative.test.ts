/** Conflicts under the cooperative model: only with what an import can interrupt. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../wasm/decode.ts';
import { type AnalyseOptions, analyse } from './analyse.ts';
import type { Analysis } from './model.ts';
import { pairConfidence } from './pairConfidence.ts';
import { conflictOf, conflictsUnder, partnersOf } from './queries.ts';
import { analysisUnder } from './reuse.ts';

const CASES = join(import.meta.dirname, '../stress/explore/cases');
const JSPI = readFileSync(join(CASES, 'jspi-shadow-stack/module.wat'), 'utf8');

const analysed = async (wat: string, options: Partial<AnalyseOptions> = {}): Promise<Analysis> =>
  analyse(decodeModule(await parse(wat)), { host: 'javascript', model: 'cooperative', ...options });

const partners = (analysis: Analysis, name: string): string[] =>
  partnersOf(analysis, positionOf(analysis, name)).map((position) => analysis.exports[position].name);

const positionOf = ({ exports }: Analysis, name: string): number => exports.findIndex((e) => e.name === name);

test('exports that share the stack across a suspension conflict, one that nothing suspends is free', async () => {
  const analysis = await analysed(JSPI);
  assert.deepEqual(partners(analysis, 'fn_a'), ['fn_a', 'fn_b']);
  assert.deepEqual(partners(analysis, 'count'), []);
  assert.deepEqual(analysis.exports[positionOf(analysis, 'count')].hazards, []);
  const { hazards } = analysis.exports[positionOf(analysis, 'fn_a')];
  assert.ok(hazards.some(({ rule }) => rule === 'stack-pointer'));
});

const STATE = `(module (import "env" "sleep" (func $sleep)) (import "env" "log" (func $log)) (global $n (mut i32) (i32.const 0))
  (func (export "slow") (local $old i32) (local.set $old (global.get $n)) (call $sleep) (global.set $n (local.get $old)))
  (func (export "add") (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $log))
  (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1)))))`;

test('what suspends conflicts with all that touch its state, and named imports are the only ones', async () => {
  const every = await analysed(STATE);
  assert.deepEqual(partners(every, 'inc'), ['slow', 'add']);
  const named = await analysed(STATE, { suspending: ['env.sl*'] });
  assert.deepEqual(partners(named, 'slow'), ['slow', 'add', 'inc']);
  assert.deepEqual(partners(named, 'inc'), ['slow']);
  assert.ok(named.exports[positionOf(named, 'inc')].hazards.length > 0);
});

test('all ways to ask agree', async () => {
  const analysis = await analysed(STATE, { suspending: ['env.sleep'] });
  const pairs = pairConfidence(analysis);
  const threads = analysisUnder(analysis, 'shared-instance');
  for (const [a, { group, conflictCount }] of analysis.exports.entries()) {
    assert.equal(conflictsUnder(threads, a, 'cooperative'), conflictCount);
    assert.equal(conflictsUnder(analysis, a, 'shared-instance'), 3);
    for (const [b, other] of analysis.exports.entries()) {
      const meets = partnersOf(analysis, a).includes(b);
      assert.equal(conflictOf(analysis, a, b, 1) !== undefined, meets);
      assert.equal(pairs.of(group, other.group) !== undefined, meets);
    }
  }
});

test('a host that calls back: the request conflicts with itself and with the reply', async () => {
  const wat = readFileSync(join(CASES, 'host-calls-back/module.wat'), 'utf8');
  for (const [host, model] of [
    ['javascript', 'cooperative'],
    ['wazero', 'shared-instance'],
  ] as const)
    assert.deepEqual(partners(await analysed(wat, { host, model }), 'on_request'), ['on_request', 'on_reply']);
});

const ASYNCIFY = `(module (import "env" "sleep" (func $sleep)) (global $state (mut i32) (i32.const 0))
  (func (export "work") (call $sleep) (drop (global.get $state)))
  (func (export "other") (drop (global.get $state)))
  (func (export "plain") (result i32) (i32.const 1))
  (func (export "asyncify_start_unwind") (param i32) (global.set $state (i32.const 1)))
  (func (export "asyncify_stop_unwind") (global.set $state (i32.const 0)))
  (func (export "asyncify_start_rewind") (param i32) (global.set $state (i32.const 2)))
  (func (export "asyncify_stop_rewind") (global.set $state (i32.const 0)))
  (func (export "asyncify_get_state") (result i32) (global.get $state)))`;

test('code that Asyncify instrumented must not run while a call is unwound', async () => {
  const analysis = await analysed(ASYNCIFY, { model: 'auto' });
  assert.equal(analysis.model, 'cooperative');
  const met = partners(analysis, 'work').filter((name) => !name.startsWith('asyncify_'));
  assert.deepEqual(met, ['work', 'other']);
  assert.deepEqual(partners(analysis, 'plain'), []);
});

test('the model follows from imports that are named as suspending, on hosts that have it', async () => {
  assert.equal((await analysed(STATE, { model: 'auto' })).model, 'isolated');
  assert.equal((await analysed(STATE, { model: 'auto', suspending: ['*.sleep'] })).model, 'cooperative');
  assert.equal((await analysed(STATE, { model: 'auto', suspending: ['env.no'] })).model, 'isolated');
  assert.equal((await analysed(ASYNCIFY, { model: 'auto', host: 'wazero' })).model, 'shared-instance');
});

test('functions of WASI that answer at once suspend nobody', async () => {
  const analysis =
    await analysed(`(module (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32))) (memory 1) (global $n (mut i32) (i32.const 0))
    (func (export "now") (global.set $n (call $now (i32.const 0) (i64.const 0) (i32.const 0))))
    (func (export "nap") (global.set $n (call $poll (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))`);
  assert.deepEqual(partners(analysis, 'now'), ['nap']);
  assert.deepEqual(partners(analysis, 'nap'), ['now', 'nap']);
});

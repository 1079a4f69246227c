/** Steps and imported functions answer on wazero what they answer in exploration. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { explored } from '../../core/stress/testing/run.ts';
import { goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { openVerifier, type Verifier } from './verifier.ts';

interface Case {
  what: string;
  source: string;
  file: ScenarioFile;
}

const MEMORY = '(memory (export "memory") 1 4)';

const CASES: Case[] = [
  {
    what: 'functions whose effects the scenario declares',
    source: `(module (import "http" "uri" (func $uri (param i32 i32) (result i32)))
      (import "http" "log" (func $log (param i32 i32)))
      (import "http" "next" (func $next (param i64) (result i64)))
      (import "http" "note" (func $note (param i32 f64)))
      (import "http" "gone" (func $gone)) ${MEMORY}
      (func (export "uri") (param i32) (result i32) (call $uri (i32.const 64) (local.get 0)))
      (func (export "log") (param i32 i32) (call $log (local.get 0) (local.get 1)))
      (func (export "next") (param i64) (result i64) (call $next (local.get 0)))
      (func (export "note") (call $note (i32.const -1) (f64.const 1e21)))
      (func (export "gone") (call $gone)))`,
    file: {
      callers: [
        [
          { call: 'uri', args: [8], as: 'n' },
          { read: 64, length: '$n', type: 'utf8' },
          { call: 'uri', args: [2], as: 'm' },
          { read: 64, length: 3, type: 'utf8' },
          ['log', 64, 3],
          ['log', 65530, 100],
          ['next', 5],
          ['next', 5],
          ['next', 5],
          ['note'],
          ['gone'],
        ],
      ],
      probe: [
        ['next', 7],
        ['log', 0, 1],
      ],
      imports: {
        'http.uri': { writes: [{ at: '$0', utf8: '/a"\u00e9', max: '$1' }], returns: 5 },
        'http.log': { reads: [{ at: '$0', length: '$1', type: 'utf8' }], observe: true },
        'http.next': { sequence: [{ returns: '$0 + 1' }, { returns: '$0 << 40' }, { returns: '$caller' }] },
        'http.note': { observe: true },
        'http.gone': { traps: 'the peer is gone' },
      },
    },
  },
  {
    what: "the functions of AssemblyScript's runtime",
    source: `(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (import "env" "seed" (func $seed (result f64))) ${MEMORY}
      (data (i32.const 16) "\\0a\\00\\00\\00n\\00o\\00 \\00\\3d\\d8\\00\\de") (data (i32.const 60) "\\08\\00\\00\\00a\\00.\\00t\\00s\\00")
      (func (export "fail") (call $abort (i32.const 20) (i32.const 64) (i32.const 3) (i32.const 7)))
      (func (export "bare") (call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
      (func (export "seed") (result f64) (call $seed)))`,
    file: { callers: [[['fail'], ['bare'], ['seed']]] },
  },
  {
    what: "the functions of Emscripten's runtime that need memory alone",
    source: `(module (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
      (import "env" "emscripten_memcpy_js" (func $copy (param i32 i32 i32)))
      (import "env" "__assert_fail" (func $assert (param i32 i32 i32 i32)))
      (import "env" "__syscall_openat" (func $open (param i32 i32 i32 i32) (result i32)))
      (import "env" "exit" (func $exit (param i32))) (import "env" "abort" (func $abort)) ${MEMORY}
      (data (i32.const 16) "x > 0\\00a.c\\00main\\00")
      (func (export "resize") (param i32) (result i32) (call $resize (local.get 0)))
      (func (export "pages") (result i32) (memory.size))
      (func (export "copy") (call $copy (i32.const 5000) (i32.const 16) (i32.const 5000)))
      (func (export "beyond") (call $copy (i32.const 0) (i32.const 65000000) (i32.const 5000)))
      (func (export "assert") (call $assert (i32.const 16) (i32.const 22) (i32.const 12) (i32.const 26)))
      (func (export "open") (result i32) (call $open (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
      (func (export "exit") (call $exit (i32.const 3))) (func (export "abort") (call $abort)))`,
    file: {
      callers: [
        [
          ...[
            ['resize', 70_000],
            ['pages'],
            ['resize', 200_000],
            ['pages'],
            ['resize', 1_000_000],
            ['pages'],
            ['copy'],
          ],
          { read: 5000, length: 20, type: 'bytes' },
          ...[['beyond'], ['assert'], ['open'], ['abort'], ['exit']],
        ] as ScenarioFile['callers'][number],
      ],
    } as ScenarioFile,
  },
  {
    what: 'WASI without grants, and with arguments and an environment',
    source: `(module (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
      (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
      ${MEMORY} (data (i32.const 256) "\\00\\02\\00\\00\\05\\00\\00\\00")
      (func (export "clock") (result i32) (call $clock (i32.const 0) (i64.const 1) (i32.const 8)))
      (func (export "args") (result i32) (call $args (i32.const 16) (i32.const 64)))
      (func (export "environ") (result i32) (call $environ (i32.const 24) (i32.const 96)))
      (func (export "write") (result i32) (call $write (i32.const 1) (i32.const 256) (i32.const 1) (i32.const 300)))
      (func (export "prestat") (result i32) (call $prestat (i32.const 3) (i32.const 400)))
      (func (export "yield") (result i32) (call $yield)))`,
    file: {
      wasi: { args: ['one', 'two'], env: { HOME: '/h' } },
      callers: [
        [
          ...[['clock'], ['args'], ['environ'], ['write'], ['prestat'], ['yield']],
          { read: 8, type: 'u64' },
          { read: 64, length: 8, type: 'bytes' },
          { read: 96, type: 'utf8' },
          { read: 300, type: 'u32' },
        ] as ScenarioFile['callers'][number],
      ],
    } as ScenarioFile,
  },
  {
    what: 'traps, floats, several results, and a life with a constructor',
    source: `(module ${MEMORY} (table 1 funcref) (global $ready (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $ready (i32.const 9)))
      (func (export "ready") (result i32) (global.get $ready))
      (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
      (func (export "cut") (param f32) (result i32) (i32.trunc_f32_s (local.get 0)))
      (func (export "call") (param i32) (call_indirect (local.get 0)))
      (func (export "stop") unreachable)
      (func (export "two") (result i32 f64) (i32.const -1) (f64.const -0.0))
      (func (export "f32") (param f32) (result f32) (local.get 0)))`,
    file: {
      callers: [
        [
          ...[['ready'], ['load', -1], ['div', 1, 0], ['cut', 1e10], ['call', 7], ['stop'], ['two']],
          ...[
            ['f32', 0.1],
            ['f32', 'nan'],
            ['f32', '-inf'],
            ['f32', 1e21],
          ],
          { call: 'two', as: ['a', 'b'] },
          { expect: '$a == -1 && $b == 0' },
          { read: 65534, type: 'u32' },
        ] as ScenarioFile['callers'][number],
      ],
      compare: ['results', 'reads'],
    } as ScenarioFile,
  },
];

describe('wazero answers like the engine', { skip: goMissing() }, () => {
  const module = goModule();
  let verifier: Verifier;
  before(async () => {
    const opened = await openVerifier(module);
    if ('failure' in opened) assert.fail(opened.failure.message);
    verifier = opened;
  });
  after(() => verifier?.close());

  for (const { what, source, file } of CASES)
    it(what, async () => {
      const whole = { model: 'shared-instance', ...file } as const;
      const scenario = completeScenario(whole, 'wazero');
      const bytes = await parse(source);
      const answer = await verifier.verify({ bytes, name: 'test.wat', scenario }, { rounds: 2 });
      if ('failure' in answer) assert.fail(answer.failure.message);
      const { runs, notes } = answer.result;
      assert.equal(runs.length, 3, notes.join('\n'));
      const { outcomes } = await explored(source, whole);
      const [{ results, probe }] = outcomes.examples;
      for (const { mode, outcomes: seen } of runs) {
        assert.equal(seen.length, 1, mode);
        assert.deepEqual({ results: seen[0].results, probe: seen[0].probe }, { results, probe }, mode);
      }
    });
});

/** Declared effects of imports: what they read and write is the caller's, and other callers can run behind each call. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { explored, failure } from '../testing/run.ts';

const ROUTER = readFileSync(join(import.meta.dirname, 'cases', 'router.wat'), 'utf8');

const uris = {
  perCaller: [
    { writes: [{ at: '$0', utf8: '/a', max: '$1' }], returns: 2 },
    { writes: [{ at: '$0', utf8: '/b', max: '$1' }], returns: 2 },
  ],
};
const route: ScenarioFile = { callers: [[['route']], [['route']]], imports: { 'http_handler.get_uri': uris } };

describe('a host that fills a buffer of the guest', () => {
  test('mixes up callers whose buffer is one', async () => {
    const result = await explored(ROUTER, route);
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
    const wrong = result.outcomes.wrong.map(({ results }) => results.join('|'));
    assert.ok(wrong.includes('98|98') || wrong.includes('97|97'), wrong.join(' '));
    assert.ok(
      result.races.some(({ a, b }) => [a, b].some(({ op }) => op === 'host writes memory (http_handler.get_uri)')),
      JSON.stringify(result.races),
    );
    assert.deepEqual(result.restsOn, ['`http_handler.get_uri` did what the scenario declares']);
  });

  test('shows its calls with their arguments, and its writes, in the trace', async () => {
    const result = await explored(ROUTER, route);
    const calls = result.trace.filter(({ cell }) => cell === 'http_handler.get_uri(1024, 256)');
    assert.ok(calls.length === 2 && calls.every(({ matters }) => matters), JSON.stringify(result.trace));
    assert.ok(result.trace.some(({ op, written }) => op.startsWith('host writes memory') && written !== undefined));
  });

  test('is right with an instance for each caller', async () => {
    const result = await explored(ROUTER, { ...route, model: 'isolated' });
    assert.deepEqual([result.verdict, result.outcomes.examples[0].results], ['safe', [['97'], ['98']]]);
  });

  test('writes no more than its maximum', async () => {
    const result = await explored(ROUTER, {
      callers: [[['route'], { read: 1024, type: 'utf8' }]],
      imports: { 'http_handler.get_uri': { writes: [{ at: '$0', utf8: '/long', max: 2 }], returns: '$1 - 1' } },
    });
    assert.deepEqual(result.outcomes.examples[0].results, [['108', '"/l"']]);
  });
});

const HOST = `(module
  (import "env" "next" (func $next (param i32) (result i32)))
  (import "env" "pair" (func $pair (result i32 i64)))
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "LenaMira")
  (func (export "next") (param i32) (result i32) (call $next (local.get 0)))
  (func (export "pair") (result i64) (local i64)
    (call $pair) (local.set 0) (drop) (local.get 0))
  (func (export "log") (param i32) (call $log (local.get 0) (i32.const 4))))`;

describe('results', () => {
  const answers = async (imports: ScenarioFile['imports'], callers: ScenarioFile['callers']) =>
    (await explored(HOST, { callers, imports })).outcomes.examples[0].results;

  test('are expressions of arguments, of memory and of the caller', async () => {
    assert.deepEqual(await answers({ 'env.next': { returns: '$0 * 2 + u8(8)' } }, [[['next', 5]]]), [['86']]);
    assert.deepEqual(await answers({ 'env.next': { returns: '$caller + 1' } }, [[['next', 5]], [['next', 5]]]), [
      ['1'],
      ['2'],
    ]);
  });

  test('are several where the function has several', async () => {
    assert.deepEqual(await answers({ 'env.pair': { returns: [1, '1 << 40'] } }, [[['pair']]]), [['1099511627776']]);
  });

  test('differ by call of a caller, and the last one remains', async () => {
    const imports = { 'env.next': { sequence: [{ returns: 1 }, { returns: 2 }] } };
    const calls = [
      ['next', 0],
      ['next', 0],
      ['next', 0],
    ] as [string, number][];
    assert.deepEqual(await answers(imports, [calls, calls.slice(0, 1)]), [['1', '2', '2'], ['1']]);
  });

  test('a trap ends the call', async () => {
    assert.deepEqual(await answers({ 'env.next': { traps: 'no more' } }, [[['next', 0]], [['log', 8]]]), [
      ['trap: env.next: no more'],
      ['()'],
    ]);
  });
});

describe('observed calls', () => {
  test('are part of the outcome, with the text that they were given', async () => {
    const log = { reads: [{ at: '$0', length: '$1', type: 'utf8' as const }], observe: true };
    const result = await explored(HOST, { callers: [[['log', 8]], [['log', 12]]], imports: { 'env.log': log } });
    assert.deepEqual(result.outcomes.examples[0].results, [['(); env.log("Lena")'], ['(); env.log("Mira")']]);
  });

  test('with arguments where nothing is read', async () => {
    const result = await explored(HOST, { callers: [[['log', 8]]], imports: { 'env.log': { observe: true } } });
    assert.deepEqual(result.outcomes.examples[0].results, [['(); env.log(8, 4)']]);
  });
});

describe('functions of a scenario', () => {
  const GLUE = `(module
    (import "env" "copy" (func $copy (param i32) (result i32)))
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (elem (i32.const 0) $double)
    (data (i32.const 8) "Lena")
    (global $next (mut i32) (i32.const 64))
    (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "malloc") (param i32) (result i32)
      (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
    (func (export "copy") (param i32) (result i32) (call $copy (local.get 0))))`;

  /** What a function sees, and types of what it may use. */
  interface Self {
    caller: number;
    memory: { buffer: ArrayBuffer };
    exports: Record<string, (...args: unknown[]) => Promise<number>>;
    table: { get(slot: number): ((...args: unknown[]) => Promise<number>) | null };
  }
  const run = async (copy: (this: Self, at: number) => unknown, callers: ScenarioFile['callers'], model?: 'isolated') =>
    explored(
      GLUE,
      { callers, imports: { module: 'glue.js' }, ...(model && { model }) },
      { imports: { env: { copy } } },
    );

  test('call the guest, which is explored as part of the call', async () => {
    const result = await run(
      async function (at) {
        const block = await this.exports.malloc(4);
        new Uint8Array(this.memory.buffer).copyWithin(block, at, at + 4);
        return block;
      },
      [[['copy', 8]], [['copy', 8]]],
    );
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
    assert.ok(
      result.races.some(({ cell }) => cell.includes('$next')),
      JSON.stringify(result.races),
    );
    assert.ok(result.outcomes.wrong.some(({ results }) => results.join() === '64,64'));
  });

  test('know their caller and the table', async () => {
    const result = await run(
      async function (at) {
        const double = this.table.get(0);
        return double === null ? -1 : (await double(at)) + this.caller;
      },
      [[['copy', 8]], [['copy', 8]]],
      'isolated',
    );
    assert.deepEqual(result.outcomes.examples[0].results, [['16'], ['17']]);
  });

  test('without a function of that name, or with a trap of the guest, the call ends', async () => {
    const missing = await run(
      async function () {
        return this.exports.nothing(1);
      },
      [[['copy', 8]], [['malloc', 1]]],
    );
    assert.match(missing.outcomes.examples[0].results[0][0], /^trap: env.copy: .*nothing is not a function/);
  });
});

describe('bad input', () => {
  const message = async (imports: object) =>
    (await failure(HOST, { callers: [[['log', 8]]], imports: imports as ScenarioFile['imports'] })).message;

  test('names the place and what is possible', async () => {
    assert.equal(
      await message({ 'env.next': { returns: '$9' } }),
      'imports.env.next.returns: the import takes 1 arguments, so there is no $9',
    );
    assert.equal(
      await message({ 'env.next': { returns: '$name' } }),
      'imports.env.next.returns: $name is not known here: an import knows its arguments $0, $1, ... and the number of its caller, $caller',
    );
    assert.equal(
      await message({ 'env.log': { perCaller: [{ writes: [{ at: '$2', i32: 1 }] }] } }),
      'imports.env.log.perCaller.0.writes.0.at: the import takes 2 arguments, so there is no $2',
    );
    assert.equal(
      await message({ 'env.pair': { returns: 1 } }),
      'imports.env.pair.returns: the import returns (i32, i64), not 1 value',
    );
    assert.equal(
      await message({ 'env.lgo': { returns: 1 } }),
      'imports.env.lgo: the module imports no function env.lgo; did you mean env.log',
    );
  });

  test('a write beyond the memory ends the call', async () => {
    const result = await explored(HOST, {
      callers: [[['log', 65534]], [['next', 1]]],
      imports: { 'env.log': { writes: [{ at: '$0', i32: 1 }] } },
    });
    assert.match(result.outcomes.examples[0].results[0][0], /^trap: .*\[65534, 65538\).* has 65536 bytes/);
  });
});

/** Reports of Go's race detector on the real wazero, led back to the guest: from the interpreter, and access by access. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { advised } from '../../core/advice/advised.ts';
import { wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Step } from '../../core/stress/scenario/steps.ts';
import { runScenario } from '../../core/stress/testing/run.ts';
import type { VerifyResult } from '../../core/verify/model.ts';
import { goMissing, goModule, type WazeroVersion } from '../../core/wrap/go/testing/goModule.ts';
import { openVerifier, type Verifier } from './verifier.ts';

const ROUNDS = 60;
const NESTED = join(import.meta.dirname, '../../core/verify/races/cases/nested.wat');

async function verified(
  verifier: Verifier,
  bytes: Uint8Array,
  callers: Step[][],
  { exact = false, ...more }: Partial<ScenarioFile> & { exact?: boolean } = {},
): Promise<VerifyResult> {
  const file: ScenarioFile = { callers, model: 'shared-instance', ...more };
  const answer = advised(await runScenario(bytes, file));
  if ('failure' in answer) assert.fail(answer.failure.message);
  const job = { bytes, name: 'guest.wasm', scenario: completeScenario(file, 'wazero') };
  const given = await verifier.verify(job, {
    rounds: ROUNDS,
    explored: answer.result,
    exact,
    remedies: false,
  });
  if ('failure' in given) assert.fail(given.failure.message);
  return given.result;
}

/** Races and host hazards with their status, in the order of the result. */
const racesOf = ({ findings }: VerifyResult): string[] =>
  findings
    .filter(({ kind }) => kind === 'race' || kind === 'host-hazard')
    .map(({ status, kind, text }) => `${status} ${kind}: ${text}`);

const VERSIONS: readonly WazeroVersion[] = ['newest', 'oldest'];

for (const version of VERSIONS)
  describe(`race reports of the ${version} wazero`, { skip: goMissing(version) }, () => {
    // Its folder lives as long as the suite: the last tests build in it.
    const module = goModule(version);
    let verifier: Verifier;
    let nested: Uint8Array;
    before(async () => {
      const opened = await openVerifier(module);
      if ('failure' in opened) assert.fail(opened.failure.message);
      verifier = opened;
      nested = await parse(readFileSync(NESTED, 'utf8'));
    });
    after(() => verifier?.close());

    /** Each pair of calls with what must be confirmed. Which further races are seen is a matter of luck. */
    const cases: readonly [name: string, a: Step, b: Step, confirmed: readonly string[]][] = [
      [
        'calls of different depth',
        ['direct'],
        ['indirect'],
        ['race: $n: global.set in $deep against global.get in $deep.'],
      ],
      [
        'halves of a vector',
        ['vector'],
        ['vector'],
        ['race: $wide: global.set in vector against global.set in vector.'],
      ],
      ['a segment', ['init'], ['drop'], ['host-hazard: $d: memory.init in init against data.drop in drop.']],
      [
        'a table that grows',
        ['growtable'],
        ['size'],
        ['race: table[0] size: table.grow in growtable against table.size in size.'],
      ],
      [
        'a write of the host',
        { write: 64, hex: '01020304' },
        ['peek'],
        ['race: memory[0] 0x40..0x44: host write 64 hex 01020304 against i32.load in peek.'],
      ],
      [
        'stores of one instruction in a loop',
        ['many'],
        ['many'],
        ['race: memory[0] 0x0..0x4: i32.store in many against i32.store in many.'],
      ],
    ];
    for (const [name, a, b, confirmed] of cases)
      test(name, async () => {
        const races = racesOf(await verified(verifier, nested, [[a], [b]]));
        for (const text of confirmed) assert.ok(races.includes(`confirmed ${text}`), races.join('\n'));
        assert.deepEqual(
          races.filter((one) => one.startsWith('new')),
          [],
        );
      });

    test('calls that touch nothing in common have no findings', async () => {
      assert.deepEqual(racesOf(await verified(verifier, nested, [[['peek']], [['peek']]])), []);
    });

    // One version is enough for what does not depend on wazero: each of these takes a build.
    if (version === 'oldest') return;

    test('two pairs at the same bytes: each is seen in rounds that leave the other out', async () => {
      const source = `(module (memory 1) (func (export "g") (result i32) (i32.load (i32.const 8)))
        (func (export "f") (i32.store (i32.const 8) (i32.const 1)) (i32.store (i32.const 8) (i32.const 2))))`;
      const result = await verified(verifier, await parse(source), [[['f']], [['g']]], { exact: true });
      const races = result.findings.filter(({ kind }) => kind === 'race');
      assert.deepEqual(
        races.map(({ status, seen = [] }) => [status, seen.some(({ a }) => a.place !== null)]),
        [
          ['confirmed', true],
          ['confirmed', true],
        ],
      );
    });

    test('references to functions, in compiled code', async () => {
      const source = `(module (table 4 funcref) (func $f) (elem declare func $f)
        (func (export "first") (table.set (i32.const 0) (ref.func $f)))
        (func (export "second") (table.set (i32.const 1) (ref.func $f))))`;
      const races = racesOf(
        await verified(verifier, await parse(source), [[['first']], [['second']]], { exact: true }),
      );
      const compiles = process.arch === 'x64' || process.arch === 'arm64';
      assert.deepEqual(races, [
        `${compiles ? 'confirmed' : 'not-seen'} host-hazard: the references that wazero (Go) keeps: ref.func in first against ref.func in second.`,
      ]);
    });

    test('instances over one shared memory: their globals are their own', async () => {
      const source = `(module (import "env" "memory" (memory 1 2 shared)) (global $own (mut i32) (i32.const 0))
        (func (export "step") (global.set $own (i32.add (global.get $own) (i32.const 1)))
          (i32.store (i32.const 8) (global.get $own)) (drop (i32.atomic.rmw8.add_u (i32.const 16) (i32.const 1)))
          (drop (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))))`;
      const callers: Step[][] = [[['step']], [['step']]];
      const races = racesOf(
        await verified(verifier, await parse(source), callers, { exact: true, model: 'shared-memory' }),
      );
      assert.deepEqual(races, ['confirmed race: memory[0] 0x8..0xc: i32.store in step against i32.store in step.']);
    });

    /** Watched access by access: exactly these races, whatever ran in between. */
    const watched: readonly [module: string, setup: Step[], callers: Step[][], races: readonly string[]][] = [
      ['c12_mem_rmw', [], [[['inc']], [['inc']]], ['memory[0] 0x80..0x84: i32.store in inc against i32.load in inc.']],
      [
        'c08_grow_store',
        [],
        [[['grow']], [['bump', 3]]],
        ['memory[0] size: memory.grow in grow against i32.load in bump.'],
      ],
      ['c28_spinlock', [], [[['inc']], [['inc']]], []],
    ];
    for (const [name, setup, callers, expected] of watched)
      test(`${name}, access by access`, async () => {
        const result = await verified(verifier, await wazeroModule(`${name}.wat`), callers, { setup, exact: true });
        const run = result.runs.find(({ mode }) => mode === 'watched');
        assert.ok(run !== undefined && run.rounds > 0, result.notes.join('\n'));
        assert.equal(run.crash, null);
        const races = racesOf(result);
        for (const text of expected)
          assert.ok(
            races.some((one) => one.startsWith('confirmed') && one.includes(text)),
            races.join('\n'),
          );
        assert.deepEqual(
          races.filter((one) => one.startsWith('new') || one.includes('may also be')),
          [],
        );
        if (expected.length === 0) assert.deepEqual([races, run.reports], [[], 0]);
      });
  });

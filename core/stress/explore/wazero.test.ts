/**
 * Exploration against verdicts of real wazero and Go's race detector (core/analysis/testing/wazero/README.md): a race is reported
 * exactly where there is one, of the listed kinds, and a wrong outcome exactly where the calls are not serializable.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  WAZERO_FOLDER,
  WAZERO_SCENARIOS,
  type WazeroScenario,
  wazeroModule,
} from '../../analysis/testing/wazero/verdicts.ts';
import { assertGolden } from '../../testing/golden.ts';
import type { Call } from '../scenario/steps.ts';
import { explored, stable } from '../testing/run.ts';
import type { StressResult } from './result.ts';

type Variant = 'callers' | 'callersTwice' | 'three';
const VARIANTS: readonly Variant[] = ['callers', 'callersTwice', 'three'];

const GOLDEN = join(WAZERO_FOLDER, 'explored.txt');

/** Verdicts are about two callers: a third one that brings a new pair of calls makes another scenario of it. */
const THIRD_DIFFERS: Readonly<Record<string, string>> = {
  'c08_grow_store:grow||peek': 'two callers grow',
  'c09_global_inc:inc||get': 'two callers increment',
  'c19_table_set:install_at_disjoint': 'the third caller reads the slot that the first one writes',
  'c35_disjoint_exports:ping||pong': 'two callers call ping',
  'c35_disjoint_exports:lo8||hi8': 'two callers call lo8',
  'c43_ring_spsc:push||pop': 'two callers push',
  'c55_shared_grow:put_plain_disjoint||grow': 'two callers store to one address',
};

/**
 * Never seen to diverge on wazero either: with these arguments every interleaving has the outcome of a serial order.
 */
const NO_WRONG_OUTCOME = new Set(['c35_disjoint_exports:lo8||w16']);

const binaries = new Map<string, Uint8Array>();
for (const module of new Set(WAZERO_SCENARIOS.map((s) => s.module))) binaries.set(module, await wazeroModule(module));

function run(scenario: WazeroScenario, variant: Variant): Promise<StressResult> {
  const { setup, probe, module } = scenario;
  // The verdicts are about calls: a caller that makes two of them makes them again.
  return explored(binaries.get(module) as Uint8Array, {
    callers: scenario[variant] as Call[][],
    setup,
    probe,
    unit: 'call',
  });
}

const rows: string[] = [];

describe('scenarios of wazero', () => {
  for (const scenario of WAZERO_SCENARIOS) {
    test(scenario.id, async () => {
      const kinds = new Set<string>();
      let wrong = false;
      for (const variant of VARIANTS) {
        if (scenario[variant] === null || (variant === 'three' && scenario.id in THIRD_DIFFERS)) continue;
        const result = await run(scenario, variant);
        for (const race of result.races) kinds.add(race.kind);
        wrong ||= result.wrongOutcome;
        assert.equal(result.hang, null);
      }
      assert.deepEqual([...kinds].sort(), scenario.dataRace ? scenario.kinds.toSorted() : [], 'kinds of data races');
      assert.equal(wrong, !scenario.serializable && !NO_WRONG_OUTCOME.has(scenario.id), 'wrong outcome');
      const found = `${kinds.size > 0 ? `race on ${[...kinds].sort().join(', ')}` : 'no race'}${wrong ? ', wrong outcome' : ''}`;
      rows.push(`${scenario.id.padEnd(42)} ${found.padEnd(52)} ${scenario.goRaceDetector.stock.padStart(5)}`);
    });
  }

  test("the table of verdicts compared with those of Go's race detector", () => {
    const head = `${'scenario'.padEnd(42)} ${'explored'.padEnd(52)} runs with a report of go test -race`;
    const text = `${[head, ...rows].join('\n')}\n`;
    assertGolden(GOLDEN, text);
  });
});

test('ten runs give ten equal answers', async () => {
  for (const scenario of WAZERO_SCENARIOS) {
    const first = stable(await run(scenario, 'callers'));
    for (let i = 1; i < 10; i++) assert.deepEqual(stable(await run(scenario, 'callers')), first, scenario.id);
  }
});

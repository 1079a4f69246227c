/**
 * Benchmarks of the hammer: rounds per second, what sharing costs an export, and which of the calls that go wrong on
 * real wazero also go wrong in the hammer. Ratios within one run are comparable; rates depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { shareOf } from '../../core/report/verdicts.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import { makeMemories } from '../../core/stress/hammer/makeReady.ts';
import { shareModule } from '../../core/stress/hammer/share.ts';
import { addedImports } from '../../core/stress/hammer/threadStart.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { type WasmFunction, wasmEngine } from '../../core/wasm/webAssembly.ts';
import { hammerInThreads } from '../../node/stress/runHammer.ts';
import { ROOT } from '../paths.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const RUNS = 9;
const workerPath = new URL('../../node/stress/stressWorker.ts', import.meta.url);

const fixture = async (name: string): Promise<Uint8Array> =>
  parse(readFileSync(join(ROOT, 'test-fixtures', name), 'utf8'));

async function hammered(bytes: Uint8Array, file: ScenarioFile): Promise<HammerResult> {
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const answer = await hammerInThreads({ bytes, name: 'bench', scenario }, { workerPath });
  if ('failure' in answer) throw new Error(answer.failure.message);
  return answer.result;
}

async function speed(): Promise<string> {
  const cases: [string, Uint8Array, ScenarioFile][] = [
    ['counter in a global', await fixture('counter-global.wat'), { callers: [[['increment']], [['increment']]] }],
    ['counter in memory', await fixture('counter-memory.wat'), { callers: [[['increment']], [['increment']]] }],
    ['400 accesses each', await wazeroModule('c08_grow_store.wat'), { callers: [[['bump', 200]], [['bump', 200]]] }],
    ['growth of memory', await wazeroModule('c06_grow.wat'), { callers: [[['grow']], [['grow']]] }],
  ];
  const rows: string[][] = [];
  for (const [name, bytes, file] of cases) {
    const { roundsPerSecond, wrongRounds, rounds } = await hammered(bytes, { ...file, budget: { seconds: 4 } });
    rows.push([name, roundsPerSecond.toLocaleString('en-US'), shareOf(wrongRounds / Math.max(rounds, 1))]);
  }
  return markdown([['two callers', 'rounds/s', 'wrong'], ...rows]);
}

const KERNELS = `(module (memory (export "memory") 16) (global $n (mut i32) (i32.const 0)) (global $d (mut f64) (f64.const 1))
  (func (export "global") (param $n i32) (result i32)
    (loop $l (global.set $n (i32.add (global.get $n) (i32.const 3)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $n))
  (func (export "memory words") (param $n i32) (result i32) (local $s i32)
    (loop $l
      (i32.store (i32.and (i32.shl (local.get $n) (i32.const 2)) (i32.const 0xffffc)) (local.get $n))
      (local.set $s (i32.add (local.get $s) (i32.load (i32.and (i32.mul (local.get $n) (i32.const 28)) (i32.const 0xffffc)))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "fill and copy") (param $n i32) (result i32)
    (loop $l
      (memory.fill (i32.const 0) (local.get $n) (i32.const 4096))
      (memory.copy (i32.const 65536) (i32.const 0) (i32.const 4096))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 100)))))
    (i32.load8_u (i32.const 65600))))`;
const ITERATIONS = 4_000_000;

/** Calls of the rewritten module compared with those of the original module, alternating. */
async function cost(): Promise<string> {
  const bytes = await parse(KERNELS);
  const module = decodeModule(bytes);
  const reachable = new Uint8Array(module.functions.typeIndex.length).fill(1);
  const shared = shareModule(module, { wholeInstance: true, reachable, stackPointer: -1 });
  const plain = new wasmEngine.Instance(new wasmEngine.Module(bytes)).exports;
  const added = addedImports(module, shared.names, makeMemories(shared));
  const rewritten = new wasmEngine.Instance(new wasmEngine.Module(shared.plain), added).exports;
  const rows: string[][] = [];
  for (const name of ['global', 'memory words', 'fill and copy']) {
    const ratios: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const a = performance.now();
      (plain[name] as WasmFunction)(ITERATIONS);
      const b = performance.now();
      (rewritten[name] as WasmFunction)(ITERATIONS);
      const c = performance.now();
      // The first runs use the baseline compiler.
      if (i >= 2) ratios.push((c - b) / (b - a));
    }
    rows.push([name, `${median(ratios).toFixed(2)}×`]);
  }
  return markdown([['export', 'cost of sharing'], ...rows]);
}

const SECONDS = 2;

/** Calls that are not serialisable, and how many rounds in two seconds show it. */
async function scenarios(): Promise<string> {
  const rows: string[][] = [];
  let [wrong, all] = [0, 0];
  for (const { id, module, setup, probe, serializable, callers: once, callersTwice } of WAZERO_SCENARIOS) {
    if (serializable) continue;
    const bytes = await wazeroModule(module);
    const cells = [id.replaceAll('||', ' with ')];
    let shown = false;
    for (const callers of [once, callersTwice]) {
      if (callers === null) {
        cells.push('');
        continue;
      }
      // Uses the whole two seconds for rounds.
      const result = await hammered(bytes, { callers, setup, probe, budget: { seconds: SECONDS / 0.7 } });
      const share = result.wrongRounds / Math.max(result.rounds, 1);
      shown ||= share > 0;
      cells.push(result.verdict === 'not-judged' ? 'not judged' : share > 0 ? shareOf(share) : 'not seen');
    }
    all++;
    if (shown) wrong++;
    rows.push(cells);
  }
  rows.push([`**${wrong} of ${all} seen**`, '', '']);
  return markdown([['wrong outcomes in two seconds', 'one call each', 'two calls each'], ...rows]);
}

/** The report as Markdown. */
export async function hammerReport(log: (line: string) => void): Promise<string> {
  log('hammer: speed');
  const parts = [await speed()];
  log('hammer: cost of sharing');
  parts.push(await cost());
  log('hammer: scenarios');
  parts.push(await scenarios());
  return parts.join('\n\n');
}

/**
 * Benchmark of generated Go: what a call in `Do` costs on the real wazero, compared with a direct call of a function
 * object. Ratios within one run are comparable.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GO_ENV, GO_MODULES } from '../../core/wrap/go/testing/goModule.ts';
import { wrap } from '../../core/wrap/testing/generate.ts';
import { testModule } from '../../core/wrap/testing/modules.ts';
import { Problem } from '../failure.ts';
import { run } from '../vscode/processes.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const RUNS = 7;
/** What a call in `Do` may cost, in direct calls with the same configuration of the runtime. */
export const MOST_RATIO = 3;

/** Medians of a way to call, under one configuration of the runtime. */
interface Cost {
  runtime: string;
  way: string;
  nanoseconds: number;
  allocations: number;
}

/** @throws Problem without Go, or where wazero cannot be downloaded */
export async function goCallCosts(): Promise<Cost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-bench-'));
  try {
    cpSync(join(GO_MODULES, 'newest'), folder, { recursive: true });
    const module = await testModule('tally.wasm');
    for (const [name, kind] of [
      ['pool', 'pool'],
      ['lock', 'mutex'],
    ] as const) {
      const { fileName, text } = wrap(module, 'wazero', kind, { packageName: name });
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, fileName), text);
    }
    const calls = join(folder, 'calls');
    cpSync(join(GO_MODULES, '..', 'bench'), calls, { recursive: true });
    writeFileSync(join(calls, module.file), module.bytes);
    const args = ['test', '-run', '^$', '-bench', '.', '-benchtime', '200ms', '-count', String(RUNS), './calls'];
    const output = await run('go', args, { cwd: folder, env: { ...process.env, ...GO_ENV } });
    return costsOf(output);
  } catch (error) {
    throw new Problem(`generated Go cannot be measured: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The medians of each benchmark in the output of `go test -bench`. */
function costsOf(output: string): Cost[] {
  const found = new Map<string, { nanoseconds: number[]; allocations: number[] }>();
  const line = /^BenchmarkCalls\/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op\s+\d+ B\/op\s+(\d+) allocs\/op$/gm;
  for (const [, name, nanoseconds, allocations] of output.matchAll(line)) {
    const one = found.get(name) ?? { nanoseconds: [], allocations: [] };
    one.nanoseconds.push(Number(nanoseconds));
    one.allocations.push(Number(allocations));
    found.set(name, one);
  }
  return [...found].map(([name, { nanoseconds, allocations }]) => {
    const [runtime, way] = name.split('/');
    return {
      runtime: runtime.replaceAll('_', ' '),
      way,
      nanoseconds: median(nanoseconds),
      allocations: median(allocations),
    };
  });
}

/** The cost in direct calls of the same runtime. */
export const ratioOf = (cost: Cost, costs: readonly Cost[]): number =>
  cost.nanoseconds /
  (costs.find(({ runtime, way }) => runtime === cost.runtime && way === 'direct')?.nanoseconds ?? Number.NaN);

const WAYS: Readonly<Record<string, string>> = {
  direct: 'function object',
  pool: '`Do` of a pool',
  lock: '`Do` of a lock',
  method: 'method of a lock',
};

/** A table of the costs. */
export function goCallReport(costs: readonly Cost[]): string {
  const rows = costs.map((cost) => [
    cost.runtime,
    WAYS[cost.way] ?? cost.way,
    cost.nanoseconds.toFixed(0),
    String(cost.allocations),
    ratioOf(cost, costs).toFixed(1),
  ]);
  return markdown([['a call', 'by', 'ns', 'allocations', 'direct calls'], ...rows]);
}

/**
 * Soundness of summaries on the fixtures, the cases of the engine and the random programs of the oracle: what every call
 * accesses, and every race of two callers, lies within what the analysis says about their exports.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../../analysis/analyse.ts';
import { constantOf } from '../../../analysis/constants.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { Coverage } from '../../../analysis/testing/covers.ts';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import { FIXTURES } from '../../../testing/paths.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import type { Module } from '../../../wasm/module.ts';
import { I32, I64 } from '../../../wasm/types.ts';
import { importedState } from '../../imports/importedState.ts';
import { importObject } from '../../imports/importObject.ts';
import { isCallable } from '../../scenario/planPairs.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
import type { Call, Step } from '../../scenario/steps.ts';
import { caseFiles, caseSource } from '../caseFiles.ts';
import { programOfSeed } from '../oracle/generate.ts';
import { watOf } from '../oracle/text.ts';
import { explored } from '../run.ts';
import { unpredictedRaces } from '../staticConflicts.ts';
import { RecordedInstance } from './recordedInstance.ts';
import type { RecordedCall } from './recorder.ts';
import { checkedFile, uncoveredIn } from './uncovered.ts';

const ARGUMENTS = [0, 3, 64, 1024];

/** Calls of every export that can be called, with all integers equal. */
function callsWith(module: Module, analysis: Analysis, value: number): Call[] {
  return analysis.exports.flatMap(({ name, func }): Call[] => {
    const { composite } = module.types[module.functions.typeIndex[func]];
    if (!isCallable(module, func) || composite.kind !== 'func') return [];
    const args = composite.params.map((type) => (type === I64 ? String(value) : type === I32 ? value : 0));
    return [[name, ...args]];
  });
}

/** Lines about what calls access, one after the other, and the analysis does not claim. */
function uncoveredBy(
  module: Module,
  analysis: Analysis,
  calls: readonly Call[],
  onCall?: (call: RecordedCall) => void,
): string[] {
  const { items } = importedState(module);
  const provided = module.imports.map(({ kind }, i) => (kind === 'func' ? () => {} : items[i]));
  const problems: string[] = [];
  const instance = new RecordedInstance(module, analysis, {
    watched: analysis.exports.map(({ func }) => func),
    imports: importObject(module, provided),
    onCall(call) {
      onCall?.(call);
      problems.push(...uncoveredIn(coverage, call, instance.instrumented.sites.offset));
    },
  });
  const { recorder } = instance;
  const global = (index: number): number => {
    const { init } = module.globals[index];
    return (init === undefined ? undefined : constantOf(module, init)) ?? Number.NaN;
  };
  const coverage = new Coverage(module, analysis, {
    global,
    get stackTop() {
      return recorder.stackTop;
    },
  });
  for (const [name, ...args] of calls) {
    const func = analysis.exports.find((e) => e.name === name)?.func ?? -1;
    const { composite } = module.types[module.functions.typeIndex[func]];
    const params = composite.kind === 'func' ? composite.params : [];
    instance.call(
      name,
      args.map((value, i) => (params[i] === I64 ? BigInt(value ?? 0) : value)),
    );
  }
  return problems;
}

/** The scenario without functions of a script, which tests elsewhere load. */
const withStubs = (file: ScenarioFile): ScenarioFile =>
  typeof file.imports === 'object' && 'module' in file.imports ? { ...file, imports: 'stub' } : file;

/** Lists of steps without the scenario forms that stand for several. */
const isPlain = (callers: ScenarioFile['callers']): callers is Step[][] => callers?.every(Array.isArray) === true;

describe('fixtures', () => {
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.wasm'))) {
    const bytes = new Uint8Array(readFileSync(join(FIXTURES, name)));
    const module = decodeModule(bytes);
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });

    test(`${name}: accesses of every export`, () => {
      const calls = ARGUMENTS.flatMap((value) => callsWith(module, analysis, value));
      assert.deepEqual(uncoveredBy(module, analysis, calls), []);
    });

    test(`${name}: races of every pair of exports`, async () => {
      const touching = new Set<number>();
      const calls = callsWith(module, analysis, 64);
      uncoveredBy(module, analysis, calls, ({ func, accesses }) => void (accesses.length > 0 && touching.add(func)));
      const touches = ([name]: Call): boolean => analysis.exports.some((e) => e.name === name && touching.has(e.func));
      const [first, second] = [calls.filter(touches), callsWith(module, analysis, 66).filter(touches)];
      for (const [i, a] of first.entries())
        for (const b of second.slice(i)) {
          const callers = [[a], [b]];
          const result = await explored(bytes, { callers, model: 'auto', budget: { schedules: 20 } });
          assert.deepEqual(unpredictedRaces(bytes, callers, result), [], JSON.stringify(callers));
        }
    });
  }
});

describe('cases of the engine', () => {
  for (const path of caseFiles()) {
    const file = JSON.parse(caseSource(path)) as ScenarioFile;
    test(path, async () => {
      const bytes = await parse(caseSource(join(path, '..', String(file.module))));
      const { uncovered } = await checkedFile(bytes, withStubs(file), 1);
      assert.deepEqual(uncovered, []);
      if (!isPlain(file.callers)) return;
      const result = await explored(bytes, {
        model: 'auto',
        ...withStubs(file),
        budget: { ...file.budget, schedules: 200 },
      });
      assert.deepEqual(unpredictedRaces(bytes, file.callers, result), []);
    });
  }
});

/** Programs begin at this seed. */
const FIRST_SEED = Number(process.env.ORACLE_SEED ?? 1);
const PROGRAMS = 600;

test(`accesses of ${PROGRAMS} random programs from seed ${FIRST_SEED}`, async () => {
  let accesses = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
    const program = programOfSeed(seed);
    const { host, model } = program;
    const { module, analysis } = await analyseWat(watOf(program), { host, model });
    const calls = analysis.exports.map(({ name }): Call => [name]);
    const problems = uncoveredBy(module, analysis, calls, (call) => {
      accesses += call.accesses.length;
    });
    assert.deepEqual(problems, [], `ORACLE_SEED=${seed}\n${watOf(program)}`);
  }
  assert.ok(accesses > PROGRAMS, String(accesses));
});

/** Scenarios on the same object and on different ones: which are planned, and what their runs show. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { advised } from '../../advice/advised.ts';
import { analyse } from '../../analysis/analyse.ts';
import { threadSafetyOf } from '../../analysis/conditions/threads.ts';
import type { Analysis } from '../../analysis/model.ts';
import { stressText } from '../../report/text/stressText.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import type { StressResult } from '../explore/result.ts';
import { stress } from '../explore/stress.ts';
import { environment } from '../testing/run.ts';
import { passedObjects } from './passedObjects.ts';
import { planOf } from './plan.ts';
import type { Scenario } from './scenario.ts';

const PARSER = readFileSync(join(import.meta.dirname, 'cases/parser.wat'), 'utf8');

interface Analysed {
  bytes: Uint8Array;
  module: Module;
  analysis: Analysis;
}

async function analysed(text: string): Promise<Analysed> {
  const bytes = await parse(text);
  const module = decodeModule(bytes);
  return { bytes, module, analysis: analyse(module, { host: 'wazero', model: 'shared-instance' }) };
}

const parser = await analysed(PARSER);

const planned = ({ module, analysis }: Analysed, exportName: string) =>
  planOf(module, analysis, {
    ...{ host: 'wazero', model: 'shared-instance', seconds: 60 },
    ...{ exportName, other: exportName },
  }).scenarios;

async function explored({ bytes, module, analysis }: Analysed, scenario: Scenario): Promise<StressResult> {
  const answer = await stress({ name: 'parser.wat', bytes, scenario, known: { module, analysis } }, environment());
  if ('failure' in answer) assert.fail(answer.failure.message);
  return answer.result;
}

/** The scenario of a plan whose title ends so. */
function scenarioOf(of: Analysed, name: string, ending: string): Scenario {
  const found = planned(of, name).find(({ title }) => title.endsWith(ending));
  assert.ok(
    found !== undefined,
    planned(of, name)
      .map(({ title }) => title)
      .join('\n'),
  );
  return found.scenario;
}

const DIFFERENT = 'one call each, on different objects';
const SAME = 'one call each, on the same object';

describe('a plan of exports that conflict only on the same object', () => {
  test('says on which objects the callers work', () => {
    assert.deepEqual(
      planned(parser, 'parser_feed').map(({ title }) => title),
      [
        'parser_feed with itself, one call each, on different objects',
        'parser_feed with itself, one call each, on the same object',
        'parser_feed with itself, two calls each, on different objects',
        'parser_feed with itself, two calls each, on the same object',
      ],
    );
  });

  test('nothing changes where calls conflict with any arguments', () => {
    assert.deepEqual(
      planned(parser, 'scanner_feed').map(({ title }) => title.replace(/^.*each, /, '')),
      ['objects of their own', 'the same objects', 'objects of their own', 'the same objects'],
    );
  });

  test('without an allocator, objects are at fixed addresses', async () => {
    const put = await analysed(`(module (memory (export "memory") 1)
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
    assert.deepEqual(
      planned(put, 'put').map(({ title }) => title),
      [
        'put with itself, one call each, on the same object',
        'put with itself, one call each, on different objects',
        'put with itself, two calls each, on the same object',
        'put with itself, two calls each, on different objects',
      ],
    );
  });
});

describe('runs', () => {
  test('different parsers are safe, the same one is not', async () => {
    const [apart, one] = [DIFFERENT, SAME].map((ending) => scenarioOf(parser, 'parser_feed', ending));
    const safe = await explored(parser, apart);
    assert.deepEqual([safe.verdict, safe.defects], ['safe', []]);
    const race = await explored(parser, one);
    assert.deepEqual([race.verdict, race.defects], ['race', []]);
  });

  test('a race on different objects that the analysis excludes is a defect of the analysis', async () => {
    // The analysis is that of the module without the hidden counter: what it would be if it overlooked it.
    const blind = await analysed(
      PARSER.replace('(i32.store (i32.const 1024)', '(i32.store offset=8 (local.get $p)').replace(
        '(i32.load (i32.const 1024))',
        '(i32.load offset=8 (local.get $p))',
      ),
    );
    const scenario = scenarioOf(blind, 'scanner_feed', DIFFERENT);
    const wrong = { ...parser, analysis: blind.analysis };
    const result = await explored(wrong, scenario);
    assert.equal(result.verdict, 'race');
    assert.ok(result.defects.length > 0);
    for (const { kind, text, schedule } of result.defects) {
      assert.equal(kind, 'not-predicted');
      assert.match(text, /^a race on memory.* of two calls of `scanner_feed` was found, which by the analysis do not/);
      assert.match(schedule, /^([AB]\d+)+$/);
    }
    const answer = advised({ result, module: parser.module, analysis: blind.analysis });
    assert.ok('result' in answer);
    const text = stressText(answer.result, { full: false, colour: false });
    assert.match(text, /Defect of wasm-hazards: the static analysis is wrong about these calls; what the run shows/);
    // With its own analysis the same run is no defect.
    assert.deepEqual((await explored(parser, scenario)).defects, []);
  });

  test('objects that share memory are no defect: a note says so', async () => {
    const position = parser.analysis.exports.findIndex(({ name }) => name === 'node_touch');
    const { word, through } = threadSafetyOf(parser.analysis, position);
    assert.deepEqual([word, through], ['thread-compatible', true]);
    const result = await explored(parser, scenarioOf(parser, 'node_touch', DIFFERENT));
    assert.deepEqual([result.verdict, result.defects], ['race', []]);
    assert.match(result.notes.join('\n'), /get different objects: the objects share memory that they point to/);
  });
});

test('arguments that do not tell are neither', () => {
  const of = (a: number | string, b: number | string) =>
    passedObjects(parser.analysis, [[['parser_feed', a, 1]], [['parser_feed', b, 1]]]);
  assert.equal(of(4096, 4096), 'same');
  assert.equal(of(4096, 4100), undefined);
  assert.equal(of(4096, 8192), 'different');
  assert.equal(of('$a', '$b'), 'different');
  assert.equal(of('$a', '$a'), 'same');
  assert.equal(of('$a', '$b + 4'), undefined);
  assert.equal(of('$a', 4096), undefined);
  assert.equal(passedObjects(parser.analysis, [[['scanner_feed', '$a', 1]], [['scanner_feed', '$b', 1]]]), undefined);
});

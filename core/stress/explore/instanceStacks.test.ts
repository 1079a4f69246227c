/** Stacks of callers with an instance each over one memory: they overlap unless somebody gives each its own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { caseSource, exploredCase, isRepeatable } from '../testing/caseFiles.ts';
import { explored, failure } from '../testing/run.ts';

const FOLDER = 'shadow-stacks-overlap';
const OWN = { stacks: 'own' } as const;

describe('stacks of instances over one memory', () => {
  test('overlap: a frame of another caller is read', async () => {
    const result = await exploredCase(FOLDER, 'scenario');
    assert.equal(result.verdict, 'race');
    assert.equal(result.wrongOutcome, true);
    assert.ok(result.outcomes.wrong.some(({ results }) => results[0][0] === '25'));
    assert.ok(result.notes.some((note) => /stacks overlap.*neither exports nor imports/.test(note)));
  });

  test('overlap where a host could set the pointer and does not, and the result says how', async () => {
    const result = await exploredCase(FOLDER, 'exported');
    assert.equal(result.verdict, 'race');
    assert.equal(result.wrongOutcome, true);
    assert.ok(result.notes.some((note) => /exports the pointer.*"stacks": "own"/.test(note)));
  });

  for (const stacks of ['own', [65536, 32768]] as const)
    test(`lie apart where the scenario sets them: ${stacks}`, async () => {
      const result = await exploredCase(FOLDER, 'exported', { stacks: stacks === 'own' ? stacks : [...stacks] });
      assert.equal(result.verdict, 'safe');
      assert.ok(result.notes.some((note) => note.startsWith('This holds only if callers have separate stacks')));
    });

  test('overlap in part where the values that are given lie too close together', async () => {
    const result = await exploredCase(FOLDER, 'exported', { stacks: [65536, 65540] });
    assert.equal(result.verdict, 'race');
  });

  test('lie apart where each caller sets up its thread', async () => {
    const source = caseSource(`${FOLDER}/module.wat`).replace(
      '(func $square',
      '(func (export "wasi_thread_start") (param i32 i32) (global.set $__stack_pointer (local.get 1)))\n(func $square',
    );
    const callers = [32768, 49152].map((stack, i) => [
      ['wasi_thread_start', i, stack] as [string, number, number],
      ['square', 2 * i + 3] as [string, number],
    ]);
    const file = { host: 'wasi-threads', model: 'shared-memory', callers } as const;
    const result = await explored(source, { ...file, callers });
    assert.equal(result.verdict, 'safe');
    assert.deepEqual(result.notes, []);
  });

  test('pure calls say nothing of stacks', async () => {
    const result = await exploredCase(FOLDER, 'scenario', { callers: [[['pure', 3]], [['pure', 5]]] });
    assert.equal(result.verdict, 'safe');
    assert.deepEqual(result.notes, []);
  });

  test('ten runs, ten equal answers', async () => {
    assert.ok(await isRepeatable(FOLDER, 'scenario'));
    assert.ok(await isRepeatable(FOLDER, 'exported', OWN));
  });

  const REFUSED: [string, Parameters<typeof exploredCase>[2], RegExp][] = [
    ['module.wat', { ...OWN, model: 'shared-memory' }, /no host can set \$__stack_pointer/],
    ['exported.wat', { ...OWN, model: 'isolated' }, /the model is isolated/],
    ['exported.wat', { stacks: [65536], model: 'shared-memory' }, /1 stack pointers are given for 2 callers/],
  ];
  for (const [file, changes, message] of REFUSED)
    test(`refused: ${message}`, async () => {
      const callers = [[['square', 3]], [['square', 5]]] as [string, number][][];
      const { kind, message: text } = await failure(caseSource(`${FOLDER}/${file}`), { callers, ...changes });
      assert.equal(kind, 'invalid-scenario');
      assert.match(text, message);
    });

  test('the analysis sees the overlap, whether or not a host could set the pointer', async () => {
    for (const file of ['module.wat', 'exported.wat']) {
      const module = decodeModule(await parse(caseSource(`${FOLDER}/${file}`)));
      const analysis = analyse(module, { host: 'wasmtime', model: 'shared-memory' });
      const group = (name: string) => analysis.exports.find((e) => e.name === name)?.group ?? -1;
      const { of } = pairConfidence(analysis);
      assert.equal(of(group('square'), group('square')), 'likely', file);
      assert.equal(of(group('square'), group('sum_squares')), 'likely', file);
      assert.equal(of(group('pure'), group('square')), undefined, file);
    }
  });
});

/** Threads speak the language of the thread that starts them; code that they generate is English. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { useTranslations } from '../../core/text/l10n.ts';
import { planStress } from './planStress.ts';
import { runHammer } from './runHammer.ts';
import { runStress } from './runStress.ts';
import { runWrap } from './runWrap.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const bytes = await parse(`(module (memory 1) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "wait") (loop $l (br_if $l (i32.eqz (i32.load (i32.const 0)))))))`);

/** Every text in brackets. Threads get a copy, so that it is made of texts and not of a function. */
const BRACKETS = Object.fromEntries(
  [
    'Hold {0} around every call of {1}.',
    '{0}, and no call of this scenario is left that could end that.',
    'one call each',
    'Callers share no state of the module: each has its own instance, so there is nothing to hammer.',
    'There is no {0} with async functions for {1}: a pool and a mutex in Rust for Wasmtime have them.',
  ].map((text) => [text, `«${text}»`]),
);

const job = (file: ScenarioFile) => ({ bytes, name: 'a.wasm', scenario: completeScenario(file, 'wazero') });
const inc = { callers: [[['inc']], [['inc']]], model: 'shared-instance', budget: { seconds: 60 } } as ScenarioFile;
const wait = { callers: [[['wait']], [['wait']]], model: 'shared-instance', budget: { seconds: 60 } } as ScenarioFile;

afterEach(() => useTranslations(undefined));

test('an exploration with its advice', async () => {
  useTranslations(BRACKETS);
  const answer = await runStress(job(inc), { workerPath, isolation: 'thread' });
  assert.ok('result' in answer);
  assert.ok(answer.result.advice.some(({ text }) => text.startsWith('«Hold ')));
});

test('a plan', async () => {
  useTranslations(BRACKETS);
  const options = { host: 'wazero', model: 'auto', seconds: 1 } as const;
  const plan = await planStress(
    { bytes, name: 'a.wasm', options, tries: false },
    { workerPath, isolation: 'thread', seconds: 60 },
  );
  assert.ok(plan.scenarios.some(({ title }) => title.includes('«one call each»')));
});

test('rounds of parallel threads', async () => {
  useTranslations(BRACKETS);
  const answer = await runHammer(job({ ...inc, model: 'isolated', budget: { seconds: 1 } }), {
    workerPath,
    isolation: 'thread',
  });
  assert.ok('result' in answer);
  assert.ok(answer.result.notes.some((note) => note.startsWith('«Callers share no state')));
});

test('a wrapper is in English, and why there is none is not; also where runs were made in another language', async () => {
  useTranslations(BRACKETS);
  const explored = await runStress(job(wait), { workerPath, isolation: 'thread' });
  assert.ok('result' in explored);
  assert.match(explored.result.hang?.cause.text ?? '', /^«/);
  const runs = { explored: [explored.result], hammered: [] };
  const start = { bytes, host: 'wazero', model: 'shared-instance', runs } as const;
  const made = await runWrap({ ...start, wrap: { kind: 'pool', moduleFile: 'a.wasm' } }, workerPath);
  assert.ok(made !== undefined && 'text' in made);
  assert.match(made.text, /no call of this scenario is left that could end that/);
  assert.doesNotMatch(made.text, /«/);
  const none = await runWrap(
    { ...start, wrap: { kind: 'pool', moduleFile: 'a.wasm', asynchronous: true } },
    workerPath,
  );
  assert.ok(none !== undefined && 'refusal' in none);
  assert.match(none.refusal, /^«There is no/);
});

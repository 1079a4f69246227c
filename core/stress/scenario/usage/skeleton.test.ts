/** Protocols that scenario files begin with. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import { explored } from '../../testing/run.ts';
import type { CallerForm } from '../callerForms.ts';
import { stepText } from '../steps.ts';
import { usageFacts } from './roles.ts';
import { skeletonOf } from './skeleton.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');
const GREET = read('../../explore/cases/greet.wat');
const OBJECTS = read('cases/objects.wat');

async function skeleton(text: string, a: string, b = a): Promise<CallerForm[] | undefined> {
  const { module, analysis } = await analyseWat(text);
  const position = (name: string) => analysis.exports.findIndex((one) => one.name === name);
  return skeletonOf(usageFacts(module, analysis), new Map(), position(a), position(b));
}

const textOf = (caller: CallerForm): string =>
  Array.isArray(caller)
    ? caller.map(stepText).join('; ')
    : 'steps' in caller
      ? caller.steps.map(stepText).join('; ')
      : `like ${caller.like} ${JSON.stringify(caller.with)}`;

test('text with its length, and an answer that packs an address and a length', async () => {
  const callers = await skeleton(GREET, 'greet');
  assert.deepEqual(callers?.map(textOf), [
    'text = malloc(16); write $text "Lena"; r = greet($text, 4); answer = read $r >> 32 length $r & 0xffffffff utf8; free($text, 16)',
    'like 0 {"Lena":"Mira"}',
  ]);
  const alone = await explored(GREET, { callers: callers?.slice(0, 1) ?? [] });
  assert.equal(alone.outcomes.examples[0].results[0][3], '"Hello, Lena"');
  const both = await explored(GREET, { callers: callers ?? [] });
  assert.equal(both.wrongOutcome, true);
});

test('objects from what makes them, ended by nobody but their owner', async () => {
  const callers = await skeleton(OBJECTS, 'sum_add', 'sum_get');
  const result = await explored(OBJECTS, { callers: callers ?? [], model: 'isolated' });
  assert.deepEqual(
    result.outcomes.examples[0].results.flat().filter((text) => text.startsWith('trap')),
    [],
    JSON.stringify(callers?.map(textOf)),
  );
});

test('exports that take only numbers have no protocol, and neither has a module without an allocator', async () => {
  const plain = '(module (func (export "f") (param i32) (result i32) (local.get 0)))';
  assert.equal(await skeleton(plain, 'f'), undefined);
  assert.equal(await skeleton(GREET, 'malloc'), undefined);
});

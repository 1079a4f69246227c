/** The parser of Node.js, whose functions work on the parser that they get. If it cannot be fetched, the test is skipped. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { threadSafetyOf } from '../../core/analysis/conditions/threads.ts';
import { analyseBytes } from '../../core/analysis/testing/facts.ts';
import { corpus } from '../corpus/fetch.ts';
import { fetched } from '../corpus/testing/chosen.ts';

const [llhttp] = corpus.filter(({ name }) => name === 'undici/lib/llhttp/llhttp.wasm');
const isSkipped = fetched([llhttp]);

/** Its allocator, the state of its stack, and what the host calls back are shared by all parsers. */
const SHARED = ['_initialize', 'malloc', 'free', 'llhttp_alloc', 'llhttp_free', 'llhttp_execute', 'llhttp_finish'];
/** Without a parser: names of codes, from constant tables. */
const NAMES = /_name$/;

test('functions of a parser are thread-compatible in their first parameter', (t) => {
  if (isSkipped(t)) return;
  const { analysis } = analyseBytes(new Uint8Array(readFileSync(llhttp.path)));
  const wrong: string[] = [];
  let compatible = 0;
  for (const [position, { name }] of analysis.exports.entries()) {
    if (SHARED.includes(name) || NAMES.test(name)) continue;
    const { word, objects } = threadSafetyOf(analysis, position);
    if (word === 'thread-compatible' && objects.every(({ parameter }) => parameter === 0)) compatible++;
    else wrong.push(`${name} is ${word} in ${objects.map(({ parameter }) => parameter).join()}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(compatible > 20);
});

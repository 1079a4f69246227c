/** Cases of public reports under the shared-memory model that were answered rightly from the beginning. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exploredCase, isRepeatable } from '../testing/caseFiles.ts';

describe('a lock that is none', () => {
  const FOLDER = 'noop-mutex-freelist';
  test('lets two callers take one node', async () => {
    const result = await exploredCase(FOLDER, 'scenario');
    assert.equal(result.verdict, 'race');
    assert.ok(
      result.outcomes.wrong.some(({ results, probe }) => results.flat().join() === '128,128' && probe[0] === '2'),
    );
  });
  test('races between take and give', async () => {
    assert.equal((await exploredCase(FOLDER, 'take-give')).verdict, 'race');
  });
  test('and the real one does not', async () => {
    const result = await exploredCase(FOLDER, 'fixed');
    assert.equal(result.verdict, 'safe');
  });
});

test('a race that is hard to provoke is found with its schedule', async () => {
  const result = await exploredCase('no-race-seen', 'scenario');
  assert.equal(result.verdict, 'race');
  assert.equal(result.wrongOutcome, true);
  const cells = result.races.map(({ cell }) => cell);
  assert.ok(cells.some((cell) => cell.includes('0x10')) && cells.some((cell) => cell.includes('0x14')));
  assert.ok(result.outcomes.wrong.some(({ probe }) => Number(probe[0]) < 4));
});

test('what equals a serial order is safe, even where an invariant of the user breaks', async () => {
  const result = await exploredCase('truncate-against-read', 'scenario');
  assert.equal(result.verdict, 'safe');
  assert.equal(result.exhaustive, true);
});

test('ten runs, ten equal answers', async () => {
  for (const [folder, name] of [
    ['noop-mutex-freelist', 'scenario'],
    ['noop-mutex-freelist', 'fixed'],
    ['no-race-seen', 'scenario'],
    ['truncate-against-read', 'scenario'],
  ])
    assert.ok(await isRepeatable(folder, name), `${folder} ${name}`);
});

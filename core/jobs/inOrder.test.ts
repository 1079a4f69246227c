/** Several runs at a time: their order, their number, and their end. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InOrder } from './inOrder.ts';

/** Runs that end when they are told to; `open` are those that go on. */
function runs(count: number, most: number, last = count) {
  const open = new Map<number, (answer: string) => void>();
  const all = new InOrder<string>(count, most, (i) => {
    if (i >= last) return undefined;
    return new Promise((resolve) =>
      open.set(i, (answer) => {
        open.delete(i);
        resolve(answer);
      }),
    );
  });
  const end = async (i: number): Promise<void> => {
    open.get(i)?.(`answer ${i}`);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { all, open, end };
}

describe('runs in order', () => {
  test('at most so many at a time; another one begins when one ends', async () => {
    const { all, open, end } = runs(4, 2);
    assert.deepEqual([...open.keys()], [0, 1]);
    await end(1);
    assert.deepEqual([...open.keys()], [0, 2]);
    await end(2);
    await end(3);
    assert.deepEqual([...open.keys()], [0]);
    await end(0);
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await all.answer(i));
    assert.deepEqual(answers, ['answer 0', 'answer 1', 'answer 2', 'answer 3']);
  });

  test('an answer is given while other runs go on, and asked for before its run has begun', async () => {
    const { all, end } = runs(3, 1);
    const last = all.answer(2);
    await end(0);
    assert.equal(await all.answer(0), 'answer 0');
    await end(1);
    await end(2);
    assert.equal(await last, 'answer 2');
  });

  test('where a run is not to begin, no later one does', async () => {
    const { all, open, end } = runs(9, 2, 3);
    const later = [all.answer(3), all.answer(8)];
    await end(0);
    await end(1);
    assert.deepEqual([...open.keys()], [2]);
    assert.deepEqual(await Promise.all(later), [undefined, undefined]);
    await end(2);
    assert.equal(await all.answer(2), 'answer 2');
  });

  test('after the end no more begin', async () => {
    const { all, open, end } = runs(4, 2);
    await end(0);
    all.end();
    await end(1);
    assert.deepEqual([...open.keys()], [2]);
    assert.equal(await all.answer(3), undefined);
  });

  test('a run that rejects rejects its answer alone', async () => {
    const all = new InOrder(2, 1, (i) => (i === 0 ? Promise.reject(new Error('gone')) : Promise.resolve(i)));
    assert.equal(await all.answer(1), 1);
    await assert.rejects(all.answer(0), /gone/);
  });

  test('nothing to run, and more lanes than runs', async () => {
    assert.equal(await runs(0, 3).all.answer(0), undefined);
    assert.deepEqual([...runs(2, 5).open.keys()], [0, 1]);
  });
});

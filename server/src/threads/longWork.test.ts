import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Connection } from 'vscode-languageserver';
import { longWork } from './longWork.ts';

describe('longWork', () => {
  let sent: string[];
  let cancel: () => void;
  const connection = {
    window: {
      createWorkDoneProgress: async () => ({
        begin: (title: string) => sent.push(`begin ${title}`),
        report: (...args: unknown[]) => sent.push(`report ${args.join(' ')}`),
        done: () => sent.push('done'),
        token: { onCancellationRequested: (listener: () => void) => (cancel = listener) },
      }),
    },
  } as unknown as Connection;

  beforeEach(() => {
    sent = [];
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('says nothing of short work', () => {
    const work = longWork(connection, true, 'x', () => {});
    work.progress('decoding', undefined);
    work.ended();
    mock.timers.tick(1000);
    assert.deepEqual(sent, []);
  });

  it('reports long work and lets the user end it', async () => {
    let stopped = false;
    const work = longWork(connection, true, 'x', () => {
      stopped = true;
    });
    mock.timers.tick(600);
    await Promise.resolve();
    await Promise.resolve();
    work.progress('analysing', 40);
    cancel();
    work.ended();
    assert.deepEqual(sent, ['begin x', 'report 40 analysing', 'done']);
    assert.equal(stopped, true);
  });

  it('sends nothing to a client that shows no progress', () => {
    longWork(connection, false, 'x', () => {});
    mock.timers.tick(1000);
    assert.deepEqual(sent, []);
  });
});

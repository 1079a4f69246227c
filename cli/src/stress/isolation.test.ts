/** The command line as a program of its own, whose runs are in a process: whoever ends, nothing is left running. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { noProcessList, runProcessesOf, until } from '../../../node/stress/isolated/testing/runProcesses.ts';
import { Exit } from '../io.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));
const file = (name: string): string =>
  fileURLToPath(new URL(`../../../node/stress/isolated/cases/${name}`, import.meta.url));
const ALLOC = [file('alloc.wat'), '--call', 'f()', '--call', 'g()'];

/** A command that runs; `ended` resolves with its exit code, or the signal that ended it, and what it has printed. */
function started(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdout.resume();
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal, err }));
  const processes = (): number[] => runProcessesOf(child.pid);
  return { child, ended, processes };
}

const exists = (pid: number): boolean => runProcessesOf().includes(pid);

describe('a command that runs a module', { skip: noProcessList }, () => {
  test('a loop that no thread can be torn out of: it ends with a sentence, and nothing is left', async () => {
    const { ended, processes } = started('hammer', ...ALLOC, '--seconds', '1');
    await until(() => processes().length > 0);
    const pids = processes();
    const { code, err } = await ended;
    assert.equal(code, Exit.Trouble);
    assert.match(err, /^wasm-hazards: .*alloc\.wat: the run exceeded its (time|memory) limit and was/m);
    await until(() => !pids.some(exists));
  });

  test('is killed in the middle: its process ends, too', async () => {
    const { child, ended, processes } = started('hammer', ...ALLOC, '--seconds', '600');
    await until(() => processes().length > 0);
    const pids = processes();
    child.kill('SIGKILL');
    assert.equal((await ended).signal, 'SIGKILL');
    await until(() => !pids.some(exists));
  });

  test('its process ends in the middle: it says so', async () => {
    const { ended, processes } = started('stress', file('dies.stress.json'));
    const { code, err } = await ended;
    assert.equal(code, Exit.Trouble);
    assert.match(err, /the process of the run ended before the run did \(SIGKILL\); run it again/);
    assert.deepEqual(processes(), []);
  });
});

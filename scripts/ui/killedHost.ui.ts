import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes of this machine, as Linux shows them. */
function processes(): Running[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return ''; // It has just ended.
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      parent: Number(/^\d+ \(.*\) \S (\d+) /s.exec(read(pid, 'stat'))?.[1]),
      command: read(pid, 'cmdline').replaceAll('\0', ' '),
    }));
}

/** Processes that these started, and what those started. */
function descendants(of: number): Running[] {
  const all = processes();
  const below = (pid: number): Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(of);
}

describe('an extension host that is killed', { skip: !existsSync('/proc/self') }, () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ settings: { 'wasmHazards.stress.hammerSeconds': 60 } });
  });

  after(() => session?.close());

  const until = async <T>(what: string, look: () => T | undefined | false): Promise<T> => {
    for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      await session.page.waitForTimeout(100);
    }
    throw new Error(`waited in vain for ${what}`);
  };

  it('takes its server and its run with it, and the next one analyses and runs again', async () => {
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Stress test module');
    const hosts = (): Running[] =>
      descendants(process.pid).filter(({ command }) => command.includes('--type=extensionHost'));
    const started = (name: string): Running | undefined =>
      hosts()
        .flatMap(({ pid }) => descendants(pid))
        .find(({ command }) => command.includes(name));
    const run = await until('the process of the run', () => started('stressWorker.js'));
    const server = await until('the server', () => started('server.js'));
    const [host] = hosts();
    process.kill(host.pid, 'SIGKILL');
    const alive = (): boolean => processes().some(({ pid }) => [host, run, server].some((one) => one.pid === pid));
    await until('the end of what the extension host had started', () => !alive());

    const next = await until('the next server', () => started('server.js'));
    assert.notEqual(next.pid, server.pid);
    await session.waitForSquiggle();
    assert.match(await session.hover('global.set'), /writes mutable global/);
    await session.runCommand('Wasm Hazards: Stress test module');
    await until('the next run', () => started('stressWorker.js'));
    await session.screenshot('killed-host');
  });
});

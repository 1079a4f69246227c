/** The server's process ends without being asked to. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { closeAll, diagnostics, open, textUri } from './support.ts';

describe('a server that is killed', () => {
  afterEach(closeAll);

  // Processes are found as Linux shows them.
  (existsSync('/proc/self') ? it : it.skip)('is started again, and what it was asked is answered', async () => {
    const { document } = await open('counter-global.wasm');
    await diagnostics(document.uri);
    const [server, ...others] = await servers();
    assert.deepEqual(others, []);
    const cleared = diagnostics(document.uri, (found) => found.length === 0);
    // It takes the question, and cannot answer.
    process.kill(server, 'SIGSTOP');
    const asked = vscode.workspace.fs.readFile(textUri('pure.wasm'));
    // The file system asks in order: when this is answered, the server has been asked for the text.
    await vscode.workspace.fs.stat(textUri('pure.wasm'));
    process.kill(server, 'SIGKILL');
    assert.match(new TextDecoder().decode(await asked), /\(export "fibonacci"/);
    await cleared;
    await diagnostics(document.uri);
    assert.notDeepEqual(await servers(), [server]);
  });
});

/** Processes of the servers of this extension host, of which there is one. */
async function servers(): Promise<number[]> {
  const pids: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const parent = /^\d+ \(.*\) \S (\d+) /s.exec(await read('stat'))?.[1];
    if (Number(parent) === process.pid && /dist\/server\.js/.test(await read('cmdline'))) pids.push(Number(pid));
  }
  return pids;
}

/** The tools that run code: only with permission, with schedules that replay, and never longer than the client listens. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { connect, PROGRAM, type TestClient } from './testing/client.ts';

const FIXTURES = join(import.meta.dirname, '../../../test-fixtures');
const COUNTER = join(FIXTURES, 'counter-global.wat');
const INCREMENTS = { file: COUNTER, calls: ['increment()', 'increment()'], host: 'wazero' };

const PETERSON = join(import.meta.dirname, '../../../core/stress/explore/cases/buffers/peterson.wat');

interface RunWithBuffers {
  verdict: string;
  wrongOutcomes: unknown[];
  storeBuffers: {
    text: string;
    wrongOutcomes: { results: string[][]; schedule: string }[];
    replay: Record<string, unknown>;
  };
}

/** So many interleavings that no search ends. */
const LONG = `(module (memory 1) (func (export "f") (local $i i32)
  (loop $l
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 50))))))`;

describe('the tools that run code', () => {
  let folder: string;
  let server: TestClient;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-mcp-'));
    await writeFile(join(folder, 'long.wat'), LONG);
    server = await connect(folder);
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('refuse without permission', async () => {
    for (const tool of ['stress', 'replay']) {
      const text = await server.refused(tool, { ...INCREMENTS, schedule: 'A1B1' });
      assert.match(text, /runs the code of the module\. Ask the user, and call it again with allowRun: true/);
    }
  });

  test('of a server for reading refuse with permission, too', async () => {
    const reading = await connect(folder, ['--no-run']);
    for (const tool of ['stress', 'replay', 'scenario']) {
      const text = await reading.refused(tool, { ...INCREMENTS, schedule: 'A1B1', allowRun: true });
      assert.match(text, /runs no code of modules/, tool);
    }
    await reading.call('check', { file: COUNTER });
    await reading.call('scenario', { file: COUNTER });
    await reading.close();
  });

  test('stress: a lost update, with arguments that replay it', async () => {
    const { text, data } = await server.call('stress', { ...INCREMENTS, allowRun: true });
    assert.equal(data.verdict, 'wrong-outcome');
    assert.match(text, /wrong outcome: an outcome that no serial order gives/);
    const [run] = data.runs as Record<string, unknown>[];
    assert.deepEqual([run.exhaustive, run.calls], [true, ['increment()', 'increment()']]);
    assert.ok((data.advice as { text: string }[]).some((one) => /sync\.Mutex/.test(one.text)));
    const replay = run.replay as Record<string, unknown>;
    const again = await server.call('replay', { ...replay, allowRun: true });
    assert.equal(again.data.verdict, 'wrong-outcome');
    assert.match(again.text, /Schedule A\d+B\d+/);
    assert.match(await server.refused('replay', { ...replay, schedule: 'nonsense', allowRun: true }), /schedule/i);
  });

  test('stress: what only store buffers show is told apart, with arguments that replay it', async () => {
    const about = { file: PETERSON, calls: ['a()', 'b()'], host: 'wazero', model: 'shared-memory', allowRun: true };
    const { text, data } = await server.call('stress', about);
    assert.match(text, /race: .*; a wrong outcome only where hardware reorders stores/);
    const [run] = data.runs as RunWithBuffers[];
    assert.deepEqual([run.verdict, run.wrongOutcomes], ['race', []]);
    const { storeBuffers } = run;
    assert.match(storeBuffers.text, /^This happens only where hardware reorders stores/);
    assert.deepEqual(storeBuffers.wrongOutcomes[0].results, [['0'], ['0']]);
    assert.equal(storeBuffers.replay.schedule, storeBuffers.wrongOutcomes[0].schedule);
    const again = await server.call('replay', { ...storeBuffers.replay, allowRun: true });
    assert.match(again.text, /reaches memory/);
    const [replayed] = again.data.runs as RunWithBuffers[];
    assert.deepEqual(replayed.storeBuffers.wrongOutcomes[0].results, [['0'], ['0']]);
  });

  test('stress: a plan of all conflicting pairs, the worst first', async () => {
    const { data } = await server.call('stress', { file: COUNTER, host: 'wazero', allowRun: true, seconds: 120 });
    const runs = data.runs as { title: string; verdict: string; replay?: Record<string, unknown> }[];
    assert.deepEqual(
      runs.map(({ verdict }) => verdict),
      ['wrong-outcome', 'wrong-outcome', 'race', 'race'],
    );
    // One of each kind.
    for (const { title, verdict, replay } of [runs[1], runs[3]]) {
      const again = await server.call('replay', { ...replay, allowRun: true });
      assert.equal(again.data.verdict, verdict, title);
    }
  });

  test('stress: safe says what it rests on, and what cannot run says why', async () => {
    const pure = join(FIXTURES, 'pure.wat');
    assert.match(
      await server.refused('stress', { file: pure, allowRun: true }),
      /no two calls of its exports conflict/,
    );
    assert.match(
      await server.refused('stress', { ...INCREMENTS, calls: ['nothing()'], allowRun: true }),
      /no export nothing/,
    );
  });

  test('JavaScript of a scenario needs a permission of its own, and is not loaded without', async () => {
    const mark = join(folder, 'loaded');
    await writeFile(
      join(folder, 'imports.wat'),
      '(module (import "env" "tick" (func $tick)) (func (export "f") (call $tick)))',
    );
    await writeFile(
      join(folder, 'imports.mjs'),
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, ''); console.log('{"not": "protocol"}');
       export default () => ({ env: { tick() {} } });`,
    );
    const scenario =
      '{ "module": "imports.wat", "callers": [[["f"]], [["f"]]], "imports": { "module": "imports.mjs" } }';
    await writeFile(join(folder, 'imports.stress.json'), scenario);
    const file = 'imports.stress.json';
    const refused = await server.refused('stress', { file, allowRun: true });
    assert.match(refused, /loads the JavaScript module "imports\.mjs".*allowJavaScript: true/);
    assert.equal(existsSync(mark), false);
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'inner', 'out.stress.json'), scenario.replaceAll('"imports.', '"../imports.'));
    const outside = { file: join('inner', 'out.stress.json'), allowRun: true, allowJavaScript: true };
    assert.match(await server.refused('stress', outside), /is outside of the folder of the scenario/);
    assert.equal(existsSync(mark), false);
    const { data } = await server.call('stress', { file, allowRun: true, allowJavaScript: true });
    assert.ok(existsSync(mark));
    assert.equal(typeof data.verdict, 'string');
    assert.deepEqual(server.errors, []);
  });

  test('a cancelled call ends, and the server goes on', async () => {
    const controller = new AbortController();
    const calling = server.client.callTool(
      { name: 'stress', arguments: { file: 'long.wat', allowRun: true, seconds: 600, calls: ['f()', 'f()', 'f()'] } },
      { signal: controller.signal, onprogress: () => controller.abort(), timeout: 600_000 },
    );
    await assert.rejects(calling);
    assert.ok(controller.signal.aborted, 'there was no progress');
    const { data } = await server.call('check', { file: 'long.wat' });
    assert.equal(data.modulesTotal, 1);
  });

  test('when nobody reads the answers any more, the process ends', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'mcp'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const client = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: client })}\n`);
    await messages(child)(({ id }) => id === 1);
    child.stdout.destroy();
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' })}\n`);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });

  test('when the client goes away during a run, the process ends', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'mcp'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const line = messages(child);
    const send = (message: object): boolean => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    // As clients of the first versions of the protocol speak.
    const client = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
    send({ id: 1, method: 'initialize', params: client });
    const hello = await line(({ id }) => id === 1);
    const { protocolVersion, serverInfo } = hello.result as Record<string, Record<string, string>>;
    assert.deepEqual([protocolVersion, serverInfo.name], ['2024-11-05', 'wasm-hazards']);
    send({ method: 'notifications/initialized' });
    const args = { file: 'long.wat', allowRun: true, seconds: 600, calls: ['f()', 'f()', 'f()'] };
    send({ id: 2, method: 'tools/call', params: { name: 'stress', arguments: args, _meta: { progressToken: 7 } } });
    await line(({ method }) => method === 'notifications/progress');
    child.stdin.end();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });
});

type Message = Record<string, unknown>;

/** Resolves with the next message that fits. Fails on a line of the output that is no message. */
function messages(
  child: ChildProcessByStdio<Writable, Readable, null>,
): (fits: (message: Message) => boolean) => Promise<Message> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (fits) => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(!done, 'the server has ended');
      const message: Message = JSON.parse(value);
      assert.equal(message.jsonrpc, '2.0');
      if (fits(message)) return message;
    }
  };
}

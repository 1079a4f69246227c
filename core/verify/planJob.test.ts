import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../stress/scenario/scenario.ts';
import { decodeModule } from '../wasm/decode.ts';
import { wasmEngine } from '../wasm/webAssembly.ts';
import type { PlannedVerify } from './plan.ts';
import { planVerify, type VerifyRefusal } from './planJob.ts';

const COUNTER = `(module
  (global $n (mut i32) (i32.const 0))
  (func (export "add") (param i32) (result i32)
    (global.set $n (i32.add (global.get $n) (local.get 0)))
    (global.get $n)))`;

async function planned(source: string, file: ScenarioFile): Promise<PlannedVerify | VerifyRefusal> {
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  return planVerify({ bytes: await parse(source), name: 'test.wat', scenario });
}

async function accepted(source: string, file: ScenarioFile): Promise<PlannedVerify> {
  const found = await planned(source, file);
  if ('refused' in found) assert.fail(found.refused.join('\n'));
  return found;
}

describe('the plan of verify', () => {
  it('has the calls as bits, all serial orders, and the globals under added exports', async () => {
    const { plan, files } = await accepted(COUNTER, { callers: [[['add', -1]], [['add', 2]]] });
    assert.deepEqual(
      plan.callers.map(([{ call }]) => call?.args),
      [[{ type: 'i32', bits: '4294967295' }], [{ type: 'i32', bits: '2' }]],
    );
    assert.deepEqual(plan.orders, [
      { callers: [0, 1], whole: true },
      { callers: [1, 0], whole: true },
    ]);
    assert.deepEqual(plan.state.globals, [{ export: 'wasm-hazards global 0', text: '$n', type: 'i32' }]);
    const module = decodeModule(files.get('module.wasm') ?? new Uint8Array());
    assert.deepEqual(module.errors, []);
    assert.deepEqual(
      module.exports.map(({ name }) => name),
      ['add', 'wasm-hazards global 0'],
    );
  });

  it('says where the orders are only a sample, by which no outcome can be judged', async () => {
    const twice: ScenarioFile['callers'] = [[['add', 1]], [['add', 2]]];
    const calls: ScenarioFile['callers'] = Array.from({ length: 4 }, () => Array.from({ length: 3 }, () => ['add', 1]));
    const completeOf = async (callers: ScenarioFile['callers'], unit: 'call' | 'sequence') =>
      (await accepted(COUNTER, { callers, unit })).plan.complete;
    assert.deepEqual(await completeOf(twice, 'call'), { units: true, calls: true });
    assert.deepEqual(await completeOf(calls, 'call'), { units: false, calls: false });
    assert.deepEqual(await completeOf(calls, 'sequence'), { units: true, calls: false });
  });

  it('refuses in sentences what wazero or a Go program cannot do', async () => {
    const callers: ScenarioFile['callers'] = [[['add', 1]], [['add', 1]]];
    const refused = async (source: string, file: Partial<ScenarioFile>): Promise<string[]> => {
      const found = await planned(source, { callers, ...file });
      return 'refused' in found ? found.refused : [];
    };
    assert.deepEqual(await refused(COUNTER, { host: 'javascript' }), [
      'The scenario is for the host javascript; verify runs on wazero.',
    ]);
    assert.deepEqual(await refused(`${COUNTER.slice(0, -1)} (memory 1) (memory 1))`, {}), [
      'The module has several memories, which wazero does not support.',
    ]);
  });
});

describe('modules that provide imports', () => {
  const IMPORTS = `(module (import "env" "memory" (memory 1 65536 shared)) (import "env" "log" (func (param i32 f64) (result i64)))
    (import "env" "__stack_pointer" (global (mut i32))) (import "env" "table" (table 2 funcref))
    (import "other" "f" (func)) (import "env" "zero" (global f64))
    (func (export "f") (result i32) (global.get 0)))`;

  it('are valid, and share what instances of the model share', async () => {
    const callers: ScenarioFile['callers'] = [[['f']], [['f']]];
    const shared = await accepted(IMPORTS, { callers, model: 'shared-memory' });
    assert.deepEqual(shared.plan.providers, [
      { name: 'env memories', wasm: 'provider0.wasm', common: true },
      { name: 'env', wasm: 'provider1.wasm', common: false },
    ]);
    assert.deepEqual(
      shared.plan.hosts.map(({ name, functions }) => [name, functions.map((one) => one.name)]),
      [
        ['env functions', ['log']],
        ['other', ['f']],
      ],
    );
    assert.match(shared.notes.join('\n'), /can grow by 256 pages only/);
    const one = await accepted(IMPORTS, { callers, model: 'shared-instance' });
    assert.deepEqual(
      one.plan.providers.map(({ name, common }) => [name, common]),
      [['env', true]],
    );
    for (const { files, plan } of [shared, one])
      for (const { wasm } of plan.providers) {
        const bytes = files.get(wasm) ?? assert.fail(wasm);
        assert.doesNotThrow(() => new wasmEngine.Module(bytes));
        assert.deepEqual(decodeModule(bytes).errors, []);
      }
  });
});

/** The Go driver evaluates expressions as the engine does. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { HostError } from '../../core/stress/run/resultTexts.ts';
import { parseExpression, type Value } from '../../core/stress/scenario/expression.ts';
import { completeScenario } from '../../core/stress/scenario/scenario.ts';
import type { Step } from '../../core/stress/scenario/steps.ts';
import { stepProgram } from '../../core/stress/session/stepProgram.ts';
import type { VerifyProcess } from '../../core/verify/plan.ts';
import { planVerify } from '../../core/verify/planJob.ts';
import { planStep } from '../../core/verify/planSteps.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { buildDrivers, type Drivers } from './buildDriver.ts';
import { DriverFolder } from './driverFolder.ts';
import { findGoModule } from './goModule.ts';
import { runDriver } from './runDriver.ts';
import { randomExpressions } from './testing/randomExpressions.ts';

const SOURCE = `(module (memory (export "memory") 1)
  (data (i32.const 0) "\\00\\01\\7f\\80\\ff\\ff\\ff\\ff\\00\\00\\c0\\7f\\00\\00\\80\\3f\\00\\00\\00\\00\\00\\00\\f8\\7f\\00\\00\\00\\00\\00\\00\\04\\c0")
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0)))`;

/** Steps that give results names, which expressions use. */
const NAMING: Step[] = [
  { call: 'i64', args: ['4294967296'], as: 'big' },
  { call: 'i32', args: [-7], as: 'small' },
  { call: 'f64', args: [1.5], as: 'half' },
  { call: 'f64', args: ['nan'], as: 'nan' },
  { call: 'f32', args: [0.1], as: 'tenth' },
  { call: 'f64', args: ['-inf'], as: 'low' },
  { read: 1, length: 2, type: 'utf8', as: 'text' },
  { read: 3, length: 3, type: 'bytes', as: 'bytes' },
];
const NAMES = ['big', 'small', 'half', 'nan', 'tenth', 'low', 'text', 'bytes'];

/** Results of steps in JavaScript; the functions return their argument. */
function results(steps: readonly Step[], bytes: Uint8Array): string[] {
  const module = decodeModule(bytes);
  const names = new Map<string, Value>();
  const memory = new Uint8Array(65536);
  const [{ start, end }] = module.data;
  memory.set(bytes.subarray(start, end));
  return steps.map((step) => {
    const called = 'call' in step ? module.exports.find(({ name }) => name === step.call)?.index : undefined;
    const program = stepProgram(step, called ?? -1, module);
    const run = program.make({
      names,
      memory: { bytes: memory.length, view: memory, is64: false },
      references: { reference: () => 1 },
    });
    try {
      let next = run.next();
      while (next.done !== true) {
        const demand = next.value;
        if (demand.do === 'call')
          next = run.next('call' in step && step.call === 'f32' ? Math.fround(Number(demand.args[0])) : demand.args[0]);
        else {
          const upTo = demand.at + demand.length;
          if (upTo > memory.length)
            throw new HostError(`the host reads [${demand.at}, ${upTo}), but memory[0] has 65536 bytes`);
          next = run.next(memory.slice(demand.at, upTo));
        }
      }
      return next.value;
    } catch (error) {
      if (error instanceof HostError) return `trap: ${error.message}`;
      throw error;
    }
  });
}

describe('expressions in Go', { skip: goMissing() }, () => {
  const folder = new DriverFolder();
  let drivers: Drivers;
  before(async () => {
    const module = await findGoModule(folder, goModule(), undefined);
    assert.ok(!('problem' in module), JSON.stringify(module));
    const built = await buildDrivers(folder, module, {});
    assert.ok(!('problem' in built), JSON.stringify(built));
    drivers = built;
  });
  after(() => folder.close());

  it('have the value that they have in the engine, or fail with the same message', async () => {
    const texts = randomExpressions(4000, NAMES, 15).filter((text) => !('message' in parseExpression(text)));
    assert.ok(texts.length > 3000);
    const steps: Step[] = [
      ...NAMING,
      ...texts.map((text, i): Step => {
        if (i % 5 === 4) return { expect: text };
        return {
          call: ['i64', 'i32', 'f32', 'f64'][i % 5],
          args: [text.includes('$') ? text : `($big - $big) + (${text})`],
        };
      }),
    ];
    const bytes = await parse(SOURCE);
    const scenario = completeScenario({ callers: [NAMING], model: 'shared-instance', compare: ['results'] }, 'wazero');
    const planned = planVerify({ bytes, name: 'expressions.wat', scenario });
    assert.ok(!('refused' in planned));
    // More calls than a scenario may have.
    const module = decodeModule(bytes);
    planned.plan.callers = [steps.map((step) => planStep(step, module, undefined))];
    planned.plan.orders = [{ callers: steps.map(() => 0), whole: true }];
    const how = {
      mode: 'interpreter',
      stuck: [],
      rounds: 1,
      seconds: 1,
      callSeconds: 10,
      loadSeconds: 60,
      serialSeconds: 60,
    } satisfies VerifyProcess;
    const ran = await runDriver(folder, drivers.plain, planned, how, {});
    const found = ran.result?.serial[0]?.results[0] ?? assert.fail(ran.output);
    const expected = results(steps, bytes);
    for (const [i, step] of steps.entries()) {
      if ('read' in step) continue;
      assert.equal(found[i], expected[i], JSON.stringify(step));
    }
  });
});

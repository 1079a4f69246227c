/** Causes of hangs, and what is said of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { adviceOf } from '../../../advice/adviceOf.ts';
import { verdictText } from '../../../report/verdicts.ts';
import { assertGoldenText } from '../../../testing/golden.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
import { callsOf } from '../../scenario/steps.ts';
import { HANG_CASES } from '../../testing/hangCases.ts';
import { explored, runScenario } from '../../testing/run.ts';

/** What is said of all cases. */
const texts: string[] = [];

describe('the cause of a hang', () => {
  for (const { what, source: text, callers, setup, ...right } of HANG_CASES)
    test(what, async () => {
      const file: ScenarioFile = { host: 'wazero', callers, setup };
      const bytes = await parse(text);
      const answer = await runScenario(bytes, file);
      assert.ok('result' in answer);
      const { hang } = answer.result;
      assert.ok(hang, 'no hang');
      const { cause } = hang;
      assert.equal(cause.kind, right.kind, cause.text);
      assert.ok(
        right.oneOf.some((some) => String(some) === String(cause.callers)),
        cause.text,
      );
      assert.deepEqual(cause.at.toSorted(), right.at.toSorted(), cause.text);
      if (right.exports !== undefined)
        assert.deepEqual(
          cause.exports.map(({ name, sure }) => `${name}${sure ? '' : '?'}`),
          right.exports,
        );
      if (right.notify !== undefined)
        assert.deepEqual([cause.notification?.count, cause.notification?.woken.length], right.notify);
      if (right.text !== undefined) assert.match(cause.text, right.text);
      // A replay of the stored schedule says the same.
      if (hang.schedule !== '') {
        const again = await explored(bytes, file, { schedule: hang.schedule });
        assert.equal(again.verdict, answer.result.verdict);
        assert.deepEqual(again.hang?.cause, cause);
      }
      const [{ text: repair }] = [...adviceOf(answer.module, answer.analysis, [answer.result], 'calls')].filter(
        ({ remedy }) => remedy === 'fix',
      );
      texts.push(`${what}\n  ${verdictText(answer.result)}\n  ${cause.text}\n  ${repair}\n`);
      const advice = adviceOf(answer.module, answer.analysis, [answer.result], 'calls');
      assert.ok(
        advice.some((one) => one.remedy === 'fix' && one.text.includes(cause.text)),
        JSON.stringify(advice),
      );
      assert.equal(
        advice.some((one) => one.text.includes('in the same order')),
        cause.kind === 'lock-order',
      );
      if (answer.result.stuckOrders > 0)
        assert.ok(advice.every(({ remedy }) => remedy !== 'mutex' && remedy !== 'pool'));
    });

  test('no lock of a host around a call that waits for another caller, also where instances take one call at a time', async () => {
    for (const { source, callers, setup } of HANG_CASES) {
      const answer = await runScenario(await parse(source), {
        host: 'wasmtime',
        callers,
        setup,
        budget: { schedules: 2000 },
      });
      assert.ok('result' in answer);
      const { result, module, analysis } = answer;
      if (result.stuckOrders === 0 || result.hang === null) continue;
      const stuck = new Set(
        result.hang.lastSeen.flatMap(({ caller, call }) =>
          callsOf(result.scenario.callers[caller].slice(call, call + 1)),
        ),
      );
      for (const { remedy, exports, text } of adviceOf(module, analysis, [result]))
        assert.ok(remedy !== 'mutex' || exports.every((name) => !stuck.has(name)), text);
    }
  });

  test('on one thread', async () => {
    const source = `(module (import "env" "sleep" (func $sleep)) (import "env" "memory" (memory 1 1 shared))
      (func (export "wait") (call $sleep) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
      (func (export "poll") (loop $l (call $sleep) (br_if $l (i32.eqz (i32.load (i32.const 16))))))
      (func (export "wake") (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))`;
    const causeOf = async (name: string): Promise<unknown> => {
      const imports = { 'env.sleep': { suspends: true } };
      const callers: ScenarioFile['callers'] = [[[name]], [['wake']]];
      const { hang } = await explored(source, { host: 'javascript', model: 'cooperative', imports, callers });
      return [hang?.cause.kind, hang?.cause.callers, hang?.cause.at, hang?.cause.text];
    };
    assert.deepEqual(await causeOf('wait'), [
      'thread-blocked',
      [0],
      ['memory[0] 0x0'],
      'A waits at memory[0] 0x0 in memory.atomic.wait, which blocks the only thread: no other call can run to end that.',
    ]);
    assert.deepEqual(await causeOf('poll'), [
      'nobody-left',
      [0],
      [],
      'A loops and changes nothing, and no call of this scenario is left that could end that.',
    ]);
  });

  test('in words', () => assertGoldenText(import.meta.dirname, 'causes', texts.join('\n')));
});

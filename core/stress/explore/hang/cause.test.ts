/** Causes of hangs, and what is said of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { adviceOf } from '../../../advice/adviceOf.ts';
import { verdictText } from '../../../report/verdicts.ts';
import { assertGoldenText } from '../../../testing/golden.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
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
      const stuck = new Set(result.hang.lastSeen.map(({ caller, call }) => result.scenario.callers[caller][call][0]));
      for (const { remedy, exports, text } of adviceOf(module, analysis, [result]))
        assert.ok(remedy !== 'mutex' || exports.every((name) => !stuck.has(name)), text);
    }
  });

  test('in words', () => assertGoldenText(import.meta.dirname, 'causes', texts.join('\n')));
});

/** What must hold of advice whatever a run shows. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyse } from '../analysis/analyse.ts';
import { WAZERO_SCENARIOS, wazeroModule } from '../analysis/testing/wazero/verdicts.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { calledExport } from '../stress/scenario/steps.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Advice, Remedy } from './advice.ts';
import { adviceFrom, adviceOf } from './adviceOf.ts';
import { resultsName } from './evidence.ts';
import { adviceFacts } from './facts.ts';
import { ADVICE_RULES } from './rules/table.ts';
import { advisedRun } from './testing/advisedRun.ts';
import { contradictionsIn } from './testing/contradictions.ts';

describe('whatever a run shows', () => {
  for (const { id, module, setup, probe, callers, callersTwice } of WAZERO_SCENARIOS) {
    test(id, async () => {
      const bytes = await wazeroModule(module);
      const results = [await advisedRun(bytes, { callers, setup, probe })];
      if (callersTwice !== null) results.push(await advisedRun(bytes, { callers: callersTwice, setup, probe }));
      for (const result of results) {
        assert.ok(result.poolCheck !== null);
        assertFollows(result.advice, [result]);
        assert.deepEqual(contradictionsIn(result.advice, result.model), []);
        assert.ok(result.advice.length > 0 || result.verdict === 'inconclusive', 'there is something to say');
      }
      const decoded = decodeModule(bytes);
      const analysis = analyse(decoded, { host: 'wazero', model: 'shared-instance' });
      const advices = adviceOf(decoded, analysis, results);
      assertFollows(advices, results);
      assert.deepEqual(contradictionsIn(advices, analysis.model), []);
      const facts = adviceFacts(decoded, analysis, results, 'module');
      for (const rules of orders(ADVICE_RULES)) assert.deepEqual(adviceFrom(facts, rules), advices, 'in any order');
    });
  }
});

/** Backwards, and each rule first once. */
function orders<T>(rules: readonly T[]): T[][] {
  return [rules.toReversed(), ...rules.map((_, i) => [...rules.slice(i), ...rules.slice(0, i)])];
}

test('ranks of rules are different, or the order of the table would count', () => {
  assert.equal(new Set(ADVICE_RULES.map(({ rank }) => rank)).size, ADVICE_RULES.length);
});

/** Each piece of advice rests on something that the results have, and contradicts none of it. */
function assertFollows(advices: readonly Advice[], results: readonly StressResult[]): void {
  const races = results.flatMap((result) => result.races);
  const wrong = results.flatMap(({ outcomes }) => outcomes.wrong);
  for (const advice of advices) {
    const text = JSON.stringify(advice);
    assert.ok(advice.because.length > 0, text);
    assert.match(advice.text, /^[A-Z].*\.$/, text);
    assert.ok(advice.text.split(/\. (?=[A-Z])/).length <= 2, `more than two sentences: ${text}`);
    for (const evidence of advice.because) {
      if (evidence.kind === 'race')
        assert.ok(
          races.some(({ cell, schedule }) => cell === evidence.name && schedule === evidence.schedule),
          text,
        );
      if (evidence.kind === 'wrong-outcome')
        assert.ok(
          wrong.some((w) => resultsName(w) === evidence.name && w.schedule === evidence.schedule),
          text,
        );
      if (evidence.kind === 'hang')
        assert.ok(
          results.some(({ hang }) => hang?.kind === evidence.name),
          text,
        );
      if (evidence.kind === 'pool-difference')
        assert.ok(
          results.some(({ pool }) => pool.some(({ call }) => call === evidence.name)),
          text,
        );
      if (evidence.kind === 'growth')
        assert.ok(
          results.some(({ growth }) => growth.some((g) => g.memory === evidence.name && g.most === evidence.to)),
          text,
        );
      if (evidence.kind === 'verdict')
        assert.ok(
          results.some(({ verdict }) => verdict === evidence.name),
          text,
        );
    }
    const about = (name: string): boolean => advice.exports.includes(name);
    const shown = (result: StressResult): boolean =>
      result.races.some(({ a, b }) =>
        [a, b].some(({ caller, call }) => about(calledExport(result.scenario.callers[caller][call]) ?? '')),
      );
    if (advice.remedy === 'pool')
      assert.ok(!results.some(({ pool }) => pool.some(({ call }) => about(call.slice(0, call.indexOf('('))))), text);
    if (advice.remedy === 'concurrent') assert.ok(!results.some(shown), text);
    if (advice.remedy === 'mutex' && advice.because[0].kind !== 'rule')
      assert.ok(
        results.some(({ verdict }) => verdict !== 'safe'),
        text,
      );
  }
  const exportsOf = (wanted: Remedy): string[] =>
    advices.filter(({ remedy }) => remedy === wanted).flatMap(({ exports }) => exports);
  const unpooled = exportsOf('no-pool');
  for (const name of exportsOf('pool')) assert.ok(!unpooled.includes(name), `${name} is to be pooled and not to be`);
  const raced = results.flatMap((result) =>
    result.races.map(({ a, b }) =>
      [a, b]
        .map(({ caller, call }) => calledExport(result.scenario.callers[caller][call]))
        .sort()
        .join(),
    ),
  );
  for (const { pairs } of advices)
    for (const pair of pairs)
      assert.ok(!raced.includes([...pair].sort().join()), `${pair} race, and may run concurrently`);
  if (results.every(({ verdict }) => verdict === 'safe'))
    assert.ok(!advices.some(({ remedy, because }) => remedy === 'mutex' && because[0].kind !== 'rule'));
}

/**
 * The hammer against verdicts of real wazero (core/analysis/testing/wazero/README.md): calls that are serializable never show a
 * wrong outcome, and what serial orders give is what exploration says. That others go wrong is a matter of time, and so
 * is told by `npm run bench -- --hammer`, not here.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WAZERO_SCENARIOS, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { RaceCollector } from '../../core/stress/explore/raceCollector.ts';
import { serialOutcomes } from '../../core/stress/explore/serialOutcomes.ts';
import { completeScenario } from '../../core/stress/scenario/scenario.ts';
import { createSession } from '../../core/stress/session/createSession.ts';
import type { Results } from '../../core/stress/session/job.ts';
import { environment } from '../../core/stress/testing/run.ts';
import { hammerInThreads } from './runHammer.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const ROUNDS = 150;

describe('scenarios of wazero', () => {
  for (const { id, module, setup, probe, callers, callersTwice, serializable } of WAZERO_SCENARIOS) {
    test(id, async () => {
      const bytes = await wazeroModule(module);
      const file = { callers: callersTwice ?? callers, setup, probe, budget: { seconds: 300 } };
      const scenario = completeScenario({ ...file, model: 'shared-instance' }, 'wazero');
      const enough = new AbortController();
      const rounds = serializable ? ROUNDS : 1;
      const answer = await hammerInThreads(
        { bytes, name: module, scenario },
        {
          workerPath,
          cores: 2,
          progressMs: 10,
          enough: enough.signal,
          onProgress: (result) => result.rounds >= rounds && enough.abort(),
        },
      );
      assert.ok('result' in answer, JSON.stringify(answer));
      const { result } = answer;
      assert.ok(result.rounds >= rounds && result.seen + result.notJudged > 0);
      if (result.verdict === 'not-judged') return;
      if (serializable) assert.equal(result.verdict, 'none-seen', JSON.stringify(result.outcomes[0]));
      const session = await createSession(
        { bytes, name: module, scenario },
        environment(),
        new RaceCollector(),
        () => false,
      );
      const { byKey } = await serialOutcomes(session, () => false);
      assert.equal(result.serial, byKey.size);
      const key = (outcome: { results: Results; probe: string[] }): string =>
        JSON.stringify([outcome.results, outcome.probe]);
      const serial = [...byKey.values()].map(key);
      for (const one of result.outcomes) if (one.kind === 'serial') assert.ok(serial.includes(key(one)), key(one));
    });
  }
});

/**
 * The hammer against verdicts of real wazero (server/test/wazero/README.md): calls that are serializable never show a
 * wrong outcome, and what serial orders give is what exploration says. That others go wrong is a matter of time, and so
 * is told by `npm run bench -- --hammer`, not here.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Findings } from '../engine/findings.ts';
import { serialOutcomes } from '../engine/outcomes.ts';
import type { Results } from '../engine/result.ts';
import { type Call, completeScenario } from '../engine/scenario.ts';
import { createSession } from '../engine/session.ts';
import { environment } from '../testing/run.ts';
import { runHammer } from './runHammer.node.ts';

const FOLDER = join(import.meta.dirname, '../../../../server/test/wazero');
const workerPath = new URL('./stressWorker.node.ts', import.meta.url);
const ROUNDS = 1000;

interface Verdict {
  id: string;
  module: string;
  setup: Call[];
  probe: Call[];
  callers: Call[][];
  callersTwice: Call[][] | null;
  serializable: boolean;
}
const verdicts: Verdict[] = JSON.parse(readFileSync(join(FOLDER, 'verdicts.json'), 'utf8'));

describe('scenarios of wazero', () => {
  for (const { id, module, setup, probe, callers, callersTwice, serializable } of verdicts) {
    test(id, async () => {
      const bytes = await parse(readFileSync(join(FOLDER, 'modules', module), 'utf8'));
      const file = { callers: callersTwice ?? callers, setup, probe, budget: { seconds: 300 } };
      const scenario = completeScenario({ ...file, model: 'shared-instance' }, 'wazero');
      const enough = new AbortController();
      const rounds = serializable ? ROUNDS : 1;
      const answer = await runHammer(
        { bytes, name: module, scenario },
        {
          workerPath,
          cores: 2,
          enough: enough.signal,
          onProgress: (result) => result.rounds >= rounds && enough.abort(),
        },
      );
      assert.ok('result' in answer, JSON.stringify(answer));
      const { result } = answer;
      assert.ok(result.rounds >= rounds && result.seen > 0);
      if (result.verdict === 'not-judged') return;
      if (serializable) assert.equal(result.verdict, 'none-seen', JSON.stringify(result.outcomes[0]));
      const session = await createSession(
        { bytes, name: module, scenario },
        environment(),
        new Findings(),
        () => false,
      );
      const { byKey } = await serialOutcomes(session, scenario.seed, () => false);
      assert.equal(result.serial, byKey.size);
      const key = (outcome: { results: Results; probe: string[] }): string =>
        JSON.stringify([outcome.results, outcome.probe]);
      const serial = [...byKey.values()].map(key);
      for (const one of result.outcomes) if (one.kind === 'serial') assert.ok(serial.includes(key(one)), key(one));
    });
  }
});

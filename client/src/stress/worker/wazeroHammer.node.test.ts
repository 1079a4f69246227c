/**
 * The hammer against verdicts of real wazero (server/test/wazero/README.md): calls that are serializable never show a
 * wrong outcome. That others do is a matter of time, and so is told by `npm run bench -- --hammer`, not here.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type Call, completeScenario } from '../engine/scenario.ts';
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

describe('serializable scenarios of wazero', () => {
  for (const { id, module, setup, probe, callers, callersTwice, serializable } of verdicts) {
    if (!serializable) continue;
    test(id, async () => {
      const bytes = await parse(readFileSync(join(FOLDER, 'modules', module), 'utf8'));
      const file = { callers: callersTwice ?? callers, setup, probe, budget: { seconds: 300 } };
      const scenario = completeScenario({ ...file, model: 'shared-instance' }, 'wazero');
      const enough = new AbortController();
      const answer = await runHammer(
        { bytes, name: module, scenario },
        {
          workerPath,
          cores: 2,
          enough: enough.signal,
          onProgress: ({ rounds }) => rounds >= ROUNDS && enough.abort(),
        },
      );
      assert.ok('result' in answer, JSON.stringify(answer));
      const { verdict, rounds, outcomes, serial, seen } = answer.result;
      assert.ok(verdict === 'none-seen' || verdict === 'not-judged', `${verdict}: ${JSON.stringify(outcomes[0])}`);
      assert.ok(rounds >= ROUNDS && seen > 0);
      if (verdict === 'none-seen') assert.ok(seen <= serial);
    });
  }
});

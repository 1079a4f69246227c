/** Recorded reports of real runs beside what exploration finds for the same calls. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Step } from '../../stress/scenario/steps.ts';
import { runScenario } from '../../stress/testing/run.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import { type JoinedRace, joinedRaces } from './joinedRaces.ts';
import type { HostRace } from './ledBack.ts';
import { RECORDED, recorded } from './testing/recorded.ts';

/** `install 0`, and `W 64`: the host writes four bytes. */
function step(text: string): Step {
  const [name, ...args] = text.split(' ');
  return name === 'W' ? { write: Number(args[0]), hex: '01020304' } : [name, ...args.map(Number)];
}

/** What exploration finds for the calls of a recording, with other reports if given. */
async function joined(
  name: string,
  change: (races: HostRace[]) => HostRace[] = (races) => races,
): Promise<JoinedRace[]> {
  const { source, calls, led } = recorded(name);
  const answer = await runScenario(source, { callers: calls.map((text) => text.split(',').map(step)) });
  if ('failure' in answer) assert.fail(answer.failure.message);
  const { result, module, analysis } = answer;
  return joinedRaces({ explored: result, module, analysis, races: change(led.races) });
}

describe('recorded reports are joined with the races of exploration', () => {
  for (const name of RECORDED)
    test(name, async () => {
      const found = await joined(name);
      assertGoldenText(
        import.meta.dirname,
        `joined-${name}`,
        found.map((one) => `${one.status} ${one.kind}: ${one.text}\n`).join(''),
      );
    });
});

/** Recorded reports of real runs beside what exploration finds for the same calls. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StressResult } from '../../stress/explore/result.ts';
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
  known: Partial<StressResult> = {},
): Promise<JoinedRace[]> {
  const { source, calls, led } = recorded(name);
  const answer = await runScenario(source, { callers: calls.map((text) => text.split(',').map(step)) });
  if ('failure' in answer) assert.fail(answer.failure.message);
  const { result, module, analysis } = answer;
  return joinedRaces({ explored: { ...result, ...known }, module, analysis, races: change(led.races) });
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

describe('what exploration does not have', () => {
  const statuses = (found: readonly JoinedRace[]): string[] => [
    ...new Set(found.map((one) => `${one.status} ${one.kind}`)),
  ];
  const nothing = { races: [], hostHazards: [] };

  test('is new where all schedules were tried, and only there', async () => {
    assert.deepEqual(statuses(await joined('memory', undefined, { ...nothing, exhaustive: true })), ['new race']);
    const [first] = await joined('memory', undefined, { ...nothing, exhaustive: false });
    assert.equal(first.status, 'confirmed');
    assert.match(first.text, /Exploration, which did not try all schedules, did not find it\.$/);
  });

  test('is not new where the cell is not known', async () => {
    const lost = (races: HostRace[]): HostRace[] =>
      races.map((race) => ({ ...race, cell: race.cell && { ...race.cell, index: -1, start: -1, end: -1 } }));
    assert.deepEqual(statuses(await joined('memory', lost, { ...nothing, exhaustive: true })), ['confirmed race']);
    assert.deepEqual(statuses(await joined('memory', lost)), ['confirmed race']);
  });

  test('is new at other bytes, and with other operations alone it is not', async () => {
    const moved = (races: HostRace[]): HostRace[] =>
      races.map(({ cell, a, b, reports }) => ({
        reports,
        cell: cell && { ...cell, start: 4096, end: 4097 },
        a: { ...a, operation: 'Store8' },
        b: { ...b, operation: 'Store8' },
      }));
    assert.ok(statuses(await joined('memory', moved, { exhaustive: true })).includes('new race'));
    const other = (races: HostRace[]): HostRace[] => moved(races).map((race, i) => ({ ...race, cell: races[i].cell }));
    assert.ok(!statuses(await joined('memory', other, { exhaustive: true })).includes('new race'));
  });

  test('counts as seen where a lost stack leaves the operation open', async () => {
    const lost = (races: HostRace[]): HostRace[] =>
      races.map((race) => ({ ...race, b: { ...race.b, operation: null, depth: null, caller: null, export: null } }));
    assert.ok(!statuses(await joined('global', lost, { exhaustive: true })).includes('new race'));
  });
});

/** `stress --jobs`: several scenarios at a time find what one after the other finds, and tell it in the same order. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { Exit } from '../io.ts';
import { type CliRun, runWith } from '../testing/cli.ts';
import { PlanProgress } from './planProgress.ts';

const fixture = (name: string): string => join(FIXTURES, name);

/** Without what depends on the machine. */
const steady = ({ out }: CliRun): string => out.replace(/"(seconds|schedulesPerSecond)": [\d.]+/g, '"$1": 0');

describe('a plan with several jobs', () => {
  test('the same report for one job and for three', async () => {
    const reports: string[] = [];
    for (const jobs of ['1', '3']) {
      const args = ['--jobs', jobs, '--seconds', '300', '--format', 'json'];
      const ran = await runWith(['stress', fixture('grow-vs-write.wat'), ...args]);
      assert.deepEqual(ran.err, []);
      reports.push(steady(ran));
    }
    assert.ok(JSON.parse(reports[0]).results.length > 5);
    assert.equal(reports[1], reports[0]);
  });

  test('as many as it says run at a time, each with its share of the time', async () => {
    let [running, most] = [0, 0];
    const seconds: number[] = [];
    await runWith(['stress', fixture('grow-vs-write.wat'), '--jobs', '3', '--seconds', '90'], {
      explore: async ({ scenario }) => {
        seconds.push(scenario.budget.seconds);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return { failure: { kind: 'setup', message: 'nothing was run' } };
      },
    });
    assert.equal(most, 3);
    assert.ok(seconds[0] > (2.9 * 90) / seconds.length && seconds[0] <= (3 * 90) / seconds.length, `${seconds}`);
    assert.ok(Math.max(...seconds) <= 90, `${seconds}`);
  });

  test('what ends a plan ends it at the same scenario, and failures come in order', async () => {
    for (const [kind, ended] of [
      ['imports', true],
      ['setup', false],
    ] as const)
      for (const jobs of ['1', '3']) {
        let begun = 0;
        const unwanted: number[] = [];
        const { code, err } = await runWith(['stress', fixture('grow-vs-write.wat'), '--jobs', jobs], {
          explore: async (_job, { signal }) => {
            const i = begun++;
            signal?.addEventListener('abort', () => unwanted.push(i));
            // A later one ends first.
            await new Promise((resolve) => (i === 0 ? setImmediate(resolve) : resolve(undefined)));
            return { failure: { kind, message: `failure ${i}` } };
          },
        });
        assert.equal(code, Exit.Trouble);
        const told = err.map((line) => /failure \d+$/.exec(line)?.[0]);
        assert.deepEqual(told, ended ? ['failure 0'] : told.map((_, i) => `failure ${i}`));
        assert.ok(ended || told.length > 2);
        if (ended && jobs === '3') assert.ok(unwanted.length >= 3, `${unwanted}`);
      }
  });
});

describe('progress of a plan', () => {
  const counts = (schedules: number, races: number, wrong: number) => ({ schedules, races, wrong });

  test('of one scenario at a time has its title, of several the sum', () => {
    const progress = new PlanProgress(['a', 'b', 'c']);
    progress.begins(0);
    assert.equal(progress.tell(0, { text: 'serial orders', counts: counts(100, 1, 0) }), '1 of 3, a: serial orders');
    progress.begins(1);
    const both = '0 of 3 done, 2 running: 1,100 executions, 1 race, 2 wrong outcomes';
    assert.equal(progress.tell(1, { text: 'all schedules', counts: counts(1000, 0, 2) }), both);
    progress.ends(0);
    progress.begins(2);
    const later = '1 of 3 done, 2 running: 1,107 executions, 1 race, 2 wrong outcomes';
    assert.equal(progress.tell(2, { text: 'all schedules', counts: counts(7, 0, 0) }), later);
  });

  test('of one scenario that was given is its own', () => {
    const progress = new PlanProgress(['']);
    progress.begins(0);
    assert.equal(progress.tell(0, { text: 'all schedules, 7 executions' }), 'all schedules, 7 executions');
  });
});

describe('the option', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-jobs-'));
    await writeFile(join(folder, 'm.wat'), '(module (func (export "f")))');
  });
  after(() => rm(folder, { recursive: true }));

  const cases: [string, string[], RegExp][] = [
    ['no number', ['stress', '--jobs', 'many'], /--jobs expects a number from 1 to 256, not many/],
    ['none at all', ['stress', '--jobs', '0'], /--jobs expects a number from 1 to 256, not 0/],
    ['a part of one', ['stress', '--jobs', '1.5'], /--jobs expects a whole number/],
    ['another command', ['hammer', '--jobs', '2'], /--jobs is an option of wasm-hazards stress/],
  ];
  for (const [name, [command, ...args], message] of cases)
    test(name, async () => {
      const { code, err } = await runWith([command, join(folder, 'm.wat'), ...args]);
      assert.equal(code, Exit.Trouble);
      assert.match(err.join('\n'), message);
    });
});

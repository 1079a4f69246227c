/** The generated lock and pool on the real wazero, put to the test as verification does it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Call } from '../../core/stress/scenario/steps.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { prepare } from '../../core/stress/session/preparation.ts';
import { planVerify } from '../../core/verify/planJob.ts';
import { type RemedySources, remedySources } from '../../core/verify/remedies/remedies.ts';
import { goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { DriverFolder } from './driverFolder.ts';
import { findGoModule } from './goModule.ts';
import { type RemedyAnswers, RemedyRunner } from './runRemedies.ts';

const OPTIONS = { seconds: 0.5, rounds: 1000, race: true };

describe('remedies', { skip: goMissing() }, () => {
  let scratch: DriverFolder;
  let runner: RemedyRunner;
  const folder = goModule();

  const runnerIn = async (path: string): Promise<RemedyRunner> => {
    const module = await findGoModule(scratch, path, undefined);
    return 'problem' in module ? assert.fail(module.problem) : new RemedyRunner(scratch, module);
  };

  before(async () => {
    scratch = new DriverFolder();
    runner = await runnerIn(folder);
  });
  after(() => scratch?.close());

  /** Runs them; `change` makes other sources of those that were generated. */
  async function ran(
    module: string | Uint8Array,
    file: ScenarioFile,
    change: (sources: RemedySources) => RemedySources = (sources) => sources,
    on = runner,
  ): Promise<RemedyAnswers> {
    const bytes = typeof module === 'string' ? await parse(module) : module;
    const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
    const job: StressJob = { bytes, name: 'counter.wat', scenario };
    const planned = planVerify(job);
    if ('refused' in planned) assert.fail(planned.refused.join('\n'));
    return on.runSources(job, change(remedySources(job, prepare(job), undefined)), planned, OPTIONS);
  }

  /** Both were run and are clean. */
  function assertClean({ remedies, notes }: RemedyAnswers): void {
    assert.deepEqual(
      remedies.map(({ remedy, clean, text }) => ({ remedy, clean: clean || text })),
      [
        { remedy: 'mutex', clean: true },
        { remedy: 'pool', clean: true },
      ],
      notes.join('\n'),
    );
  }

  // One module for each kind of cell: every build takes seconds.
  const NAMES = /^c(?:04|06|09|12|15|18|19|24|48)_/;
  const racing = WAZERO_SCENARIOS.filter((one) => NAMES.test(one.module) && /^(?:race|non-atomic)$/.test(one.verdict));
  for (const name of new Set(racing.map(({ module }) => module)))
    test(`of ${name} are clean`, async () => {
      const [{ callers, callersTwice, setup, probe }] = racing.filter(({ module }) => module === name);
      const calls = (callersTwice ?? callers) as Call[][];
      assertClean(await ran(await wazeroModule(name), { callers: calls, setup, probe, unit: 'call' }));
    });

  const PROTOCOL = `(module
    (import "env" "log" (func $log (param i32 f64) (result i64)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "alloc") (param $n i32) (result i32)
      (global.get $next) (global.set $next (i32.add (global.get $next) (local.get $n))))
    (func (export "sum") (param $at i32) (param $n i32) (result i32) (local $sum i32)
      (drop (call $log (local.get $at) (f64.const 1)))
      (loop $l
        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum)))`;
  const steps = (text: string): object[] => [
    { call: 'alloc', args: [4], as: 'p' },
    { write: '$p', utf8: text },
    { call: 'sum', args: ['$p', 4], as: 'r' },
    { read: '$p', length: 4, type: 'utf8', as: 'text' },
    { expect: '$text == $text' },
  ];

  test('run whole protocols in one Do, with the functions that the module imports', async () => {
    const callers = [steps('Lena'), steps('Mira')] as ScenarioFile['callers'];
    assertClean(await ran(PROTOCOL, { callers, unit: 'sequence' }));
  });

  const COUNTER = `(module (global $n (mut i32) (i32.const 0))
    (func (export "bump") (result i32) (local $i i32) (local $was i32)
      (local.set $was (global.get $n))
      (loop $l (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
      (global.set $n (i32.add (local.get $was) (i32.const 1)))
      (global.get $n)))`;
  const TWICE = {
    callers: [
      [['bump'], ['bump']],
      [['bump'], ['bump']],
    ] as Call[][],
    unit: 'call',
  } as const;

  const oldest = goMissing('oldest');
  test('build and are clean with the oldest wazero and an old language version', { skip: oldest }, async () => {
    const file = { callers: [steps('Lena'), steps('Mira')] as ScenarioFile['callers'], unit: 'sequence' } as const;
    assertClean(await ran(PROTOCOL, file, undefined, await runnerIn(goModule('oldest'))));
  });

  test('are not judged by a sample of serial orders', async () => {
    const calls: Call[] = [
      ['alloc', 1],
      ['alloc', 2],
      ['alloc', 3],
    ];
    const { remedies } = await ran(PROTOCOL, { callers: [calls, calls, calls, calls], unit: 'call' });
    assert.deepEqual(
      remedies.map(({ remedy, clean, wrong }) => [remedy, clean, wrong]),
      [
        ['mutex', true, 0],
        ['pool', true, 0],
      ],
    );
    assert.match(remedies[0].text, /: no race report in [\d,]+ rounds?\.$/);
  });

  test('that exclude nobody are found out', async () => {
    const opened = (text: string): string => {
      const free = text.replace(/^(func \(g \*\w+\) acquire\(.*\{\n)[\s\S]*?^\}/m, '$1\treturn nil\n}');
      assert.notEqual(free, text);
      const freed = free.replace(/^(func \(g \*\w+\) release\(.*\{\n)[\s\S]*?^\}/m, '$1}');
      assert.notEqual(freed, free);
      return freed;
    };
    const { remedies } = await ran(COUNTER, TWICE, ({ files, notes }) => ({
      files: new Map([...files].map(([name, text]) => [name, name === 'generated_mutex.go' ? opened(text) : text])),
      remedies: ['mutex'],
      notes,
    }));
    const [{ clean, text, reports, wrong }] = remedies;
    assert.equal(clean, false, text);
    // The instance notices a second caller; where it does not, the race detector does.
    assert.ok(reports + wrong > 0, text);
    assert.match(text, /the advice is wrong for these calls\.$/);
  });

  test('cannot be run where the setup traps, which says nothing of the remedy', async () => {
    const source = `${COUNTER.slice(0, -1)} (func (export "fails") unreachable))`;
    const { remedies, notes } = await ran(source, { ...TWICE, setup: [['fails']] });
    assert.ok(!remedies.some(({ remedy }) => remedy === 'mutex'));
    assert.match(notes.join('\n'), /The generated lock could not be run: the setup failed: trap: .*unreachable\./);
  });

  test('are not run where they do not fit, and a note says why', async () => {
    const { remedies, notes } = await ran(
      '(module (import "env" "memory" (memory 1 1 shared)) (func (export "inc") (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))))',
      { callers: [[['inc']], [['inc']]] },
    );
    assert.deepEqual(
      remedies.map(({ remedy }) => remedy),
      ['mutex'],
    );
    assert.match(notes.join('\n'), /pool was not run: its instances would still share the imported memory/);
  });
});

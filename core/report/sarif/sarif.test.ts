/** The format `sarif` on every fixture, on names that mean harm, and on more findings than code scanning keeps. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyse } from '../../analysis/analyse.ts';
import { HOST_IDS } from '../../hosts/index.ts';
import { FIXTURES, ROOT } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { compile } from '../../wat/compile.ts';
import { type CheckedModule, checkModule, unchecked } from '../checkedModule.ts';
import { reportText } from '../formats.ts';
import { hammerReportOf, type Report, stressReportOf, verifyReportOf } from '../report.ts';
import { NO_FILES } from '../reportFiles.ts';
import { madeHammered } from '../testing/madeHammered.ts';
import { call, made, party, race, row } from '../testing/madeResults.ts';
import { madeFinding, madeVerified } from '../testing/madeVerified.ts';
import { type SarifLog, validSarif } from '../testing/sarif/validSarif.ts';

const SETTINGS = { host: 'wazero', hostReason: undefined, model: 'auto', overrides: new Map() } as const;
const PLAIN = { full: false, colour: false };

function checked(file: string, bytes: Uint8Array, settings: Parameters<typeof checkModule>[3] = SETTINGS) {
  const module = decodeModule(bytes);
  return checkModule(file, module, analyse(module, settings), settings);
}
async function compileWat(text: string): Promise<Uint8Array> {
  const compiled = await compile(text);
  assert.ok('bytes' in compiled);
  return compiled.bytes;
}
const logOf = (report: Report, files = NO_FILES): SarifLog =>
  validSarif(reportText(report, 'sarif', { ...PLAIN, files }));
const checkLog = (module: CheckedModule): SarifLog => logOf({ command: 'check', checked: module });

describe('check', () => {
  const files = globSync('**/*.wasm', { cwd: FIXTURES }).sort();
  for (const host of HOST_IDS)
    test(`is valid for every fixture on ${host}, with a result for each finding`, () => {
      for (const file of files) {
        const module = checked(file, readFileSync(join(FIXTURES, file)), { ...SETTINGS, host });
        const [{ results, invocations }] = checkLog(module).runs;
        const findings = module.hazards.flat().length + module.moduleHazards.length;
        assert.equal(
          results.reduce((sum, { properties }) => sum + Number(properties?.findings), 0),
          findings,
        );
        assert.equal(invocations[0].executionSuccessful, module.errors.length === 0, file);
      }
    });

  test('a call path is a code flow that ends at the access', () => {
    const bytes = readFileSync(join(FIXTURES, 'counter-global.wasm'));
    const [{ results }] = checkLog(checked('counter.wasm', bytes)).runs;
    const write = results.find(({ ruleId }) => ruleId === 'global-write');
    const steps = write?.codeFlows?.[0].threadFlows[0].locations ?? [];
    assert.deepEqual(
      steps.map(({ location }) => location.message?.text),
      ['`increment` calls `$add`', '`$add`: global.set'],
    );
    const { byteOffset } = steps[1].location.physicalLocation.region;
    assert.equal(byteOffset, write?.locations[0].physicalLocation.region.byteOffset);
    assert.equal(bytes[byteOffset ?? 0], 0x24);
  });

  test('an input that cannot be read is a notification, and the run is no success', () => {
    const [{ results, invocations }] = checkLog(
      unchecked('gone.wasm', SETTINGS, [{ offset: 0, message: 'no such file' }]),
    ).runs;
    assert.deepEqual(results, []);
    assert.equal(invocations[0].executionSuccessful, false);
    assert.equal(invocations[0].toolExecutionNotifications?.[0].message.text, 'gone.wasm: no such file');
  });

  test('exports that reach one access are one result, with a way from each', async () => {
    const bytes = await compileWat(
      `(module (global $g (mut i32) (i32.const 0))
        (func $set (global.set $g (i32.const 1)))
        ${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `(func (export "${name}") (call $set))`).join('\n')})`,
    );
    const [{ results }] = checkLog(checked('many.wasm', bytes)).runs;
    assert.equal(results.length, 1);
    assert.equal(results[0].codeFlows?.length, 6);
    assert.match(results[0].message.text, /The same is found here for `b`, `c`, `d` and 2 more\.$/);
  });

  test('names make no links and hide nothing; paths are encoded', async () => {
    const name = '[Click](command:workbench.action.quickOpen)\\u{202e}\\u{85}\\u{3164}';
    const bytes = await compileWat(
      `(module (global $g (mut i32) (i32.const 0)) (func (export "${name}") (global.set $g (i32.const 1))))`,
    );
    const [{ results }] = checkLog(checked('a b/[x](y) %41#1?.wasm', bytes)).runs;
    assert.equal(results[0].locations[0].physicalLocation.artifactLocation.uri, 'a%20b/%5Bx%5D(y)%20%2541%231%3F.wasm');
    assert.ok(!JSON.stringify(results).includes(']('));
  });

  test('absolute paths are file URIs, of both kinds of systems', () => {
    const bytes = readFileSync(join(FIXTURES, 'counter-global.wasm'));
    const uriOf = (file: string) =>
      checkLog(checked(file, bytes)).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
    assert.equal(uriOf('/tmp/a b.wasm'), 'file:///tmp/a%20b.wasm');
    assert.equal(uriOf('C:\\code\\a.wasm'), 'file:///C:/code/a.wasm');
  });

  test('of more results than are kept, the worst are, and the log says how many are not', async () => {
    const exports = Array.from({ length: 6000 }, (_, i) => `(func (export "f${i}") (drop (global.get $g)))`);
    const bytes = await compileWat(
      `(module (global $g (mut i32) (i32.const 0)) ${exports.join('\n')}
        (func (export "last") (global.set $g (i32.const 1))))`,
    );
    const [{ results, invocations }] = checkLog(checked('large.wasm', bytes)).runs;
    assert.equal(results.length, 5000);
    assert.equal(results[0].ruleId, 'global-write');
    assert.match(invocations[0].toolExecutionNotifications?.at(-1)?.message.text ?? '', /^1,001 results left out/);
  });

  test('rules have their pages, without links that lead nowhere', () => {
    const pageOf = (id: string) => readFileSync(join(ROOT, 'docs/rules', `${id}.md`), 'utf8');
    const report: Report = { command: 'check', checked: unchecked('a.wasm', SETTINGS, []) };
    const [{ tool }] = logOf(report, { ...NO_FILES, pageOf }).runs;
    for (const { help } of tool.driver.rules) {
      assert.match(help.markdown ?? '', /^# [\w-]+\n/);
      assert.doesNotMatch(help.markdown ?? '', /\]\((?!https:)|<!--/);
    }
  });
});

describe('stress', () => {
  const trace = [
    ...call(0, 'inc()', [row(0, 'global.get', '$counter', '-> 0')], '1').slice(0, 2),
    ...call(1, 'inc()', [row(1, 'global.get', '$counter', '-> 0'), row(1, 'global.set', '$counter', '= 1')], '1'),
    row(0, 'global.set', '$counter', '= 1'),
  ].map((step, at) => ({ ...step, switched: at === 2 }));
  const result = made([[['inc']], [['inc']]], {
    verdict: 'race',
    wrongOutcome: true,
    schedule: 'A2B2',
    trace,
    races: [race(party(0, 'global.get', 0x50), party(1, 'global.set', 0x52))],
    outcomes: {
      serial: 1,
      serialComplete: true,
      examples: [{ results: [['1'], ['2']], probe: [], order: 'AB' }],
      seen: 2,
      wrong: [{ results: [['1'], ['1']], probe: [], state: [], order: null, schedule: 'A2B2' }],
    },
  });

  test('a schedule is a code flow with a thread flow for each caller, in one order', () => {
    const [{ results, tool }] = logOf(stressReportOf(result)).runs;
    assert.deepEqual(
      results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['run/wrong-outcome', 'error'],
        ['run/race', 'warning'],
      ],
    );
    const flows = results[0].codeFlows?.[0].threadFlows ?? [];
    assert.deepEqual(
      flows.map(({ id }) => id),
      ['A', 'B'],
    );
    const orders = flows.flatMap(({ locations }) => locations.map(({ executionOrder }) => executionOrder));
    assert.deepEqual(
      orders.toSorted((a, b) => a! - b!),
      trace.map((_, at) => at + 1),
    );
    assert.ok(tool.driver.rules.every(({ id }) => id.startsWith('run/')));
  });

  test('what only store buffers show is a finding of its own, with its schedule', () => {
    const wrong = [{ results: [['0'], ['0']], probe: [], state: [], order: null, schedule: 'A2B2b1a1' }];
    const storeBuffers = { schedules: 9, exhaustive: true, wrong, hang: null, schedule: 'A2B2b1a1', trace };
    const raced = { ...result, exhaustive: false, wrongOutcome: false, outcomes: { ...result.outcomes, wrong: [] } };
    const of = (more: Partial<typeof result>) => logOf(stressReportOf({ ...raced, ...more })).runs[0].results;
    const [found, ...others] = of({ storeBuffers });
    assert.deepEqual([found.ruleId, ...others.map(({ ruleId }) => ruleId)], ['run/wrong-outcome', 'run/race']);
    assert.match(found.message.text, /gives, with store buffers, under schedule A2B2b1a1 .* It was not seen without/);
    assert.match(of({ storeBuffers, exhaustive: true })[0].message.text, /No schedule without store buffers has it\./);
    assert.equal(found.codeFlows?.[0].threadFlows.length, 2);
    const cause = { kind: 'livelock' as const, text: 'A loops.', callers: [0], at: [], waits: [], exports: [] };
    const hang = {
      schedule: 'A1B1',
      kind: 'livelock' as const,
      lastSeen: [],
      cause: { ...cause, notification: null, loops: true, returnsOtherwise: null },
    };
    const [hangs] = of({ storeBuffers: { ...storeBuffers, wrong: [], hang, schedule: 'A1B1' } });
    assert.deepEqual([hangs.ruleId, hangs.properties?.schedule], ['run/hang', 'A1B1']);
    assert.match(hangs.message.text, /with store buffers, .*: A loops\. It was not seen without store buffers\./);
  });

  test('a trace that is too long is shortened', () => {
    const steps = Array.from({ length: 5000 }, (_, at) => row(0, 'i32.store', `memory[0] 0x${at}`, `= ${at}`));
    const long = { ...result, trace: call(0, 'inc()', steps, '1') };
    const [{ results }] = logOf(stressReportOf(long)).runs;
    assert.ok((results[0].codeFlows?.length ?? 0) > 0);
  });

  test('a run that could not tell does not look like one that found nothing', () => {
    const [{ results, invocations }] = logOf(stressReportOf(made([[['inc']]], { verdict: 'inconclusive' }))).runs;
    assert.deepEqual(results, []);
    assert.match(invocations[0].toolExecutionNotifications?.[0].message.text ?? '', /^inconclusive: /);
  });
});

describe('verify', () => {
  const met = race(party(0, 'global.get', 0x50), party(1, 'global.set', 0x52));

  test('what the host showed and what it did not, each with what exploration has', () => {
    const result = madeVerified([[['inc']], [['inc']]], {
      verdict: 'confirmed',
      findings: [
        madeFinding(),
        madeFinding({ kind: 'race', text: 'Two accesses race', status: 'not-seen', wrong: 0, explored: met }),
        madeFinding({ kind: 'crash', text: 'fatal error: unexpected signal', status: 'new' }),
      ],
    });
    const [{ results, automationDetails }] = logOf(verifyReportOf(result)).runs;
    assert.equal(automationDetails.id, 'wasm-hazards/verify/');
    assert.deepEqual(
      results.map(({ ruleId, level, properties }) => [ruleId, level, properties?.status]),
      [
        ['run/wrong-outcome', 'error', 'confirmed'],
        ['run/crash', 'error', 'new'],
        ['run/race', 'warning', 'not-seen'],
      ],
    );
    assert.match(
      results[0].message.text,
      /^A 1 \| B 1\. On wazero v1\.12\.0, go1\.26\.8: confirmed: in 0\.70 % of 1,000 rounds\.$/,
    );
    assert.match(results[2].message.text, /: not seen in 1,000 rounds, which proves nothing\./);
    assert.equal(results[2].relatedLocations?.length, 1);
    // A baseline must not take a race on one cell for a race on another.
    assert.match(results[2].partialFingerprints['wasmHazards/v1'], / \| \$counter$/);
  });

  test('a remedy that is not clean is told', () => {
    const remedies = [
      {
        remedy: 'pool' as const,
        clean: false,
        rounds: 9,
        reports: 1,
        wrong: 0,
        text: 'The pool: 1 report.',
        output: '',
      },
    ];
    const [{ invocations }] = logOf(verifyReportOf(madeVerified([[['inc']]], { remedies }))).runs;
    assert.deepEqual(
      invocations[0].toolExecutionNotifications?.map(({ message }) => message.text),
      ['The pool: 1 report.'],
    );
  });
});

test('hammer: what rounds showed, else what exploration found', () => {
  const explored = {
    verdict: 'race',
    wrongOutcome: true,
    exhaustive: true,
    schedule: 'A1B2A1',
    hangCause: null,
  } as const;
  const of = (more: Parameters<typeof madeHammered>[1]) =>
    logOf(hammerReportOf(madeHammered([[['inc']], [['inc']]], more))).runs[0].results.map(({ ruleId }) => ruleId);
  assert.deepEqual(of({ verdict: 'wrong-outcome', wrongRounds: 3 }), ['run/wrong-outcome']);
  assert.deepEqual(of({ verdict: 'hang' }), ['run/hang']);
  assert.deepEqual(of({ verdict: 'none-seen', explored }), ['run/wrong-outcome']);
  assert.deepEqual(of({ verdict: 'none-seen', explored: { ...explored, wrongOutcome: false } }), ['run/race']);
  assert.deepEqual(of({ verdict: 'none-seen', explored: null }), []);
});

/** `wasm-hazards verify` on the real wazero. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { validSarif } from '../../../core/report/testing/sarif/validSarif.ts';
import type { ReportView } from '../../../core/report/view/model.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { goMissing, goModule } from '../../../core/wrap/go/testing/goModule.ts';
import { runWith } from '../testing/cli.ts';

const SCHEMA = join(import.meta.dirname, '../../../schemas/verify.schema.json');
const check = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
const fixture = (name: string): string => join(FIXTURES, name);

describe('verify', { skip: goMissing() }, () => {
  const module = goModule();

  test('shows findings, and the outcomes of each mode', async () => {
    const phases: string[] = [];
    const { out, err, code } = await runWith(
      ['verify', fixture('counter-global.stress.json'), '--go-dir', module, '--seconds', '3', '--go-output'],
      { onStatus: (text) => phases.push(text) },
    );
    assert.deepEqual(err, []);
    assert.equal(code, 1);
    assert.match(out, /^\S*counter-global\.wat: verify: /);
    assert.match(out, /^ {2}On: wazero v1\.\d+\.\d+ of the module \S+, go1\.\d+(\.\d+)?$/m);
    assert.match(out, /^ {2}Interpreter with the race detector: [\d,]+ rounds? in [\d.]+ s, [\d,]+ race reports?: /m);
    assert.match(out, /^ {2}Compiler: [\d,]+ rounds? in [\d.]+ s: [\d,]+ seen; all serial orders give [\d,]+$/m);
    assert.match(out, /^WARNING: DATA RACE$/m);
    assert.ok(phases.some((text) => text.includes('building the driver')));
  });

  test('prints JSON that fits the schema, of a scenario and of a plan', async () => {
    for (const args of [[fixture('counter-global.wat'), '--call', 'increment()'], [fixture('counter-global.wat')]]) {
      const { out } = await runWith(['verify', ...args, '--go-dir', module, '--seconds', '2', '--format', 'json']);
      const document = JSON.parse(out) as { kind: string };
      const { kind } = document;
      assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 3)));
      assert.equal(kind, 'verify');
    }
  });

  test('prints a log for code scanning, whose results lead to the instructions that were shown to race', async () => {
    const args = [fixture('counter-global.wat'), '--call', 'increment()', '--go-dir', module, '--seconds', '2'];
    const { out } = await runWith(['verify', ...args, '--format', 'sarif']);
    const [{ results }] = validSarif(out).runs;
    const [{ locations, level }] = results;
    assert.equal(level, 'error');
    assert.match(locations[0].physicalLocation.artifactLocation.uri, /counter-global\.wat$/);
    const line = locations[0].physicalLocation.region?.startLine ?? 0;
    const source = readFileSync(fixture('counter-global.wat'), 'utf8').split('\n');
    assert.match(source[line - 1], /global\.set \$count|export "increment"/);
  });

  test('writes one HTML file with the verdict of the module', async () => {
    const args = [fixture('counter-global.wat'), '--call', 'increment()', '--go-dir', module, '--seconds', '2'];
    const { out } = await runWith(['verify', ...args, '--format', 'html']);
    const view = JSON.parse(/class="report-view">(.*)<\/script>/.exec(out)?.[1] ?? '') as ReportView;
    assert.equal(view.verdict?.status, 'not-safe');
    assert.match(view.verdict?.shown?.text ?? '', /^Runs on the host showed .*: increment\.$/);
    assert.equal(view.verify.length, 1);
  });

  test('ends with the results so far when it is interrupted', async () => {
    const { out, err, code } = await runWith(
      ['verify', fixture('counter-global.wat'), '--call', 'increment()', '--go-dir', module, '--rounds', '1000000'],
      {
        onStatus: (text, interrupt) =>
          text.includes(' round') && text.startsWith('compiler') ? interrupt() : undefined,
      },
    );
    assert.match(err.join('\n'), /stopping with the results so far/);
    assert.match(out, /^ {2}Compiler: [\d,]+ rounds? in /m);
    assert.match(out, /Compiler: ended early, as asked\./);
    assert.doesNotMatch(out, /^ {2}Interpreter/m);
    assert.equal(code, 1);
  });

  test('says what the driver cannot do', async () => {
    const { out, code } = await runWith([
      'verify',
      fixture('counter-global.wat'),
      '--call',
      'increment()',
      '--host',
      'javascript',
      '--go-dir',
      module,
    ]);
    assert.match(out, /verify: not verified$/m);
    assert.match(out, /The scenario is for the host javascript; verify runs on wazero\./);
    assert.equal(code, 3);
  });
});

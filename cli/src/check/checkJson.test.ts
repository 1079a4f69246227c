/** The JSON form against its schema, and against what the analysis says. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { VERSION } from '../../../core/report/report.ts';
import { FIXTURES, ROOT } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', 'check.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const files = globSync('**/*.{wasm,wat}', { cwd: FIXTURES })
  .sort()
  .map((file) => join(FIXTURES, file));

interface Report {
  host: string;
  modules: {
    file: string;
    module?: number;
    host?: string;
    bytes: number;
    sharingModel: string | null;
    exports: { name: string; hazards: { rule: string; severity: string }[] }[];
    conflicts: { a: string; b: string; confidence: string }[];
    conflictsTotal: number;
    errors: { offset: number }[];
  }[];
}

async function report(args: string[]): Promise<Report> {
  const { out } = await runWith(['check', '--format', 'json', ...args]);
  const parsed: unknown = JSON.parse(out);
  assert.ok(validate(parsed), JSON.stringify(validate.errors?.slice(0, 3), undefined, 2));
  return parsed as Report;
}

test('every fixture, good and broken, under every sharing model', async () => {
  for (const model of ['auto', 'shared-instance', 'shared-memory', 'isolated']) {
    const { modules } = await report(['--model', model, ...files]);
    assert.deepEqual(
      modules.map(({ file }) => file),
      files,
    );
  }
});

test('an unreadable file has an entry that says so', async () => {
  const { modules } = await report(['/no/such.wasm', FIXTURES]);
  assert.equal(modules.length, 2);
  assert.ok(
    modules.every(({ bytes, sharingModel, errors }) => bytes === 0 && sharingModel === null && errors.length === 1),
  );
});

test('the host of each module is named when it was detected', async () => {
  const file = join(FIXTURES, 'pure.wasm');
  const detected = await report(['--host', 'auto', file]);
  assert.equal(detected.host, 'auto');
  assert.equal(detected.modules[0].host, 'wazero');
  const given = await report(['--host', 'wasmer', file]);
  assert.equal(given.host, 'wasmer');
  assert.equal(given.modules[0].host, undefined);
});

test('--rule changes severities and silences', async () => {
  const file = join(FIXTURES, 'bump-allocator.wasm');
  const severities = async (args: string[]): Promise<Map<string, string>> => {
    const { modules } = await report([...args, file]);
    return new Map(modules[0].exports.flatMap(({ hazards }) => hazards.map(({ rule, severity }) => [rule, severity])));
  };
  assert.equal((await severities([])).get('memory-grow'), 'error');
  const changed = await severities(['--rule', 'memory-grow=hint', '--rule', 'global-write=off']);
  assert.equal(changed.get('memory-grow'), 'hint');
  assert.equal(changed.get('global-write'), undefined);
});

test('names are data: quotes, line ends and escape sequences arrive as they were', async () => {
  const file = join(FIXTURES, 'bump-allocator.wasm');
  const bytes = new Uint8Array(readFileSync(file));
  const at = Buffer.from(bytes).indexOf('malloc');
  bytes.set(new TextEncoder().encode('"\n\x1b[m\\'), at);
  const { out } = await runWith(['check', '--format', 'json', '-'], { stdin: [bytes] });
  assert.equal(JSON.parse(out).modules[0].exports[0].name, '"\n\x1b[m\\');
});

test('a script has an entry for each module, with its number', async () => {
  const cases = join(import.meta.dirname, 'cases');
  const { modules } = await report([join(cases, 'script.wast'), join(cases, 'ignores.wat')]);
  assert.deepEqual(
    modules.map(({ module }) => module),
    [1, 2, 3, undefined],
  );
});

test('the version is that of package.json', () => {
  assert.equal(VERSION, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
});

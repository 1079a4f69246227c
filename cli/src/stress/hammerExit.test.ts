/** `wasm-hazards hammer` as CI uses it: exit codes, and JSON that fits its schema. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import type { HammerResult } from '../../../core/stress/hammer/hammerResult.ts';
import { Exit } from '../io.ts';
import { runWith } from '../testing/cli.ts';

const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../../schemas/hammer.schema.json'), 'utf8'));
const check = new Ajv({ strict: false }).compile(schema);

/** What wazero does while a memory grows threads do not: rounds cannot show it, exploration does. */
const GROWS = `(module (memory 1 100) (table $t 2 funcref) (func $f) (elem declare func $f)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "size") (result i32) (i32.const 1))
  (func (export "set") (table.set $t (i32.const 0) (ref.func $f)))
  (func (export "spin") (loop $l (br $l))))`;

describe('exit codes', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-hammer-'));
    await writeFile(join(folder, 'grows.wat'), GROWS);
  });
  after(() => rm(folder, { recursive: true }));

  /** @param seconds for rounds; hangs end them */
  const hammered = async (name: string, seconds = 3): Promise<{ code: number; result: HammerResult }> => {
    const path = join(folder, `${name}.stress.json`);
    const scenario = { module: 'grows.wat', model: 'shared-instance', callers: [[[name]], [[name]]] };
    await writeFile(path, JSON.stringify({ ...scenario, budget: { seconds } }));
    const { code, out } = await runWith(['hammer', path, '--format', 'json']);
    const result = JSON.parse(out) as HammerResult;
    assert.ok(check(result), JSON.stringify(check.errors?.slice(0, 3)));
    return { code, result };
  };

  test('nothing wrong seen', async () => {
    const { code, result } = await hammered('size');
    assert.deepEqual([code, result.verdict], [Exit.Clean, 'none-seen']);
  });

  test('nothing wrong seen, but found by explore', async () => {
    const { code, result } = await hammered('grow');
    assert.deepEqual([code, result.verdict, result.explored?.wrongOutcome], [Exit.Findings, 'none-seen', true]);
  });

  // On one core callers take turns on one thread, which says nothing of whether they wait for each other.
  test('calls that hang', { skip: availableParallelism() < 2 }, async () => {
    const { code, result } = await hammered('spin', 60);
    assert.deepEqual([code, result.verdict, result.hang?.alone], [Exit.Findings, 'hang', true]);
  });

  test('outcomes that could not be judged, and a host hazard that explore found', async () => {
    const { code, result } = await hammered('set');
    assert.deepEqual([code, result.verdict, result.explored?.verdict], [Exit.Findings, 'not-judged', 'host-hazard']);
  });
});

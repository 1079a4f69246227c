/**
 * The engine against an interpreter that shares no code with it: on random programs both give the same outcomes, the
 * same deadlocks, the same races and the same host hazards. `ORACLE_SEED=n` begins elsewhere; a failure names the seed of
 * its program. `npm run oracle` compares more of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { featuresOf } from './features.ts';
import { programOfSeed } from './generate.ts';
import { watOf } from './text.ts';

const FIRST_SEED = Number(process.env.ORACLE_SEED ?? 1);
const PROGRAMS = 1500;
/** Programs that at least have each feature. */
const OF_EACH = 10;

test(`engine and oracle agree on ${PROGRAMS} random programs from seed ${FIRST_SEED}`, async () => {
  let compared = 0;
  let racy = 0;
  let wrong = 0;
  let stuck = 0;
  let hazardous = 0;
  const features = new Map<string, number>();
  for (let seed = FIRST_SEED; compared < PROGRAMS; seed++) {
    const program = programOfSeed(seed);
    const comparison = await compare(program);
    if (comparison === undefined) continue;
    const { differences, truth } = comparison;
    assert.deepEqual(differences, [], `ORACLE_SEED=${seed}\n${watOf(program)}`);
    compared++;
    if (truth.races.size > 0) racy++;
    if (truth.hazards.size > 0) hazardous++;
    if ([...truth.outcomes].some((outcome) => !truth.serial.has(outcome))) wrong++;
    if (truth.deadlock) stuck++;
    for (const feature of featuresOf(program)) features.set(feature, (features.get(feature) ?? 0) + 1);
  }
  // Programs that never meet would agree about nothing.
  const met = { racy, wrong, stuck, hazardous };
  assert.ok(racy > PROGRAMS / 5 && wrong > PROGRAMS / 20 && stuck > PROGRAMS / 100, JSON.stringify(met));
  assert.ok(hazardous > PROGRAMS / 50, JSON.stringify(met));
  for (const feature of FEATURES)
    assert.ok((features.get(feature) ?? 0) >= OF_EACH, `${feature}: ${features.get(feature) ?? 0} programs`);
});

const FEATURES = [
  ...['shared-instance', 'shared-memory', 'cooperative'],
  ...['wazero', 'wasmedge', 'wasmtime-c-api', 'javascript', 'wasmtime', 'wamr', 'wasi-threads'],
  ...['2 callers', '3 callers', '4 callers', 'several calls', 'several memories', 'memory64'],
  ...['plain of 1', 'plain of 2', 'plain of 4', 'plain of 8', 'v128', 'misaligned'],
  ...['atomic of 1', 'atomic of 2', 'atomic of 4', 'atomic of 8', 'misaligned atomic'],
  ...['add', 'exchange', 'compareExchange', 'beyond the first page', 'beyond 4 GiB'],
  ...['memory.size', 'memory.grow', 'memory.fill', 'memory.copy', 'memory.init', 'data.drop'],
  ...['table.get', 'table.set', 'table.size', 'table.grow', 'table.fill', 'table.copy', 'table.init', 'elem.drop'],
  ...['call_indirect', 'global.get', 'global.set', 'v128 global', 'suspend'],
  ...['wait32', 'wait64', 'timeout', 'no timeout', 'notify 0', 'notify 1', 'notify 2', 'notify -1'],
];

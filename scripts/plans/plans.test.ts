/**
 * Automatic plans of real modules: at most a tenth of the scenarios trap in every order. By default small modules, all
 * with `WASM_HAZARDS_CORPUS=all`. If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chooseModules, fetched } from '../corpus/testing/chosen.ts';
import { measurePlan } from './measure.ts';

const SMALL = [
  'argon2-browser/dist/argon2.wasm',
  'hash-wasm/dist/sha256.wasm',
  'libsodium/dist/modules/libsodium.wasm',
  'source-map/lib/mappings.wasm',
  'undici/lib/llhttp/llhttp.wasm',
  'vscode-oniguruma/release/onig.wasm',
  'yoga-wasm-web/dist/yoga.wasm',
];
const chosen = chooseModules((name) => SMALL.includes(name));
const isSkipped = fetched(chosen);

for (const { name, path } of chosen)
  test(`${name}: every scenario has calls that return`, async (t) => {
    if (isSkipped(t)) return;
    const { scenarios, trapping, failed } = await measurePlan(new Uint8Array(readFileSync(path)), name, 'wazero', 0.5);
    assert.ok(scenarios > 0);
    assert.deepEqual(failed, []);
    assert.ok(trapping.length <= scenarios / 10, trapping.map(({ title }) => title).join('; '));
  });

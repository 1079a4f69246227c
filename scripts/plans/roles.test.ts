/**
 * What plans take the parameters of real modules for, beside what their documentation says. Derived by hand from
 * https://www.sqlite.org/c3ref/intro.html, llhttp's README, cre2's manual, and the JavaScript beside cedar and hash-wasm.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { type Role, usageFacts, usagesOf } from '../../core/stress/scenario/usage/roles.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus } from '../corpus/fetch.ts';
import { fetched } from '../corpus/testing/chosen.ts';

const RIGHT: Record<string, { allocator: string | undefined; roles: Record<string, string> }> = {
  'undici/lib/llhttp/llhttp.wasm': {
    allocator: 'malloc',
    roles: {
      llhttp_alloc: 'number',
      llhttp_execute: 'object of llhttp_alloc, text, length of 1',
      llhttp_get_type: 'object of llhttp_alloc',
      llhttp_free: 'object of llhttp_alloc',
      llhttp_method_name: 'number',
    },
  },
  'hash-wasm/dist/sha256.wasm': {
    allocator: undefined,
    roles: { Hash_GetBuffer: '', Hash_Init: 'number', Hash_Update: 'number', Hash_Calculate: 'number, number' },
  },
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm': {
    allocator: 'malloc',
    roles: {
      sqlite3_open: 'text, block',
      sqlite3_prepare_v2: 'object of sqlite3_open, text, length of 1, block, block',
      sqlite3_errmsg: 'object of sqlite3_open',
      sqlite3_changes: 'object of sqlite3_open',
    },
  },
  '@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm': {
    allocator: '__wbindgen_malloc',
    roles: { getCedarVersion: '', policySetTextToParts: 'text, length of 0', isAuthorized: 'number' },
  },
  'github.com/wasilibs/go-re2/internal/wasm/libcre2.wasm': {
    allocator: 'malloc',
    roles: { cre2_delete: 'object of cre2_new', cre2_error_code: 'object of cre2_new' },
  },
};

const chosen = corpus.filter(({ name }) => RIGHT[name] !== undefined);
const isSkipped = fetched(chosen);

test('every module of the table is in the corpus', () => {
  assert.deepEqual(chosen.map(({ name }) => name).sort(), Object.keys(RIGHT).sort());
});

for (const { name, path } of chosen)
  test(`${name}: parameters are what they are`, (t) => {
    if (isSkipped(t)) return;
    const module = decodeModule(new Uint8Array(readFileSync(path)));
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });
    const facts = usageFacts(module, analysis);
    const shown = (role: Role): string =>
      role.kind === 'object'
        ? `object of ${analysis.exports[role.maker.position].name}`
        : role.kind === 'length'
          ? `length of ${role.of}`
          : role.kind;
    const rolesOf = (wanted: string): string => {
      const position = analysis.exports.findIndex((one) => one.name === wanted);
      assert.ok(position >= 0, wanted);
      return usagesOf(facts, position)[0].roles.map(shown).join(', ');
    };
    const { allocator, roles } = RIGHT[name];
    assert.equal(facts.allocation?.name, allocator);
    const found = Object.fromEntries(Object.keys(roles).map((wanted) => [wanted, rolesOf(wanted)]));
    assert.deepEqual(found, roles);
  });

/**
 * Real modules. By default a few small ones, fetched once (under 10 MB); all of them with `WASM_HAZARDS_CORPUS=all`.
 * If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { print } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../core/analysis/analyse.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { difference } from '../../core/wasm/structure.ts';
import { readSlim } from '../../core/wasm/webassemblyjs.ts';
import type { CorpusModule } from './fetch.ts';
import { choice, chooseModules, fetched } from './testing/chosen.ts';
import { ourMnemonics, theirMnemonics } from './testing/mnemonics.ts';

/** Small packages of different kinds: Emscripten with and without SIMD and threads, Rust, hand-tuned C. */
const SMALL = [
  'argon2-browser/dist/argon2-simd.wasm',
  'argon2-browser/dist/argon2.wasm',
  'source-map/lib/mappings.wasm',
  'vscode-oniguruma/release/onig.wasm',
  'web-tree-sitter/web-tree-sitter.wasm',
  'yoga-wasm-web/dist/yoga.wasm',
];

/** Beyond this size the independent disassembler takes minutes and gigabytes. */
const MAX_PRINT = 4_000_000;

const chosen = chooseModules((name) => SMALL.includes(name));

describe(`corpus (${choice} modules)`, () => {
  const isSkipped = fetched(chosen);

  for (const module of chosen) {
    test(`${module.name} is read without an error`, (t) => {
      if (isSkipped(t)) return;
      const decoded = decodeModule(bytesOf(module));
      assert.deepEqual(decoded.errors, []);
      const analysis = analyse(decoded, { host: 'wazero', model: 'auto' });
      assert.deepEqual(analysis.errors, []);
      assert.deepEqual([...analysis.unknownFunctions], []);
      assert.equal(analysis.partial, undefined);
    });

    test(`${module.name}: both readers of the structure agree`, (t) => {
      if (isSkipped(t)) return;
      const own = decodeModule(bytesOf(module), { ownStructureOnly: true });
      const slim = readSlim(own.bytes, own.sections);
      if ('reason' in slim) {
        t.skip(`@webassemblyjs/wasm-parser cannot read it: ${slim.reason}`);
        return;
      }
      assert.equal(difference(own, slim), undefined);
    });

    if (module.bytes > MAX_PRINT) continue;
    test(`${module.name}: every instruction is the one that wasm-tools prints`, async (t) => {
      if (isSkipped(t)) return;
      const bytes = bytesOf(module);
      const ours = ourMnemonics(decodeModule(bytes));
      const theirs = theirMnemonics(await print(bytes));
      assert.equal(ours.length, theirs.length, 'number of functions');
      for (const [i, mnemonics] of ours.entries()) {
        assert.equal(mnemonics.join('\n'), theirs[i].join('\n'), `body ${i}`);
      }
    });
  }
});

const bytesOf = (module: CorpusModule): Uint8Array => new Uint8Array(readFileSync(module.path));

/** The conflict matrix of real modules: small, complete, and the same as the analysis of each pair. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { pairConfidence } from '../../core/analysis/pairConfidence.ts';
import { HOST_PROFILES } from '../../core/hosts/index.ts';
import { NOTHING_SHOWN } from '../../core/report/shown/shownPairs.ts';
import { matrixCells } from '../../core/report/view/matrixModel.ts';
import { matrixView } from '../../core/report/view/matrixView.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus } from './fetch.ts';
import { chooseModules, fetched } from './testing/chosen.ts';

/** Modules, and how many behaviours they may have at most: a picture of more is hard to read. */
const MOST: Readonly<Record<string, number>> = {
  'esbuild-wasm/esbuild.wasm': 4,
  '@resvg/resvg-wasm/index_bg.wasm': 20,
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm': 40,
  'tiktoken/tiktoken_bg.wasm': 10,
  'pyodide/pyodide.asm.wasm': 250,
};

describe('the conflict matrix of real modules', () => {
  const wanted = corpus.filter(({ name }) => name in MOST);
  // The largest takes the analysis ten seconds.
  const chosen = chooseModules((name) => name in MOST && !name.startsWith('pyodide')).filter((one) =>
    wanted.includes(one),
  );
  const isSkipped = fetched(chosen);
  for (const { name, path } of chosen)
    test(name, (t) => {
      if (isSkipped(t)) return;
      const module = decodeModule(new Uint8Array(readFileSync(path)));
      const analysis = analyse(module, { host: 'wazero', model: 'auto' });
      const view = matrixView({ module, analysis, profile: HOST_PROFILES.wazero, shown: NOTHING_SHOWN }, 50);
      assert.equal(view.left, 0);
      assert.ok(view.conflicts.length <= MOST[name], `${view.conflicts.length} behaviours`);
      const rowOf = new Map(view.rows.flatMap((row) => row.exports.map((position) => [position, row] as const)));
      assert.equal(rowOf.size, analysis.exports.length);
      const cells = view.conflicts.map(matrixCells);
      const pairs = pairConfidence(analysis);
      // Every seventh pair, so that large modules take no longer than small ones.
      const step = analysis.exports.length > 100 ? 7 : 1;
      for (let a = 0; a < analysis.exports.length; a += step)
        for (let b = 0; b < analysis.exports.length; b += step) {
          const [left, right] = [analysis.exports[a].group, analysis.exports[b].group];
          const confidence = pairs.of(left, right);
          const letter = confidence?.[0];
          const code = cells[rowOf.get(a)?.behaviour ?? -1].get(rowOf.get(b)?.behaviour ?? -1);
          assert.equal(code, pairs.always(left, right) ? letter?.toUpperCase() : letter, `${a} with ${b}`);
        }
      for (const [key, { reasons }] of Object.entries(view.reasons)) assert.ok(reasons.length > 0, key);
    });
  test('are in the corpus', () => assert.equal(wanted.length, Object.keys(MOST).length));
});

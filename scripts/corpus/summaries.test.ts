/**
 * Soundness of summaries on real modules: real protocols run, one step after the other, and every access of memories,
 * globals and tables that a call of an export makes lies within what the analysis says about that export, and for many
 * modules the same for every function. Modules that cannot be fetched or built are skipped, which one line says.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parseScenario } from '../../core/stress/scenario/checkScenario.ts';
import { type CheckedRun, checkedFile, checkedRun } from '../../core/stress/testing/record/uncovered.ts';
import { CorpusError, corpus, ensureCorpus } from './fetch.ts';
import { BUILT_NAMES, builtPath, ensureBuilt } from './testing/built.ts';
import { MORE_PROTOCOLS } from './testing/moreProtocols.ts';
import { PROTOCOLS } from './testing/protocols.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');
/** Modules that must have run, where all of them can be fetched. */
const FEWEST = 20;
/** Modules of which the calls of all functions are looked at; of the others, with `WASM_HAZARDS_CORPUS=all` only. */
const WHOLE = /greet-c|llhttp|router|sha256|re2|wasmoon|cedar|source-map|onig|yoga|argon2\.wasm|blake3|tree-sitter/;
const every = (name: string): boolean => process.env.WASM_HAZARDS_CORPUS === 'all' || WHOLE.test(name);

/** Why a module is not there; undefined if it is there now. */
async function missing(path: string): Promise<string | undefined> {
  const built = BUILT_NAMES.find((name) => builtPath(name) === path);
  if (built !== undefined) return ensureBuilt(built);
  try {
    await ensureCorpus((module) => module.path === path);
    return existsSync(path) ? undefined : `real modules: there is no ${path}`;
  } catch (error) {
    if (error instanceof CorpusError) return `real modules: ${error.message}`;
    throw error;
  }
}

const checked = new Map<string, number>();
let skipped = 0;

async function check(t: TestContext, path: string, run: (bytes: Uint8Array) => Promise<CheckedRun>): Promise<void> {
  const why = await missing(path);
  if (why !== undefined) {
    skipped++;
    t.skip(why);
    return;
  }
  const { uncovered, accesses, calls, results } = await run(new Uint8Array(readFileSync(path)));
  const trapped = results.filter(({ result }) => result.startsWith('trap'));
  assert.deepEqual(uncovered.slice(0, 5), []);
  // Guards against a vacuous pass.
  assert.deepEqual(trapped, []);
  assert.ok(calls.length > 0 && accesses > 0, JSON.stringify(results));
  checked.set(path, accesses);
}

describe('accesses of real modules lie within the summaries', () => {
  for (const { scenario: name } of PROTOCOLS)
    test(name, async (t) => {
      const parsed = parseScenario(readFileSync(join(FOLDER, `${name}.stress.json`), 'utf8'), 'wazero');
      if ('problems' in parsed) assert.fail(JSON.stringify(parsed.problems));
      const { scenario } = parsed;
      await check(t, resolve(FOLDER, scenario.module ?? ''), (bytes) =>
        checkedRun(bytes, scenario, undefined, every(name)),
      );
    });

  for (const { module: name, file } of MORE_PROTOCOLS) {
    const { setup = [], callers = [] } = file;
    test(`${name}, ${setup.length + callers.length} lists of steps`, async (t) => {
      const path = corpus.find((module) => module.name === name)?.path;
      assert.ok(path, name);
      await check(t, path, (bytes) => checkedFile(bytes, file, undefined, every(name)));
    });
  }

  test(`${FEWEST} modules have run`, (t) => {
    if (skipped > 0) t.skip('real modules: some could not be fetched or built');
    else assert.ok(checked.size >= FEWEST, [...checked.keys()].join('\n'));
  });
});

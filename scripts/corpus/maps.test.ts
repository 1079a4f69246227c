/**
 * Source maps of Emscripten, from a published package: the map of its debug build says what the DWARF in the same module
 * says, which another reader reads; that of its release build is compared with the library's own answers.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { it, type TestContext } from 'node:test';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { debugInfoOf } from '../../core/debug/debugInfo.ts';
import { functionAt } from '../../core/text/moduleItems.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { Module } from '../../core/wasm/module.ts';
import { CorpusError, ensureCorpus, ensureFiles, located } from './fetch.ts';

const PACKAGE = { package: 'web-tree-sitter', version: '0.27.1' };
const MAPS = {
  'web-tree-sitter.wasm': {
    bytes: 663180,
    sha256: '9ed7acb9f071bdf334e7998cd53076ca2cd93eaa231d58b92e5392ad7b89be0c',
  },
  'debug/web-tree-sitter.wasm': {
    bytes: 863328,
    sha256: '454a2d86429d62e67be144fd390d67055478282e8665ec3aa1d6ee488de569c7',
  },
};

/** A module of the package with its map; undefined, and the test is skipped, if they cannot be fetched. */
async function fetched(
  t: TestContext,
  file: keyof typeof MAPS,
): Promise<{ module: Module; map: Uint8Array } | undefined> {
  try {
    const [module] = await ensureCorpus((one) => one.name === `${PACKAGE.package}/${file}`);
    const map = located({ ...PACKAGE, file: `${file}.map`, ...MAPS[file] });
    await ensureFiles([map]);
    return { module: decodeModule(readFileSync(module.path)), map: readFileSync(map.path) };
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

it('the map of a debug build says what its DWARF says', async (t) => {
  const found = await fetched(t, 'debug/web-tree-sitter.wasm');
  if (found === undefined) return;
  const { module, map } = found;
  const dwarf = debugInfoOf(module);
  const mapped = debugInfoOf(
    { ...module, sections: module.sections.filter(({ name }) => !name.startsWith('.debug_')) },
    () => ({
      bytes: map,
    }),
  );
  assert.deepEqual([dwarf.origin, mapped.origin], ['dwarf', 'source-map']);
  let [same, different] = [0, 0];
  for (let offset = 0; offset < module.bytes.length; offset++) {
    const [one, other] = [mapped.placeOf(offset), dwarf.placeOf(offset)];
    if (one === undefined || other === undefined) continue;
    if (one.line === other.line && basename(one.file) === basename(other.file)) same++;
    else different++;
  }
  // The compiler dropped a few rows when it made the map.
  assert.ok(same > 100_000 && different < same / 50, `${same} and ${different}`);
});

it('the map of a release build is read as the library reads it', async (t) => {
  const found = await fetched(t, 'web-tree-sitter.wasm');
  if (found === undefined) return;
  const { module, map } = found;
  const info = debugInfoOf(module, () => ({ bytes: map }));
  const trace = new TraceMap(Buffer.from(map).toString());
  let count = 0;
  const { bodyStart, imported } = module.functions;
  for (let offset = 0; offset < module.bytes.length; offset++) {
    const func = functionAt(module, offset);
    const place = info.placeOf(offset);
    if (func === undefined) assert.equal(place, undefined);
    if (place === undefined || offset <= bodyStart[(func ?? 0) - imported]) continue;
    const { source, line, column } = originalPositionFor(trace, { line: 1, column: offset });
    assert.deepEqual([place.file, place.line, place.column], [source, line, (column ?? 0) + 1]);
    count++;
  }
  assert.ok(count > 100_000, `${count}`);
  assert.match(info.contentOf('lib/subtree.c') ?? '', /ts_subtree/);
});

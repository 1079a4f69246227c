/**
 * Go wrappers of all fixtures, of all modules with verdicts of real runs, and of modules with hostile names and
 * imports: linters on the code as it is, and use from many goroutines under the race detector, with the newest and the
 * oldest wazero, compiled and interpreted.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WAZERO_FOLDER, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { FIXTURES } from '../../testing/paths.ts';
import type { WrapKind } from '../template.ts';
import { type TestModule, testModules } from '../testing/modules.ts';
import { ran } from '../testing/tools.ts';
import { GO_ENV, goMissing, goTest, raceFlags, staticcheck } from './testing/goModule.ts';
import { useModule } from './testing/useModule.ts';

/**
 * What is not used. The instances of two modules share a memory that instantiation writes, which no pool prevents; the
 * arguments of a hammer test let a recursion run for years.
 */
const isLeftOut = ({ file }: TestModule, kind: WrapKind): boolean =>
  (kind === 'pool' && ['shared-start.wasm', 'shared-data.wasm'].includes(file)) ||
  (kind === 'test' && file === 'pure.wasm');

async function modules(): Promise<TestModule[]> {
  const fixtures = readdirSync(FIXTURES)
    .filter((file) => file.endsWith('.wasm'))
    .map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(FIXTURES, file))) }));
  const verdicts = readdirSync(join(WAZERO_FOLDER, 'modules')).map(async (file) => ({
    file: file.replace('.wat', '.wasm'),
    bytes: await wazeroModule(file),
  }));
  return [...fixtures, ...(await Promise.all(verdicts))];
}

/** The failed tests, and the beginning of the output. */
const failures = (text: string): string =>
  [...(text.match(/^ *--- FAIL.*$/gm) ?? []), text.slice(0, 10_000)].join('\n');

for (const version of ['newest', 'oldest'] as const)
  describe(`Go wrappers, with the ${version} wazero`, { skip: goMissing(version) }, () => {
    it('of fixtures and of modules with verdicts', async (t) => {
      const { folder, packages, refusals } = useModule(await modules(), version, isLeftOut);
      assert.ok(packages > 120);
      assert.ok(
        refusals.every((text) => /takes or returns references/.test(text)),
        refusals.join('\n'),
      );
      await t.test('are formatted, and vet has nothing to say', () => {
        assert.equal(ran('gofmt', ['-l', '-d', '-s', 'plain'], { cwd: folder }), '');
        ran('go', ['vet', './plain/...'], { cwd: folder, env: GO_ENV });
      });
      await t.test('work in many goroutines, compiled and interpreted', () => {
        const { passed, text } = goTest(folder, [...raceFlags(), '-short', '-timeout', '8m', './use']);
        assert.ok(passed, failures(text));
      });
    });
  });

describe('Go wrappers of all modules', { skip: goMissing() }, () => {
  it('give staticcheck nothing to say', async (t) => {
    const linter = staticcheck();
    if ('missing' in linter) return t.skip(linter.missing);
    const hostile = (await testModules()).filter(({ file }) => file !== 'many.wasm');
    const { folder } = useModule([...(await modules()), ...hostile], 'newest');
    ran(linter.program, ['./plain/...'], { cwd: folder, env: GO_ENV });
  });
});

/**
 * Units of which one half is in a file of its own say the same as whole ones. `cases/split` is made by clang 14 from its two C
 * files: `clang --target=wasm32 -O2 -gdwarf-N -nostdlib -ffile-prefix-map=$PWD=/build/counter`, and `wasm-ld --no-entry` of
 * `two` and `counter`; those of `split-N.wasm` with `-gsplit-dwarf`; the packages by `llvm-dwp`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeModule } from '../wasm/decode.ts';
import { debugInfoOf, type ModuleDebugInfo } from './debugInfo.ts';
import { halfReferences } from './dwarfLayer.ts';
import type { ReadSideFile, SideReference } from './sideFiles.ts';

const CASES = join(import.meta.dirname, 'cases/split');
const bytesOf = (name: string): Uint8Array => readFileSync(join(CASES, name));
const moduleOf = (name: string) => decodeModule(bytesOf(name));

/** All answers, for each byte of the module and of its data. */
function answers(info: ModuleDebugInfo, size: number): unknown {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
  return {
    places: numbers(size).map((at) => info.placeOf(at)),
    functions: numbers(5).map((at) => info.functionAt(at)),
    variables: numbers(80).map((at) => info.variableAt(1020 + at)),
    files: info.files(),
    problems: info.problems(),
  };
}

for (const version of [4, 5]) {
  const module = moduleOf(`split-${version}.wasm`);
  const whole = debugInfoOf(moduleOf(`whole-${version}.wasm`));
  const read: ReadSideFile = ({ name, kind }) =>
    kind === 'split-package' ? { problem: 'none' } : { bytes: bytesOf(name) };
  const code = module.sections.find(({ id }) => id === 10)!;

  describe(`DWARF ${version}`, () => {
    it('in halves says what a whole one says', () => {
      const asked: SideReference[] = [];
      const info = debugInfoOf(module, (reference) => {
        asked.push(reference);
        return read(reference);
      });
      assert.equal(asked.length, 0);
      assert.deepEqual(answers(info, code.end), answers(whole, code.end));
      assert.deepEqual(asked.map(({ name }) => name).sort(), ['.dwp', `counter-${version}.dwo`, `two-${version}.dwo`]);
      const inlined = answers(info, code.end) as { places: { inlined?: unknown }[] };
      assert.ok(inlined.places.some((place) => place?.inlined !== undefined));
      assert.equal(info.variableAt(1028)?.name === undefined, false);
    });

    it('prepared in steps says the same', () => {
      const info = debugInfoOf(module, read);
      for (const _ of info.prepare());
      assert.deepEqual(answers(info, code.end), answers(whole, code.end));
    });

    it('names the files, and where else they may be', () => {
      assert.deepEqual(
        halfReferences(module).map(({ name, also, kind }) => [kind, name, also]),
        [
          ['split-package', '.dwp', undefined],
          ...['two', 'counter'].map((name) => [
            'split-unit',
            `${name}-${version}.dwo`,
            [`${name}-${version}.dwo`, `/build/counter/${name}-${version}.dwo`],
          ]),
        ],
      );
      assert.deepEqual(halfReferences(moduleOf(`whole-${version}.wasm`)), []);
    });

    it('in a package says the same', () => {
      const info = debugInfoOf(module, ({ kind }) => {
        assert.equal(kind, 'split-package');
        return { bytes: bytesOf(`package-${version}.dwp`) };
      });
      assert.deepEqual(answers(info, code.end), answers(whole, code.end));
    });

    it('in the package of another build looks for the files', () => {
      const other = bytesOf(`package-${version === 4 ? 5 : 4}.dwp`);
      const info = debugInfoOf(module, (reference) =>
        reference.kind === 'split-package' ? { bytes: other } : read(reference),
      );
      assert.deepEqual(answers(info, code.end), answers(whole, code.end));
    });

    it('in a broken package never throws', () => {
      const good = bytesOf(`package-${version}.dwp`);
      fc.assert(
        fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
          const bytes = Uint8Array.from(good.subarray(0, length % 3 === 0 ? length : good.length));
          if (at < bytes.length) bytes[at] = byte;
          answers(
            debugInfoOf(module, ({ kind }) => (kind === 'split-package' ? { bytes } : { problem: 'none' })),
            code.end,
          );
        }),
        { numRuns: 150 },
      );
    });

    it('without a file, and with that of another build, has lines', () => {
      const wrong: ReadSideFile = ({ name }) =>
        name.startsWith('two') ? { bytes: bytesOf(`counter-${version}.dwo`) } : { problem: `${name} does not exist` };
      const info = debugInfoOf(module, wrong);
      const { places, functions, variables } = answers(info, code.end) as Record<
        string,
        { line?: number; name?: string }[]
      >;
      const lines = (answers(whole, code.end) as { places: { line?: number }[] }).places;
      assert.deepEqual(
        places.map((place) => place?.line),
        lines.map((place) => place?.line),
      );
      assert.ok(variables.every((one) => one === undefined));
      // The name section remains.
      assert.ok(functions.some((one) => one?.name === 'put'));
      assert.deepEqual(
        info
          .problems()
          .map(({ message }) => message)
          .sort(),
        [`counter-${version}.dwo does not exist`, `two-${version}.dwo belongs to another build of the module`],
      );
    });

    it('with a broken file never throws', () => {
      const good = bytesOf(`two-${version}.dwo`);
      fc.assert(
        fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
          const bytes = Uint8Array.from(good.subarray(0, length % 3 === 0 ? length : good.length));
          if (at < bytes.length) bytes[at] = byte;
          answers(
            debugInfoOf(module, (reference) => (reference.name.startsWith('two') ? { bytes } : read(reference))),
            code.end,
          );
        }),
        { numRuns: 150 },
      );
    });
  });
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { circleFaults } from './circles.ts';
import { doubleNames, reexports, takenBy, unusedExports } from './exportedNames.ts';
import type { Fault } from './fault.ts';
import { layerBreaks } from './layers.ts';
import { readSource } from './sourceFile.ts';

const sources = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => readSource(path, text));
const texts = (faults: readonly Fault[]): string[] => faults.map(({ text }) => text);

it('circles are found, also of types, with a shortest path around', () => {
  const files = sources({
    'a.ts': "import './b.ts';",
    'b.ts': "import './c.ts';\nimport './d.ts';",
    'c.ts': "import type { A } from './a.ts';",
    'd.ts': "import './c.ts';\nimport './e.ts';",
    'e.ts': '',
    'f.ts': "await import('./f.ts');",
  });
  const faults = circleFaults(files);
  assert.deepEqual(
    faults.map(({ key }) => key),
    ['f.ts', 'a.ts', 'b.ts', 'c.ts', 'd.ts'],
  );
  assert.equal(faults[0].text, 'circle of 1 files: f.ts:1 imports f.ts');
  assert.equal(faults[1].text, 'circle of 4 files: a.ts:1 imports b.ts, b.ts:1 imports c.ts, c.ts:1 imports a.ts');
});

it('imports lead down the layers, and the client knows types of the protocol alone', () => {
  const files = sources({
    'core/wat/a.ts': "import '../wasm/b.ts';\nimport '../debug/c.ts';\nimport './d.ts';\nimport '../analysis/e.ts';",
    'core/wrap/f.ts': "import '../stress/g.ts';",
    'client/src/h.ts':
      "import type { P } from '../../server/src/protocol.ts';\nimport { Q } from '../../server/src/protocol.ts';\nimport type { R } from '../../server/src/i.ts';",
    'core/stress/run/k.ts': "import '../imports/l.ts';\nimport '../explore/m.ts';",
    'core/stress/n.ts': '',
    'other/j.ts': '',
  });
  assert.deepEqual(texts(layerBreaks(files)), [
    'core/wat/a.ts:2 imports core/debug/c.ts',
    'core/wat/a.ts:4 imports core/analysis/e.ts',
    'core/wrap/f.ts:1 imports core/stress/g.ts',
    'client/src/h.ts:2 imports server/src/protocol.ts',
    'client/src/h.ts:3 imports server/src/i.ts',
    'core/stress/run/k.ts:2 imports core/stress/explore/m.ts',
    'core/stress/n.ts is in no layer',
    'other/j.ts is in no layer',
  ]);
});

it('double names, re-exports and unused exports are found', () => {
  const files = sources({
    'a.ts': "export function f(): void;\nexport function f() {}\nexport { g } from './b.ts';",
    'b.ts': 'export const g = 1;\nexport type T = 1;\nexport const f = g;\nexport const tested = () => g;\ntested();',
    'c.ts':
      "import { f } from './a.ts';\nexport const onlyTested = 1;\nexport const nobody = 2;\nexport interface I { f: T2 }\nexport type T2 = 1;",
  });
  assert.deepEqual(texts(doubleNames(files)), ['f is exported by a.ts:1 and b.ts:3']);
  assert.deepEqual(texts(reexports(files)), ['a.ts:3 re-exports b.ts']);
  const tests = takenBy(
    sources({ 'c.test.ts': "import { onlyTested } from './c.ts';\nimport { tested } from './b.ts';" }),
  );
  assert.deepEqual(texts(unusedExports(files, takenBy(files), tests)), [
    'b.ts:2 exports T',
    'b.ts:3 exports f',
    'c.ts:2 exports onlyTested',
    'c.ts:3 exports nobody',
    'c.ts:4 exports I',
  ]);
});

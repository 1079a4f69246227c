/** The order of ARCHITECTURE.md, computed from the sources: circles, layers, names. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KNOWN_FAULTS } from './structure/knownFaults.ts';
import { type FaultKind, faultsOf, readProject } from './structure/project.ts';

const RULES: Readonly<Record<FaultKind, string>> = {
  circles: 'no files import each other in a circle, be it for types',
  layers: 'no import leads up the order of the layers, or from one sibling to another',
  doubleNames: 'no exported name means two things',
  reexports: 'names have one home: they are not exported again elsewhere',
  unusedExports: 'what is exported is imported',
};

describe('the structure of the sources', () => {
  const project = readProject();
  const faults = faultsOf(project);

  it('is read from all of them', () => {
    assert.ok(project.sources.length > 400 && project.tests.length > 100);
    for (const layer of ['core', 'node', 'server/src', 'client/src', 'cli/src', 'scripts'])
      assert.ok(
        project.sources.some(({ path, imports }) => path.startsWith(`${layer}/`) && imports.length > 0),
        layer,
      );
    const paths = new Set([...project.sources, ...project.helpers, ...project.tests].map(({ path }) => path));
    for (const { path, imports } of [...project.sources, ...project.helpers, ...project.tests])
      for (const one of imports)
        assert.ok(paths.has(one.path) || !one.path.endsWith('.ts'), `${path}:${one.line} ${one.path}`);
  });

  for (const [rule, title] of Object.entries(RULES) as [FaultKind, string][]) {
    const known = KNOWN_FAULTS[rule];
    it(title, () => {
      const texts = faults[rule].filter(({ key }) => !known.includes(key)).map(({ text }) => text);
      assert.equal([...new Set(texts)].join('\n'), '');
    });

    it(`${title}: what is known to break this still does`, () => {
      const gone = known.filter((key) => !faults[rule].some((fault) => fault.key === key));
      assert.deepEqual(gone, [], 'mended: take it off the list in scripts/structure/knownFaults.ts');
    });
  }
});

/** The sources follow the order of ARCHITECTURE.md: no circles, imports only along the layers, unique names. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FaultKind, faultsOf, readProject } from './structure/project.ts';

const RULES: Readonly<Record<FaultKind, string>> = {
  circles: 'no files import each other in a circle, not even for types',
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
    for (const layer of ['core', 'node', 'browser', 'server/src', 'client/src', 'cli/src', 'scripts'])
      assert.ok(
        project.sources.some(({ path, imports }) => path.startsWith(`${layer}/`) && imports.length > 0),
        layer,
      );
    const files = [...project.sources, ...project.helpers, ...project.tests];
    const paths = new Set(files.map(({ path }) => path));
    for (const { path, imports } of files)
      for (const one of imports)
        assert.ok(paths.has(one.path) || !one.path.endsWith('.ts'), `${path}:${one.line} ${one.path}`);
  });

  it('holds no declarations that the compiler wrote beside their source', () => {
    const paths = new Set([...project.sources, ...project.helpers].map(({ path }) => path));
    assert.deepEqual(
      [...paths].filter((path) => path.endsWith('.d.ts') && paths.has(path.replace(/\.d\.ts$/, '.ts'))),
      [],
    );
  });

  for (const [rule, title] of Object.entries(RULES) as [FaultKind, string][]) {
    it(title, () => {
      assert.equal([...new Set(faults[rule].map(({ text }) => text))].join('\n'), '');
    });
  }
});

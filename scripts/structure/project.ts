/** The sources of the project, and the faults in their structure. */

import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from '../paths.ts';
import { circleFaults } from './circles.ts';
import { doubleNames, reexports, takenBy, unusedExports } from './exportedNames.ts';
import type { Fault } from './fault.ts';
import { layerBreaks } from './layers.ts';
import { readSource, type SourceFile } from './sourceFile.ts';

/** All TypeScript files of the project. */
export interface Project {
  /** Files that are shipped, and the scripts. */
  readonly sources: readonly SourceFile[];
  /** Helpers of tests: folders named `testing`, and the tests inside VS Code. */
  readonly helpers: readonly SourceFile[];
  readonly tests: readonly SourceFile[];
}

const GLOB = '{core,node,browser,view,server,client,cli,scripts}/**/*.{ts,tsx}';

/** Reads all files. */
export function readProject(): Project {
  const files = globSync(GLOB, { cwd: ROOT, exclude: (name) => name === 'node_modules' })
    .map((path) => path.split(sep).join('/'))
    .sort()
    .map((path) => readSource(path, readFileSync(join(ROOT, path), 'utf8')));
  const kind = (wanted: keyof Project): SourceFile[] => files.filter(({ path }) => kindOf(path) === wanted);
  return { sources: kind('sources'), helpers: kind('helpers'), tests: kind('tests') };
}

function kindOf(path: string): keyof Project {
  if (/\.(test|ui)\.tsx?$/.test(path)) return 'tests';
  return /\/testing(\/|\.ts$)|^client\/test\//.test(path) ? 'helpers' : 'sources';
}

/** The rules of the structure. */
export type FaultKind = 'circles' | 'layers' | 'doubleNames' | 'reexports' | 'unusedExports';

/** The violations of each rule. */
export function faultsOf({ sources, helpers, tests }: Project): Record<FaultKind, readonly Fault[]> {
  const bySources = takenBy(sources);
  const byTests = takenBy([...helpers, ...tests]);
  const byAll = takenBy([...sources, ...helpers, ...tests]);
  const unused = [...unusedExports(sources, bySources, byTests), ...unusedExports(helpers, byAll, byTests)];
  return {
    circles: circleFaults([...sources, ...helpers]),
    layers: layerBreaks(sources),
    doubleNames: doubleNames(sources).filter(({ key }) => !isCalledByHosts(key)),
    reexports: reexports([...sources, ...helpers]),
    unusedExports: unused.filter(({ key }) => !CALLED_BY_HOSTS.includes(key)),
  };
}

/** Exports that no file imports: VS Code calls them. */
const CALLED_BY_HOSTS = [
  'client/src/main.node.ts activate',
  'client/src/main.node.ts deactivate',
  'client/src/main.browser.ts activate',
  'client/src/main.browser.ts deactivate',
  'client/test/vscode/index.ts run',
];

/** Each extension host has an entry with these names. */
const isCalledByHosts = (name: string): boolean => CALLED_BY_HOSTS.some((one) => one.endsWith(`.ts ${name}`));

/** Number of imports from the server in the client. */
export function importsOfServer({ sources }: Project): number {
  return sources
    .filter(({ path }) => path.startsWith('client/'))
    .flatMap(({ imports }) => imports)
    .filter(({ path }) => path.startsWith('server/')).length;
}

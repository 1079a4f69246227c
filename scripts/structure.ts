/**
 * `node scripts/structure.ts [--keys]`: how the sources hang together, in numbers, and what breaks the order of
 * ARCHITECTURE.md. With `--keys` faults are printed as the list of known ones has them.
 */

import type { Fault } from './structure/fault.ts';
import { KNOWN_FAULTS } from './structure/knownFaults.ts';
import { type FaultKind, faultsOf, importsOfServer, readProject } from './structure/project.ts';

const keys = process.argv.includes('--keys');
const project = readProject();
const tests = [...project.helpers, ...project.tests];
const lines = (files: readonly { lines: number }[]): number => files.reduce((sum, file) => sum + file.lines, 0);

console.log(`sources: ${project.sources.length} files, ${lines(project.sources)} lines`);
console.log(`tests: ${tests.length} files, ${lines(tests)} lines`);
console.log(`imports from client into server: ${importsOfServer(project)}`);
for (const [rule, faults] of Object.entries(faultsOf(project)) as [FaultKind, readonly Fault[]][]) {
  const texts = [...new Set(faults.map((fault) => (keys ? fault.key : fault.text)))];
  console.log(`${rule}: ${texts.length}, of which ${KNOWN_FAULTS[rule].length} are known`);
  for (const text of texts) console.log(`  ${text}`);
}

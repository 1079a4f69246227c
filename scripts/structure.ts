/**
 * `node scripts/structure.ts`: prints numbers about the structure of the sources, and what breaks the order of
 * ARCHITECTURE.md.
 */

import { faultsOf, importsOfServer, readProject } from './structure/project.ts';

const project = readProject();
const tests = [...project.helpers, ...project.tests];
const lines = (files: readonly { lines: number }[]): number => files.reduce((sum, file) => sum + file.lines, 0);

console.log(`sources: ${project.sources.length} files, ${lines(project.sources)} lines`);
console.log(`tests: ${tests.length} files, ${lines(tests)} lines`);
console.log(`imports from client into server: ${importsOfServer(project)}`);
for (const [kind, faults] of Object.entries(faultsOf(project))) {
  const texts = [...new Set(faults.map(({ text }) => text))];
  console.log(`${kind}: ${texts.length}`);
  for (const text of texts) console.log(`  ${text}`);
}

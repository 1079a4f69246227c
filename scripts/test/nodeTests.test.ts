/** Test files that fail are run once more where that is asked for: in a process, since a test cannot run test files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, it } from 'node:test';
import { OUT, ROOT } from '../paths.ts';

/** Fails when it runs first, and passes later. */
const UNSTABLE = `import { existsSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
it('passes', () => {});
it('passes later', () => {
  const mark = new URL('mark', import.meta.url);
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  throw new Error('not yet');
});
`;
const BROKEN = `import { it } from 'node:test';\nit('fails', () => { throw new Error('always'); });\n`;
const GOOD = `import { it } from 'node:test';\nit('passes', () => {});\nit.skip('later', () => {});\n`;

let folder: string;
before(() => {
  mkdirSync(OUT, { recursive: true });
  folder = mkdtempSync(join(OUT, 'node-tests-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs files of these contents; `again`: failed files once more. */
function ran(name: string, files: Record<string, string>, again: boolean): { counts: unknown; unstable: string[] } {
  const within = join(folder, name);
  mkdirSync(within);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(within, `${file}.test.ts`), text);
  const glob = `${relative(ROOT, within)}/*.test.ts`;
  const program = join(import.meta.dirname, 'testing/runGlob.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [program, glob, ...(again ? ['again'] : [])], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

it('counts a file as it ended when it was run again, and names it', () => {
  const { counts, unstable } = ran('unstable', { unstable: UNSTABLE, good: GOOD }, true);
  assert.deepEqual(counts, { passed: 3, failed: 0, skipped: 1 });
  assert.deepEqual(unstable, [relative(ROOT, join(folder, 'unstable/unstable.test.ts'))]);
});

it('counts what fails again, and what cannot be loaded, as failures', () => {
  const { counts, unstable } = ran('broken', { broken: BROKEN, good: GOOD, syntax: 'it(' }, true);
  assert.deepEqual(counts, { passed: 1, failed: 2, skipped: 1 });
  assert.deepEqual(unstable, []);
});

it('runs many failures once only: they are no accident', () => {
  const { counts, unstable } = ran('many', { a: UNSTABLE, b: BROKEN, c: BROKEN, d: BROKEN }, true);
  assert.deepEqual(counts, { passed: 1, failed: 4, skipped: 0 });
  assert.deepEqual(unstable, []);
});

it('runs nothing again where that is not asked for', () => {
  assert.deepEqual(ran('once', { unstable: UNSTABLE }, false).counts, { passed: 1, failed: 1, skipped: 0 });
});

/** Runs of TypeScript wrappers in this Node.js, for tests. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generated } from '../../testing/generate.ts';
import type { TestModule } from '../../testing/modules.ts';

/** What the hammer test of a module ended with. */
export interface HammerRun {
  file: string;
  passed: number;
  skipped: number;
  output: string;
}

/** A module that gives a function for every import, each of which returns nothing. */
const IMPORTS = 'export default () => new Proxy({}, { get: () => () => undefined });\n';

/** Loads pool and lock of a module, lends an instance of each, and leaves the files in the folder. */
export async function lend(module: TestModule, folder: string): Promise<void> {
  writeFileSync(join(folder, 'imports.ts'), IMPORTS);
  for (const kind of ['pool', 'mutex'] as const) {
    const wrapped = generated(module, 'javascript', { kind });
    assert.ok('text' in wrapped);
    const file = join(folder, wrapped.fileName);
    writeFileSync(file, wrapped.text);
    const loaded = (await import(pathToFileURL(file).href)) as Record<
      string,
      {
        create(
          wasm: Uint8Array,
          options?: object,
        ): Promise<{
          use<R>(f: (instance: object) => Promise<R>): Promise<R>;
          dispose(): Promise<void>;
        }>;
      }
    >;
    const imports = pathToFileURL(join(folder, 'imports.ts'));
    const owner = await loaded[kind === 'pool' ? 'Pool' : 'Shared'].create(module.bytes, { size: 2, imports });
    assert.equal(await owner.use(async () => 1), 1, module.file);
    await owner.dispose();
  }
}

/** Runs the hammer test of a module; undefined where there is none. */
export function hammered(module: TestModule, folder: string): HammerRun | undefined {
  const wrapped = generated(module, 'javascript', { kind: 'test' });
  if (!('text' in wrapped)) return undefined;
  writeFileSync(join(folder, module.file), module.bytes);
  // A call that does not return costs its test some seconds.
  writeFileSync(join(folder, wrapped.fileName), wrapped.text.replace('= 20_000;', '= 5_000;'));
  const args = ['--no-warnings', '--test', '--test-reporter=tap', wrapped.fileName];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 240_000,
    // A test runner inside of one is told to be its child.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, WASM_HAZARDS_UNSAFE: '' },
  });
  const output = stdout + stderr;
  assert.equal(status, 0, `${module.file}: ${output}`);
  const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1]);
  return { file: module.file, passed: count('pass'), skipped: count('skipped'), output };
}

/**
 * `node scripts/samples.ts [FOLDER]...`: compiles the samples in `test-fixtures/source/` whose compilers this machine has.
 * Says what it wrote, and what it could not build.
 */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, Problem } from './failure.ts';
import { builtSample, COMPILERS_FILE, keptCompilers, SAMPLES, SAMPLES_FOLDER } from './fixtures/samples.ts';

await main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !SAMPLES.some(({ folder }) => folder === name));
  if (unknown !== undefined) throw new Problem(`there is no sample ${unknown}`);
  const compilers = keptCompilers();
  for (const sample of SAMPLES.filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))) {
    const { folder, large } = sample;
    const compiler = await sample.compiler();
    if (compiler === undefined) {
      console.log(`${folder}: no compiler that can build it is installed`);
      continue;
    }
    for (const [name, bytes] of await builtSample(sample)) {
      await writeFile(join(SAMPLES_FOLDER, folder, name), bytes);
      console.log(`wrote test-fixtures/source/${folder}/${name} (${compiler})`);
    }
    if (!large) compilers[folder] = compiler;
  }
  await writeFile(COMPILERS_FILE, `${JSON.stringify(compilers, undefined, 2)}\n`);
  return 0;
});

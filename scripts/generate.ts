/**
 * `npm run generate [-- --check]`: generates parts of documentation, settings and schemas from the tables of hosts and
 * rules. With `--check` nothing is written; stale files are listed, and the exit code is 1 if there are any.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { staleFiles } from './generate/generated.ts';
import { ROOT } from './paths.ts';

await main(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const stale = staleFiles();
  if (values.check) {
    for (const { path } of stale) console.error(`${path} is stale: run \`npm run generate\`.`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const { path, text } of stale) {
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
  return 0;
});

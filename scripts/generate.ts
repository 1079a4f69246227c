/**
 * `npm run generate [-- --check]`: writes what follows from the tables of hosts and rules into documentation, settings
 * and schemas. With `--check` nothing is written; files that are not as they should be are named, and the exit code
 * is 1.
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

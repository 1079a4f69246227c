/** `node scripts/fixtures.ts [--check]`: compiles the sources in `test-fixtures/`, or says which binaries are out of date. */

import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { staleBinaries, writeBinaries } from './fixtures/binaries.ts';

await main(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  if (!values.check) {
    for (const path of await writeBinaries()) console.log(`wrote test-fixtures/${path}`);
    return 0;
  }
  const stale = await staleBinaries();
  for (const path of stale) console.error(`test-fixtures/${path} is out of date: run node scripts/fixtures.ts`);
  return stale.length === 0 ? 0 : 1;
});

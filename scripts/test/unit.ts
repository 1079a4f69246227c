/** `npm run test:unit [-- PART_OF_PATH...] [-- --name PATTERN]`. Tests of the command line need `npm run build` first. */

import { parseArgs } from 'node:util';
import { main } from '../failure.ts';
import { isGood, show } from './counts.ts';
import { runUnitTests } from './nodeTests.ts';

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const counts = await runUnitTests(positionals, values.name);
  console.log(show(counts));
  return isGood(counts) ? 0 : 1;
});

/** `npm run test:unit [-- PART_OF_PATH...] [-- --name PATTERN]`. Tests of the command line need `npm run build` first. */

import { parseArgs } from 'node:util';
import { main } from '../failure.ts';
import { isGood, show } from './counts.ts';
import { runUnitTests } from './nodeTests.ts';
import { NotChecked } from './notChecked.ts';

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const notChecked = new NotChecked();
  const counts = await runUnitTests({ only: positionals, namePatterns: values.name, notChecked });
  for (const line of notChecked.lines()) console.log(line);
  console.log(show(counts));
  return isGood(counts) ? 0 : 1;
});

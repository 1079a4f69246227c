/**
 * `npm run test:ui [-- PART_OF_PATH...] [-- --name PATTERN] [-- --no-build]`: tests the installed extension with mouse
 * and keyboard.
 */

import { parseArgs } from 'node:util';
import { build } from '../build/bundle.ts';
import { main } from '../failure.ts';
import { isGood, show } from './counts.ts';
import { runUiTests } from './nodeTests.ts';
import { NotChecked } from './notChecked.ts';

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string', multiple: true }, build: { type: 'boolean', default: true } },
    allowPositionals: true,
    allowNegative: true,
  });
  if (values.build) await build({ production: false, log: (line) => console.log(line) });
  const notChecked = new NotChecked();
  const counts = await runUiTests({ only: positionals, namePatterns: values.name, notChecked });
  for (const line of notChecked.lines()) console.log(line);
  console.log(show(counts));
  return isGood(counts) ? 0 : 1;
});

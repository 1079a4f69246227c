/**
 * `npm run test:hosts [-- PART_OF_PATH...] [-- --name PATTERN] [-- --strict]`: the tests on real hosts (`*.hosts.test.ts`),
 * which `npm test` leaves out. With `--strict` a test that was skipped although this machine has the programs for it
 * counts as a failure. Tests of the command line need `npm run build` first.
 */

import { parseArgs } from 'node:util';
import { main } from '../failure.ts';
import { ensureCompilers } from './compilers.ts';
import { isGood, show } from './counts.ts';
import { runHostTests } from './nodeTests.ts';
import { NotChecked } from './notChecked.ts';

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string', multiple: true }, strict: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  await ensureCompilers(console.log, true);
  const notChecked = new NotChecked();
  const counts = await runHostTests({ only: positionals, namePatterns: values.name, notChecked });
  const sum = notChecked.conclude(counts, values.strict);
  console.log(show(sum));
  return isGood(sum) ? 0 : 1;
});

/** `npm run build` and `npm run watch`: node scripts/build.ts [--watch] [--production]. */

import { parseArgs } from 'node:util';
import { build, watch } from './build/bundle.ts';
import { main } from './failure.ts';

await main(async () => {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean', default: false }, production: { type: 'boolean', default: false } },
  });
  const flags = { production: values.production, log: (line: string) => console.log(line) };
  await (values.watch ? watch(flags) : build(flags));
  return 0;
});

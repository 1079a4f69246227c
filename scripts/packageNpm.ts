/** `npm run package:npm [-- --out FILE]`: the command line as an npm package. */

import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { packNpm } from './package/npmPackage.ts';

await main(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const { file, bytes, files } = await packNpm({ output: values.out, log: (line) => console.log(line) });
  for (const path of files) console.log(path);
  console.log(`${(bytes / 1000).toFixed(1)} kB  ${relative(process.cwd(), file)} (${files.length} files)`);
  return 0;
});

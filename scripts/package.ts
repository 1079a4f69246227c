/** `npm run package [-- --out FILE]`: the extension as a `.vsix`. */

import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { pack } from './package/pack.ts';

await main(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const packed = await pack({ production: true, output: values.out, log: (line) => console.log(line) });
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(9)} kB`;
  for (const [path, bytes] of packed.files) console.log(`${kilobytes(bytes)}  ${path}`);
  console.log(`${kilobytes(packed.bytes)}  ${relative(process.cwd(), packed.file)} (${packed.files.size} files)`);
  return 0;
});

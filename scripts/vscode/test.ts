/** `npm run test:vscode [-- --grep TEXT] [-- --no-build]`: build, then the tests inside a real VS Code. */

import { parseArgs } from 'node:util';
import { build } from '../build/bundle.ts';
import { main } from '../failure.ts';
import { runInVscode } from './runInVscode.ts';

await main(async () => {
  const { values } = parseArgs({
    options: { grep: { type: 'string' }, build: { type: 'boolean', default: true } },
    allowNegative: true,
  });
  const log = (line: string): void => console.log(line);
  if (values.build) await build({ production: false, log });
  const { exitCode, message } = await runInVscode({ grep: values.grep, log });
  console.log(message);
  return exitCode;
});

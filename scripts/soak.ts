/**
 * `npm run soak -- --minutes N [--seed S]`: works with one language server as an editor does, edits most of all, for an hour
 * unless told otherwise. The exit code is 1 if its memory grows, if anything is left of what was closed, or if it logs a
 * failure. `npm test` runs a short form (`fuzz/server/soak.test.ts`), which measures no memory.
 */
import { parseArgs } from 'node:util';
import { main, Problem } from './failure.ts';
import { memoryFault, soak } from './fuzz/server/soak.ts';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});

await main(async () => {
  const [minutes, seed] = [Number(options.minutes), Number(options.seed)];
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Problem('--minutes and --seed need a number');
  const end = performance.now() + minutes * 60_000;
  const result = await soak({ seed, isOver: () => performance.now() > end, log: (line) => console.log(line) });
  const memory = memoryFault(result);
  const faults = [...result.faults, ...(memory === undefined ? [] : [memory])];
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
});

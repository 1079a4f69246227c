/**
 * What the automatic plans of real modules are worth: for each module of the corpus (or each file or text given), how
 * many of its scenarios trap in every order.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { withNamesOnDisk } from '../node/namesBeside.ts';
import { ensureCorpus } from './corpus/fetch.ts';
import { main } from './failure.ts';
import { measurePlan } from './plans/measure.ts';

const SECONDS = 2;
/** Most scenarios that may trap in every order. */
const LIMIT = 0.1;

await main(async () => {
  const args = process.argv.slice(2);
  const verbose = args.includes('--verbose');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const files = wanted.filter((arg) => existsSync(arg)).map((path) => ({ name: basename(path), path }));
  const texts = wanted.filter((arg) => !existsSync(arg));
  const found =
    files.length > 0 && texts.length === 0
      ? files
      : [
          ...files,
          ...(await ensureCorpus(({ name }) => texts.length === 0 || texts.some((text) => name.includes(text)))),
        ];
  let [scenarios, trapping] = [0, 0];
  console.log('scenarios  trap  unknown  failed  exports  module');
  for (const { name, path } of found) {
    const start = performance.now();
    const measured = await measurePlan(
      await withNamesOnDisk(path, new Uint8Array(readFileSync(path))),
      name,
      'wazero',
      SECONDS,
    );
    scenarios += measured.scenarios;
    trapping += measured.trapping.length;
    const numbers = [
      measured.scenarios,
      measured.trapping.length,
      measured.unknown,
      measured.failed.length,
      measured.exports,
    ];
    const columns = numbers.map((n, i) => String(n).padStart([9, 4, 7, 6, 7][i]));
    console.log(`${columns.join('  ')}  ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    if (verbose) for (const line of [...measured.lines, ...measured.notes]) console.log(`    ${line}`);
  }
  const share = scenarios === 0 ? 0 : trapping / scenarios;
  console.log(`${trapping} of ${scenarios} scenarios trap in every order (${(share * 100).toFixed(1)} %)`);
  return share > LIMIT ? 1 : 0;
});

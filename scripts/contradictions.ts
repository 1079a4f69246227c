/**
 * `npm run contradictions [-- PATH...]`: looks for contradictions in everything that the product says of many modules,
 * under every host and sharing model, with and without stress tests: those of the repository, of the corpus, and of the
 * folders that are named. Prints each contradiction once with the number of its places, and exits with 1 if there is any.
 *
 *   --own         only the modules of the repository
 *   --only TEXT   only modules whose name contains it
 *   --effort N    scenarios of each plan, 4 unless given
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Effort, examine } from './contradictions/examine.ts';
import { type ExaminedInput, filesOf, inputOf, ownFiles } from './contradictions/inputs.ts';
import { type CorpusModule, ensureCorpus } from './corpus/fetch.ts';
import { main } from './failure.ts';

const { values, positionals } = parseArgs({
  options: {
    own: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    effort: { type: 'string', default: '4' },
  },
  allowPositionals: true,
});

/** Modules above this size are not run: instrumenting them for each scenario takes too long. */
const MOST_RUN = 2_500_000;

async function* inputs(): AsyncGenerator<ExaminedInput> {
  const paths = [...(positionals.length > 0 ? [] : ownFiles()), ...positionals.flatMap(filesOf)];
  for (const path of paths.filter((one) => one.includes(values.only))) {
    const input = await inputOf(path);
    if (input !== undefined) yield input;
  }
  if (values.own || positionals.length > 0) return;
  const wanted = ({ name }: CorpusModule): boolean => name.includes(values.only);
  for (const { name, path } of (await ensureCorpus(wanted)).toSorted((a, b) => a.bytes - b.bytes))
    yield { name, bytes: new Uint8Array(readFileSync(path)), scenarios: [] };
}

await main(async () => {
  const places = new Map<string, string[]>();
  const sum = { modules: 0, checks: 0, results: 0 };
  for await (const input of inputs()) {
    const large = input.bytes.length > MOST_RUN;
    const effort: Effort = { scenarios: large ? 0 : Number(values.effort), schedules: 400, seconds: 2 };
    const started = performance.now();
    const { checks, results, contradictions } = await examine(input, effort);
    sum.modules++;
    sum.checks += checks;
    sum.results += results;
    console.log(
      `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${String(results).padStart(3)} results  ${contradictions.length} contradictions  ${input.name}`,
    );
    for (const one of contradictions) {
      const [place, ...sentence] = one.split(': ');
      const key = sentence.join(': ');
      places.set(key, [...(places.get(key) ?? []), place]);
    }
  }
  for (const [sentence, where] of [...places].sort((a, b) => b[1].length - a[1].length))
    console.log(`\n${sentence}\n  at ${where[0]}${where.length > 1 ? `, and ${where.length - 1} more places` : ''}`);
  console.log(
    `\n${sum.modules} modules, ${sum.checks} checks, ${sum.results} results of stress tests: ${places.size === 0 ? 'no contradictions' : `${places.size} kinds of contradictions`}`,
  );
  return places.size === 0 ? 0 : 1;
});

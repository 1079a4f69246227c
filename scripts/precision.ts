/**
 * `npm run precision [-- TEXT...]`: what the conflicting pairs of exports of real libraries rest on, and how many rest on
 * memory of unknown address alone. With texts, measures the modules of the corpus whose name contains one of them. Exits
 * with 1 if there are more of them than before.
 *
 *   --json    print the counts as JSON
 *   --write   put the tables between their markers in docs/benchmarks.md
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeTable } from './bench/page.ts';
import { ensureCorpus } from './corpus/fetch.ts';
import { main } from './failure.ts';
import before from './precision/before.json' with { type: 'json' };
import { MODELS, measurePrecision } from './precision/measure.ts';
import { LIBRARIES, libraryOf } from './precision/modules.ts';
import { addedUp, fallOf, precisionTable, wordTable } from './precision/report.ts';

/** Least share by which the pairs that rest on unknown addresses alone must have fallen: what has been reached. */
const LEAST_FALL = { usual: 0.6, threads: 0.4 } as const;

const TITLES = { usual: 'The default sharing model', threads: 'As if linked for threads' } as const;

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const named = positionals.length > 0;
  const modules = await ensureCorpus((module) =>
    named ? positionals.some((text) => module.name.includes(text)) : libraryOf(module) !== undefined,
  );
  const titles = named ? modules.map(({ name }) => name) : Object.keys(LIBRARIES);
  const rows = titles.map((title) => {
    const members = modules.filter(({ name }) => name === title || LIBRARIES[title]?.includes(name));
    return addedUp(
      title,
      members.map(({ path }) => measurePrecision(new Uint8Array(readFileSync(path)))),
    );
  });
  if (values.json) {
    console.log(JSON.stringify(rows, undefined, 1));
    return 0;
  }
  const tables = MODELS.map((model) => `${TITLES[model]}:\n\n${precisionTable(rows, before, model)}`);
  const text = [...tables, `Words for exports, under the default sharing model:\n\n${wordTable(rows)}`].join('\n\n');
  console.log(text);
  if (named) return 0;
  if (values.write) writeTable('precision', text);
  const falls = MODELS.map((model) => ({ model, fall: fallOf(rows, before, model) }));
  console.log(
    `\nFall of the pairs that rest on unknown addresses alone: ${falls.map(({ fall }) => percent(fall)).join(', ')}.`,
  );
  return falls.every(({ model, fall }) => fall >= LEAST_FALL[model]) ? 0 : 1;
});

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `stress --shard` and `merge`: several machines explore one plan, and the report is that of one. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { Exit } from '../io.ts';
import { parseStressOptions } from '../stress/stressOptions.ts';
import { type CliRun, runWith } from '../testing/cli.ts';

const SCHEMA = join(import.meta.dirname, '../../../schemas/stress.schema.json');
const check = new Ajv({ strict: false }).compile(JSON.parse(await readFile(SCHEMA, 'utf8')));

/** Without what depends on the machine. */
const steady = ({ out }: CliRun): string =>
  out.replace(/"(seconds|schedulesPerSecond)": [\d.]+/g, '"$1": 0').replace(/\d+\.\d\d s \([\d,]+\/s\)/g, 'TIME');

let folder: string;
const path = (name: string): string => join(folder, name);
const shares = (...indices: number[]): string[] => indices.map((index) => path(`share-${index}.json`));
/** More shares than scenarios, so that one is empty. */
const COUNT = 5;
let whole: CliRun;
let codes: number[];
let titles: string[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-merge-'));
  await copyFile(join(FIXTURES, 'counter-memory.wat'), path('counter.wat'));
  const words = ['stress', path('counter.wat'), '--seconds', '300', '--format', 'json'];
  whole = await runWith(words);
  titles = JSON.parse(whole.out).results.map(({ title }: { title: string }) => title);
  codes = [];
  for (let index = 1; index <= COUNT; index++) {
    const { code, out } = await runWith([...words, '--shard', `${index}/${COUNT}`]);
    codes.push(code);
    await writeFile(path(`share-${index}.json`), out);
  }
});
after(() => rm(folder, { recursive: true }));

const share = async (index: number): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(path(`share-${index}.json`), 'utf8'));

describe('shares of a plan', () => {
  test('have each scenario once, fit the schema, and tell what they found', async () => {
    assert.ok(titles.length > 2 && titles.length < COUNT, `${titles}`);
    const found: string[] = [];
    for (let index = 1; index <= COUNT; index++) {
      const written = await share(index);
      assert.ok(check(written), JSON.stringify(check.errors?.slice(0, 3)));
      found.push(...(written.results as { title: string }[]).map(({ title }) => title));
    }
    assert.deepEqual(found, titles);
    assert.deepEqual((await share(COUNT)).results, []);
    assert.equal(codes[COUNT - 1], Exit.Clean);
    assert.ok(codes.includes(Exit.Findings));
  });

  test('merged in any order are the whole, in every format', async () => {
    const files = shares(4, 2, 5, 1, 3);
    const json = await runWith(['merge', ...files, '--format', 'json']);
    assert.deepEqual(json.err, []);
    assert.equal(steady(json), steady(whole));
    assert.equal(json.code, whole.code);
    const words = ['stress', path('counter.wat'), '--seconds', '300'];
    for (const format of ['text', 'sarif', 'html']) {
      const one = await runWith([...words, '--format', format]);
      const merged = await runWith(['merge', ...files, '--format', format]);
      assert.deepEqual(merged.err, []);
      assert.equal(steady(merged), steady(one));
    }
  });

  test('a share that is missing: its scenarios were not run, and nothing is safe', async () => {
    const { code, out } = await runWith(['merge', ...shares(2, 3, 5)]);
    assert.match(out, /^Note: Shares 1 and 4 of 5 are missing\.$/m);
    assert.match(out, new RegExp(`^Note: 2 of ${titles.length} scenarios were not run\\.$`, 'm'));
    assert.ok(code === Exit.Findings || code === Exit.Inconclusive);
    const empty = await runWith(['merge', ...shares(COUNT)]);
    assert.equal(empty.code, Exit.Trouble);
    assert.match(
      empty.err.join('\n'),
      /merge: Shares 1, 2, 3 and 4 of 5 are missing\. \d of \d scenarios were not run\.$/,
    );
  });

  test('findings of a merge are compared with a baseline', async () => {
    const file = path('known.json');
    await runWith(['merge', ...shares(1, 2, 3, 4, 5), '--write-baseline', file]);
    const again = await runWith(['merge', ...shares(1, 2, 3, 4, 5), '--baseline', file]);
    assert.match(again.err.join('\n'), /, 0 new$/);
    assert.notEqual(again.code, Exit.Findings);
  });

  test('an interrupted share and one that failed are told', async () => {
    const one = await share(1);
    const [result] = one.results as { title: string }[];
    const failure = { title: result.title, kind: 'killed', message: 'counter.wat: the run was killed' };
    const shard = one.shard as { ran: number[] };
    const failed = { ...one, results: [], failures: [failure], shard: { ...shard, ran: [], failed: shard.ran } };
    await writeFile(path('failed.json'), JSON.stringify(failed));
    const { shard: second, ...rest } = await share(2);
    const interrupted = { ...(second as object), interrupted: true, ran: [] };
    await writeFile(path('interrupted.json'), JSON.stringify({ ...rest, results: [], shard: interrupted }));
    const merged = await runWith(['merge', path('failed.json'), path('interrupted.json'), ...shares(3, 4, 5)]);
    assert.deepEqual(merged.err, [`wasm-hazards: ${result.title}: counter.wat: the run was killed`]);
    assert.match(merged.out, /not run: counter\.wat: the run was killed/);
    assert.match(merged.out, /^Note: The run was interrupted/m);
    assert.match(merged.out, /^Note: 1 of \d scenarios were not run\.$/m);
  });
});

describe('what cannot be merged', () => {
  before(async () => {
    await writeFile(path('text.json'), 'no JSON');
    await writeFile(path('whole.json'), whole.out);
    const { shard, results, ...rest } = await share(1);
    const write = (name: string, about: object, found = results): Promise<void> =>
      writeFile(path(name), JSON.stringify({ ...rest, results: found, shard: { ...(shard as object), ...about } }));
    await write('other.json', { index: 2, plan: 'another', ran: [1] });
    await write('count.json', { count: 4, ran: [0] });
    await write('place.json', { ran: [1] });
    await write('places.json', { ran: [0, 5] });
    await write('result.json', {}, [{ ...(results as object[])[0], races: undefined }]);
    await copyFile(join(FIXTURES, 'pure.wat'), path('pure.wat'));
  });

  const cases: [string, () => string[], RegExp][] = [
    ['nothing', () => [], /no results given/],
    ['no file', () => [path('gone.json')], /gone\.json cannot be read/],
    ['no JSON', () => [path('text.json')], /text\.json is not JSON/],
    ['results of a whole plan', () => [path('whole.json')], /is not what wasm-hazards stress --shard/],
    ['another plan', () => [...shares(1), path('other.json')], /of different plans/],
    ['another number of shares', () => [...shares(2), path('count.json')], /is one of 4 shares, .* one of 5/],
    ['one share twice', () => [...shares(1, 2, 1)], /are the same share, 1 of 5/],
    ['a result of another share', () => [path('place.json')], /is not what/],
    ['fewer results than it says', () => [path('places.json')], /is not what/],
    ['a result that is none', () => [path('result.json')], /is not what/],
    ['another module', () => [...shares(1), '--module', path('pure.wat')], /is not the module that was run/],
  ];
  for (const [name, args, message] of cases)
    test(name, async () => {
      const { code, out, err } = await runWith(['merge', ...args()]);
      assert.match(err.join('\n'), message);
      assert.deepEqual([code, out], [Exit.Trouble, '']);
    });
});

describe('the option', () => {
  const cases: [string, string[], RegExp][] = [
    ['no share', ['--shard', '0/3', '--format', 'json'], /--shard expects which share of how many, such as 1\/4/],
    ['one too many', ['--shard', '4/3', '--format', 'json'], /--shard expects/],
    ['no number', ['--shard', 'first', '--format', 'json'], /--shard expects/],
    ['as text', ['--shard', '1/2'], /--shard needs --format json/],
    ['of calls', ['--shard', '1/2', '--format', 'json', '--call', 'f()'], /--shard is about the pairs/],
    [
      'with a baseline',
      ['--shard', '1/2', '--format', 'json', '--baseline', 'b.json'],
      /give them to wasm-hazards merge/,
    ],
  ];
  for (const [name, args, message] of cases)
    test(name, async () => {
      const { code, err } = await runWith(['stress', path('counter.wat'), ...args]);
      assert.equal(code, Exit.Trouble);
      assert.match(err.join('\n'), message);
    });
  test('as the example for workflows has it', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/ci.md'), 'utf8');
    const [, command] = /npx wasm-hazards stress ([^>]*)>/.exec(page) ?? [];
    const words = command
      .replaceAll('\\\n', ' ')
      .replaceAll(/\$\{\{ matrix\.share \}\}/g, '2')
      .trim()
      .split(/\s+/);
    const { shard, all, format } = parseStressOptions('stress', words);
    assert.deepEqual({ shard, all, format }, { shard: { index: 2, count: 4 }, all: true, format: 'json' });
  });
  test('of another command', async () => {
    const { err } = await runWith(['hammer', path('counter.wat'), '--shard', '1/2']);
    assert.match(err.join('\n'), /--shard is an option of wasm-hazards stress/);
  });
});

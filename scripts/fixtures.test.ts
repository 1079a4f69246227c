/** The fixtures are complete, their binaries up to date, and their comments well-formed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { expectedBinaries, sourceNames, staleBinaries } from './fixtures/binaries.ts';
import { ROOT, TEST_FIXTURES } from './paths.ts';

/** The engine, which TypeScript declares in its DOM library only. */
const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
interface Engine {
  validate(bytes: Uint8Array): boolean;
  Module: { new (bytes: Uint8Array): object; exports(module: object): { name: string; kind: string }[] };
}

const RULES = readdirSync(join(ROOT, 'docs/rules')).map((file) => file.replace(/\.md$/, ''));

/**
 * The comments that say what the analysis should find under host wazero. `expect` names every rule that finds
 * something about an export, or `none`; `expect-module` a finding about the module; `conflict` and `no-conflict` name
 * pairs of exports. Other pairs are not checked.
 */
const FORMS: Readonly<Record<string, RegExp>> = {
  expect: /^(\w+) ([a-z-]+)$/,
  'expect-module': /^([a-z-]+)$/,
  conflict: /^(\w+) (\w+)$/,
  'no-conflict': /^(\w+) (\w+)$/,
};

interface Comment {
  form: string;
  words: string[];
}

const read = (name: string): string => readFileSync(join(TEST_FIXTURES, `${name}.wat`), 'utf8');

/** Comments in these forms; a line that begins like one but is malformed fails the test. */
function commentsOf(text: string): Comment[] {
  const found: Comment[] = [];
  for (const line of text.split('\n')) {
    const start = /^;; ((?:expect|conflict|no-conflict)[\w-]*):(.*)$/.exec(line);
    if (!start) continue;
    const words = FORMS[start[1]]?.exec(start[2].trim());
    assert.ok(words && start[2] === ` ${start[2].trim()}`, `malformed: ${line}`);
    found.push({ form: start[1], words: words.slice(1) });
  }
  return found;
}

const names = await sourceNames();
const binaries = await expectedBinaries();

describe('fixtures', () => {
  it('match the tour in their README', () => {
    assert.ok(names.length >= 14);
    const readme = readFileSync(join(TEST_FIXTURES, 'README.md'), 'utf8');
    for (const name of [...binaries.keys()])
      assert.ok(readme.includes(`${name})`) || readme.includes(`\`${name}\``), name);
  });

  it('have binaries that are up to date', async () => {
    assert.deepEqual(await staleBinaries(), [], 'run node scripts/fixtures.ts');
  });

  it('show every rule at least once', () => {
    const shown = new Set(
      names.flatMap((name) =>
        commentsOf(read(name))
          .filter(({ form }) => form.startsWith('expect'))
          .map(({ words }) => words.at(-1)!),
      ),
    );
    shown.delete('none');
    assert.deepEqual([...shown].sort(), RULES.filter((rule) => rule !== 'README').sort());
  });

  for (const name of names) {
    describe(name, () => {
      const comments = commentsOf(read(name));
      const bytes = binaries.get(`${name}.wasm`)!;
      const exported = engine.validate(bytes)
        ? engine.Module.exports(new engine.Module(bytes)).filter(({ kind }) => kind === 'function')
        : [];

      it('is a valid module with exported functions', () => {
        assert.ok(engine.validate(bytes));
        assert.ok(exported.length > 0);
      });

      it('says what to expect of each exported function, and of nothing else', () => {
        const said = comments.filter(({ form }) => form === 'expect');
        assert.deepEqual([...new Set(said.map(({ words }) => words[0]))].sort(), exported.map((e) => e.name).sort());
        for (const { words } of said) {
          const rules = said.filter((other) => other.words[0] === words[0]).map((other) => other.words[1]);
          assert.equal(new Set(rules).size, rules.length, `${words[0]} names a rule twice`);
          assert.ok(!rules.includes('none') || rules.length === 1, `${words[0]} has findings and none`);
          for (const rule of rules) assert.ok(rule === 'none' || RULES.includes(rule), rule);
        }
        for (const { words } of comments.filter(({ form }) => form === 'expect-module'))
          assert.ok(RULES.includes(words[0]));
      });

      it('names pairs of its exports, none of them both ways', () => {
        const pairs = comments.filter(({ form }) => form.endsWith('conflict'));
        assert.ok(pairs.length > 0);
        for (const { words } of pairs) {
          for (const word of words)
            assert.ok(
              exported.some((e) => e.name === word),
              word,
            );
        }
        const keys = pairs.map(({ words }) => words.toSorted().join(' '));
        assert.equal(new Set(keys).size, keys.length);
      });

      it('begins with a comment that explains it', () => {
        assert.match(read(name), /^;; [A-Z]/);
      });
    });
  }

  it('include broken files that no engine accepts', () => {
    const broken = [...binaries].filter(([path]) => path.startsWith('broken/'));
    assert.deepEqual(broken.map(([path]) => path.slice('broken/'.length)).sort(), [
      'component.wasm',
      'empty.wasm',
      'not-wasm.wasm',
      'truncated.wasm',
    ]);
    for (const [path, bytes] of broken) assert.ok(!engine.validate(bytes), path);
    // In the truncated one, everything before the code can be read.
    const truncated = binaries.get('broken/truncated.wasm')!;
    assert.deepEqual([...truncated.slice(0, 8)], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    assert.ok(truncated.length > 100);
  });
});

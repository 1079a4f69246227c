import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTexts, textsOf } from './l10n/calls.ts';
import { translationFaults } from './l10n/faults.ts';
import { readTranslations } from './l10n/translations.ts';
import { ENGLISH, keyIn, readManifestTexts } from './manifestTexts.ts';
import { ROOT } from './paths.ts';

describe('the translations', () => {
  const { calls, ...others } = translationFaults(readTexts(), readTranslations());

  it('belong to calls whose first argument is one literal, with an argument for each placeholder', () => {
    assert.deepEqual(calls, []);
  });

  for (const [kind, lines] of Object.entries(others)) {
    it(`have nothing ${kind}: see \`node scripts/l10n.ts\``, () => {
      assert.deepEqual(lines, []);
    });
  }
});

describe('the texts of sources', () => {
  const read = (code: string) =>
    textsOf('f.ts', `import { l10n } from 'vscode';\nimport { message, t } from './l10n.ts';\n${code}`);

  it('are the literals of all kinds', () => {
    const { texts, faults } = read("t('It\\'s {0}', x);\nl10n.t(\n  \"a 'b'\",\n);\nmessage(`c`);");
    assert.deepEqual(faults, []);
    assert.deepEqual(texts, [
      { text: "It's {0}", place: 'f.ts:3' },
      { text: "a 'b'", place: 'f.ts:4' },
      { text: 'c', place: 'f.ts:7' },
    ]);
  });

  it('are those of calls that are spread', () => {
    assert.deepEqual(read("[...t('a'), b.t('c')];").texts, [{ text: 'a', place: 'f.ts:3' }]);
  });

  it('are not in comments, strings, or functions of the same name', () => {
    assert.deepEqual(read("// t('a')\nf(\"t('b')\"); at('c'); x.t('d');").texts, []);
    assert.deepEqual(textsOf('f.ts', "import { test as t } from 'node:test';\nt('x');").texts, []);
  });

  it('are faults where they are put together, or have another number of placeholders', () => {
    for (const code of ['t(text)', "t('a' + b)", "t(a ? 'b' : 'c')", 't(`a $' + '{b}`)'])
      assert.match(read(code).faults.join(), /not one literal/, code);
    for (const code of ["t('{0}')", "t('a', b)", "t('{0} {2}', a, b)"])
      assert.match(read(code).faults.join(), /arguments for the placeholders/, code);
    assert.deepEqual(read("t('{0} {1}', f(a, b), [c, d].join(', '))").faults, []);
  });

  it('have the form for many where things are counted', () => {
    const { texts, faults } = textsOf(
      'f.ts',
      "import { plural } from '../text/phrases.ts';\nplural(n, x === 'y' ? 'call' : 'round');\nplural(n, noun);",
    );
    assert.deepEqual(
      texts.map(({ text }) => text),
      ['{0} calls', '{0} rounds'],
    );
    assert.equal(faults.length, 1);
  });
});

describe('faults of translations', () => {
  const faults = (areas: Record<string, Record<string, string>>) =>
    translationFaults(
      { texts: ['a {0}', '`b`'].map((text) => ({ text, place: 'f.ts:1' })), faults: [] },
      new Map(Object.entries(areas)),
    );

  it('are missing, unused, different, contradictory and unsorted texts', () => {
    assert.deepEqual(faults({}).missing, ['f.ts:1: a {0}', 'f.ts:1: `b`']);
    assert.deepEqual(faults({ x: { '`b`': '`乙`', 'a {0}': '甲 {0}' } }).unsorted, []);
    assert.deepEqual(faults({ x: { 'a {0}': '甲 {0}', '`b`': '`乙`' } }).unsorted, ['l10n/zh-cn/x.json']);
    assert.deepEqual(faults({ x: { c: '丙' } }).unused, ['x: c']);
    assert.equal(faults({ x: { '`b`': '乙', 'a {0}': '甲' } }).different.length, 2);
    assert.equal(faults({ x: { '`b`': '`乙`' }, y: { '`b`': '`二`' } }).contradictory.length, 1);
  });
});

describe('the texts of package.json', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const english = readManifestTexts(ENGLISH);
  const chinese = readManifestTexts('package.nls.zh-cn.json');

  it('are in English and in Chinese, sorted, with the same code', () => {
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
    assert.deepEqual(Object.keys(english), Object.keys(english).sort());
    const codeOf = (text: string) => [...text.matchAll(/`[^`]*`/g)].map(([code]) => code).sort();
    for (const [key, text] of Object.entries(english)) assert.deepEqual(codeOf(chinese[key]), codeOf(text), key);
  });

  it('are all used, and each that is used is there', () => {
    const used = new Set<string>();
    const visit = (value: unknown): void => {
      const key = keyIn(value);
      if (key !== undefined) used.add(key);
      else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) visit(each);
    };
    visit(manifest);
    assert.deepEqual([...used].sort(), Object.keys(english));
  });

  it('are no plain texts in the manifest, apart from the name of the product', () => {
    const shown =
      /^(title|description|markdownDescription|displayName|patternErrorMessage|name|label|contents|contextualTitle|altText|deprecationMessage|markdownDeprecationMessage)$/;
    const plain: string[] = [];
    const visit = (value: unknown, name: string): void => {
      if (typeof value === 'string') {
        if (keyIn(value) === undefined && value !== 'Wasm Hazards') plain.push(`${name}: ${value}`);
      } else if (Array.isArray(value) && /descriptions$/i.test(name)) for (const each of value) visit(each, 'choice');
      else if (typeof value === 'object' && value !== null)
        for (const [inner, each] of Object.entries(value))
          if (typeof each === 'object' || shown.test(inner)) visit(each, inner);
    };
    visit(manifest.contributes, 'contributes');
    visit(manifest.capabilities, 'capabilities');
    visit({ description: manifest.description }, 'manifest');
    assert.deepEqual(plain, []);
  });
});

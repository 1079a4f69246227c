import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allUnwrapped, unwrappedTexts } from './unwrapped.ts';
import { unwrappedFaults } from './unwrappedFaults.ts';

describe('the sources of the product', () => {
  const { unwrapped, unneeded } = unwrappedFaults(allUnwrapped());

  it('show no text that is not translated: wrap it, or say in scripts/l10n/english.ts why it stays', () => {
    assert.deepEqual(unwrapped, []);
  });

  it('need each exception in scripts/l10n/english.ts: take out what is translated', () => {
    assert.deepEqual(unneeded, []);
  });
});

describe('texts that are not translated', () => {
  // A percent sign stands for the dollar of a placeholder.
  const textsIn = (code: string, isJsx = false) =>
    unwrappedTexts(code.replaceAll('%', '$'), isJsx).map(({ text }) => text);

  it('are literals and templates that read like a part of a sentence', () => {
    assert.deepEqual(textsIn("x = 'no module';\ny = `%{a} conflicts with %{b}`;\nz = \"isn't here\";"), [
      'no module',
      '{} conflicts with {}',
      "isn't here",
    ]);
    assert.deepEqual(textsIn('`%{one} of %{b ? `%{n} exports` : c}`'), ['{} of {}', '{} exports']);
    assert.deepEqual(textsIn("f({ label: 'Open report', kind: 'data-race' })"), ['Open report']);
  });

  it('are not names, numbers, code and what is compared by a program', () => {
    for (const code of ["'memory-grow'", '`%{a} %{b}`', "'wasmHazards.host'", '`%{a}: %{b}`', "' '", "'i32.load'"])
      assert.deepEqual(textsIn(code), [], code);
    assert.deepEqual(textsIn("switch (x) { case 'no module': f({ 'no memory': 1 }); g(a === 'no table'); }"), []);
    assert.deepEqual(textsIn("// no module 'is here'\nconst r = /an 'odd one' here/;"), []);
  });

  it('are not arguments of the functions that translate', () => {
    for (const code of [
      "t('no module')",
      "l10n.t(\n  'no module',\n  name,\n)",
      "message('no module')",
      "[...t('no module').split(',')]",
      "plural(n, 'race report')",
      "t('{0} more', f(t('no module')))",
      "plural(n, a ? 'race report' : 'wrong outcome')",
    ])
      assert.deepEqual(textsIn(code), [], code);
    assert.deepEqual(textsIn("t('{0} is {1}', name, why('not valid'))"), ['not valid']);
    assert.deepEqual(textsIn("t('{0} is {1}', name, bad ? 'not valid' : `is %{x}`)"), ['not valid', 'is {}']);
    assert.deepEqual(textsIn("at('no module'); x.t('no module')"), ['no module', 'no module']);
  });

  it('are the texts of elements, too', () => {
    assert.deepEqual(textsIn('<p class="a">Nothing was found.</p>', true), ['Nothing was found.']);
    assert.deepEqual(textsIn("<p title={t('Not run yet')}>{t('Nothing was found.')}</p>", true), []);
  });

  it('are faults unless the list has them, with the code before them', () => {
    const found = new Map([
      ['core/x.ts', unwrappedTexts("a();\nthrow new Error(\n  'no module',\n);\nb('no memory');")],
    ]);
    const thrown = { path: /^core/, before: /throw new Error\($/, reason: 'thrown' };
    assert.deepEqual(unwrappedFaults(found, [thrown], []), { unwrapped: ['core/x.ts:5: no memory'], unneeded: [] });
    assert.deepEqual(unwrappedFaults(found, [{ ...thrown, path: /^view/ }], ['core/', 'core/y.ts']), {
      unwrapped: [],
      unneeded: ['^view: thrown', 'core/y.ts'],
    });
  });
});

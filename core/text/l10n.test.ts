import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { inEnglish, t, useTranslations } from './l10n.ts';
import { LanguageCache } from './languageCache.ts';

afterEach(() => useTranslations(undefined));

test('without translations a text stays as it is, and placeholders are filled', () => {
  assert.equal(t('{0} conflicts with {1}', 'a', 2), 'a conflicts with 2');
  assert.equal(t('a {0} b'), 'a {0} b');
  assert.equal(t('{0} {1}', 'only'), 'only {1}');
});

test('Chinese has a space between a sinogram and a word, and none between two sinograms', () => {
  useTranslations({
    '{0} and {1}': '{0} 和 {1}',
    'grows {0}': '增长{0}',
    'at {0}': '位于{0}（参数{1}）',
    'it {0}': '{0}。',
  });
  const list = (a: string, b: string): string => t('{0} and {1}', a, b);
  assert.equal(list('栈', '堆'), '栈和堆');
  assert.equal(list('`a`', '栈'), '`a` 和栈');
  assert.equal(list('栈', 'memory[0]'), '栈和 memory[0]');
  assert.equal(t('grows {0}', 'memory[0]'), '增长 memory[0]');
  assert.equal(t('grows {0}', '一块内存'), '增长一块内存');
  assert.equal(t('at {0}', '栈', 3), '位于栈（参数 3）');
  assert.equal(t('it {0}', ''), '。');
  assert.equal(t('not translated: {0}', '栈'), 'not translated: 栈');
});

test('generated code is English, and what was kept in one language is not shown in another', () => {
  const cache = new LanguageCache<object, string>();
  const key = {};
  const said = (): string => cache.get(key, () => t('pure'));
  const chinese = { pure: '纯函数' };
  useTranslations(chinese);
  assert.equal(said(), '纯函数');
  assert.equal(inEnglish(said), 'pure');
  assert.throws(() => inEnglish(() => assert.fail('no')));
  assert.equal(said(), '纯函数');
});

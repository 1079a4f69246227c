/** The manifest gives VS Code the defaults that the server has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { DEFAULT_SETTINGS, settingsOf } from './defaultSettings.ts';
import type { SentSettings } from './protocol.ts';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
const properties: Record<string, { default?: unknown }> = manifest.contributes.configuration.properties;

it('the manifest has the defaults of the server', () => {
  const value = (name: string): unknown => properties[`wasmHazards.${name}`]?.default;
  assert.deepEqual(
    {
      host: value('host'),
      sharingModel: value('sharingModel'),
      suspendingImports: value('suspendingImports'),
      codeLens: value('codeLens'),
      inlayHints: value('inlayHints'),
      rules: {},
      ignore: value('ignore'),
      sourcePaths: value('sourcePaths'),
      textBudget: value('text.budget'),
      analysisSeconds: value('analysis.seconds'),
    },
    DEFAULT_SETTINGS,
  );
});

it('what people write by hand and cannot be is as if it were not there', () => {
  const wrong = {
    host: 'wazer',
    sharingModel: 7,
    suspendingImports: [1],
    codeLens: 'some',
    inlayHints: 'yes',
    ignore: null,
    sourcePaths: ['/a'],
    textBudget: -1,
    analysisSeconds: 0,
    rules: { 'global-write': 'loud' },
  };
  assert.deepEqual(settingsOf(wrong as unknown as SentSettings), DEFAULT_SETTINGS);
  for (const nothing of [null, undefined, {}, { rules: [] } as unknown as SentSettings])
    assert.deepEqual(settingsOf(nothing), DEFAULT_SETTINGS);
  assert.deepEqual(settingsOf({ rules: { a: 'loud', b: 'off' }, host: 'wasmtime' } as unknown as SentSettings), {
    ...DEFAULT_SETTINGS,
    host: 'wasmtime',
    rules: { b: 'off' },
  });
  assert.equal(settingsOf({ codeLens: true }).codeLens, DEFAULT_SETTINGS.codeLens);
  assert.equal(settingsOf({ codeLens: false }).codeLens, 'none');
});

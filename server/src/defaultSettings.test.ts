/** The manifest gives VS Code the defaults that the server has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { DEFAULT_SETTINGS } from './defaultSettings.ts';

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

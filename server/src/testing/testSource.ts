/** For tests: documents of a source text, through the real compiler, reader and analysis. */
import assert from 'node:assert/strict';
import { analyseSource } from '../../../core/source/analyseSource.ts';
import { sourceLineStarts } from '../../../core/text/lines.ts';
import { DEFAULT_SETTINGS } from '../defaultSettings.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { sourceModule } from '../documents/source/sourceModule.ts';
import type { DocumentOptions } from './testDocument.ts';

const TEST_URI = 'file:///modules/test.wat';

/** The only module of a text that compiles. */
export async function sourceOf(text: string, options: DocumentOptions = {}): Promise<ModuleDocument> {
  const { host = 'wazero', model = 'auto', settings } = options;
  const analysed = await analyseSource({ text, script: false, host, model }, { now: () => 0 });
  assert.ok(analysed);
  const [found] = analysed.modules;
  if (found.kind === 'failed')
    assert.fail(`${found.error.message} at ${text.slice(found.error.start, found.error.end + 20)}`);
  assert.deepEqual(found.map.mismatches, []);
  return sourceModule(
    found,
    { wat: analysed.wat, index: 0, version: 1, isCurrent: () => true },
    {
      uri: TEST_URI,
      lineStarts: sourceLineStarts(text),
      host: { host, reason: 'test' },
      settings: { ...DEFAULT_SETTINGS, ...settings },
    },
  );
}

/** Generated code is English, whatever the reader's language is: a team reads it. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { HOST_IDS, HOST_PROFILES } from '../hosts/index.ts';
import { useTranslations } from '../text/l10n.ts';
import { WRAP_KINDS } from './template.ts';
import { generated } from './testing/generate.ts';
import { testModule } from './testing/modules.ts';

afterEach(() => useTranslations(undefined));

/** Translates every text, into something that no English text has. */
const OTHER = new Proxy<Record<string, string>>({}, { get: (_, text) => `«${String(text)}»` });

test('code and its comments are the same in every language', async () => {
  const modules = await Promise.all(['bump-allocator.wasm', 'shadow-stack.wasm', 'host-import.wasm'].map(testModule));
  for (const host of HOST_IDS.filter((id) => !('refusal' in HOST_PROFILES[id].template)))
    for (const kind of WRAP_KINDS)
      for (const module of modules) {
        useTranslations(undefined);
        const english = generated(module, host, { kind });
        useTranslations(OTHER);
        if ('text' in english)
          assert.deepEqual(generated(module, host, { kind }), english, `${host} ${kind} ${module.file}`);
      }
});

/** The text of a binary leads back to exactly its binary: summaries, reports and results are kept by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryUriOf, TEXT_SCHEME, textUriOf } from './documentUris.ts';

const URIS = [
  'file:///home/a/x.wasm',
  'file:///c%3A/a%20b/x%23y.wasm',
  'file://server/share/x.wasm',
  'memfs:/project/x.wasm',
  'memfs:///project/x.wasm',
  'vscode-vfs://github/owner/name/x.wasm',
  'vscode-remote://ssh-remote%2Bhost/home/x.wasm',
  'git:/a/x.wasm?%7B%22ref%22%3A%22HEAD%22%7D',
];

for (const uri of URIS)
  test(uri, () => {
    const text = textUriOf(uri);
    assert.ok(text.startsWith(`${TEXT_SCHEME}:/`));
    assert.equal(binaryUriOf(text), uri);
    // VS Code may encode the query once more.
    const [before, query] = text.split('?');
    if (query !== undefined) assert.equal(binaryUriOf(`${before}?${encodeURIComponent(query)}`), uri);
    assert.equal(textUriOf(text), text);
    assert.equal(binaryUriOf(uri), uri);
  });

/** A binary that counts as large: its text and its first findings come before its analysis ends, and nothing is lost. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { CodeLens, Diagnostic } from 'vscode-languageserver';
import { textUriOf } from '../../core/text/documentUris.ts';

import { isDiagnosticsOf, isSummaryOf, startServer, type TestClient } from './testing/languageClient.ts';
import { LARGE_BYTES } from './threads/jobs.ts';

const SOURCE = `(module
  (memory (export "memory") 1)
  (global $last (mut i32) (i32.const 0))
  (func $store (param $to i32) (i32.store (local.get $to) (i32.const 1)))
  (func (export "note") (param i32) (global.set $last (local.get 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "fill") (param i32) (call $store (i32.add (local.get 0) (i32.const 4))))
  (func (export "keep") (call $store (i32.const 1024))))`;

/** A custom section of `bytes` bytes. */
function padding(bytes: number): Uint8Array {
  const size = [];
  for (let left = bytes; ; left >>>= 7) {
    size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    if (left <= 0x7f) break;
  }
  const section = new Uint8Array(1 + size.length + bytes);
  section.set([0, ...size, 1, 0x70]);
  return section;
}

describe('a large binary', () => {
  let client: TestClient;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-large-'));
    client = await startServer();
  });

  after(async () => {
    await client.stop();
    await rm(folder, { recursive: true });
  });

  async function write(name: string, bytes: Uint8Array): Promise<string> {
    await writeFile(join(folder, name), bytes);
    return pathToFileURL(join(folder, name)).href;
  }

  /** What is told of a module in the end, without its name. */
  async function told(uri: string): Promise<string> {
    const textDocument = { uri: textUriOf(uri) };
    const isLast = ({ code }: Diagnostic): boolean => code !== 'partial';
    await client.event(isSummaryOf(uri));
    const { diagnostics } = client.events.filter(isDiagnosticsOf(textDocument.uri, 1)).at(-1) ?? { diagnostics: [] };
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
    const facts = [diagnostics.filter(isLast), lenses];
    return JSON.stringify(facts).replaceAll(/\w+\.wasm/g, 'm.wasm');
  }

  it('has the same findings and lenses in the end as a small one, and its text before', async () => {
    const small = await parse(SOURCE);
    const large = new Uint8Array([...small, ...padding(LARGE_BYTES)]);
    const uris = [await write('small.wasm', small), await write('large.wasm', large)];
    for (const uri of uris) await client.open(uri);
    const [ofSmall, ofLarge] = [await told(uris[0]), await told(uris[1])];
    const dropOffsets = (text: string): string => text.replaceAll(/"line":\d+/g, '"line":0');
    assert.equal(dropOffsets(ofLarge), dropOffsets(ofSmall));
    assert.match(ofLarge, /memory-grow/);
    assert.match(ofLarge, /static-memory-write/);
    const isText = client.events.findLastIndex((event) => event.kind === 'reply' && event.to === 'wasmHazards/text');
    const isAnalysed = client.events.findIndex(isSummaryOf(uris[1]));
    assert.ok(isText < isAnalysed, 'the text is answered before the analysis ends');
  });
});

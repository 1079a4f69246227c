/** The real server in the language of the reader: every text that it answers with for a fixture, threads included. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver';
import { FIXTURES } from '../../core/testing/paths.ts';
import { textUriOf } from '../../core/text/documentUris.ts';
import { isDiagnosticsOf, isSummaryOf, startServer, type TestClient } from '../../server/src/testing/languageClient.ts';
import { mergedTranslations, readTranslations } from './translations.ts';

/** English words in a row that are no code, link or name of a setting: what nobody translated. */
const ENGLISH = /(?<![\w$./`'"-])[a-z]{3,} [a-z]{2,}(?: [a-z]{2,})*(?![\w`'"-])/g;

/** Without what has no language: code, links, names in quotes. */
const prose = (text: string): string =>
  text
    .replaceAll(/`[^`]*`|'[^']*'|\]\([^)]*\)|<[^>]*>/g, ' ')
    .replaceAll(/\b(?:WithName|runtime|sync|malloc|free)[\w.()"]*/g, ' ');

const englishIn = (text: string): string[] => prose(text).match(ENGLISH) ?? [];

describe('the server with translations', () => {
  let client: TestClient;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-language-'));
    client = await startServer({}, [pathToFileURL(folder).href], mergedTranslations(readTranslations()));
  });

  after(async () => {
    await client.stop();
    await rm(folder, { recursive: true });
  });

  for (const name of globSync('*.wasm', { cwd: FIXTURES }).sort())
    it(`speaks Chinese about ${name}`, async () => {
      await copyFile(join(FIXTURES, name), join(folder, name));
      const uri = pathToFileURL(join(folder, name)).href;
      const text = await client.open(uri);
      const textDocument = { uri: textUriOf(uri) };
      const { summary } = await client.event(isSummaryOf(uri));
      const diagnostics = client.events.filter(isDiagnosticsOf(textDocument.uri)).flatMap((one) => one.diagnostics);
      const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
      const lines = text.split('\n');
      const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
      const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument, range });
      const hovers: string[] = [];
      for (const [line, code] of lines.entries()) {
        const position = { line, character: code.search(/\S/) + 1 };
        const hover = await client.request<Hover | null>('textDocument/hover', { textDocument, position });
        if (hover !== null) hovers.push((hover.contents as { value: string }).value);
      }
      const matrix = await client.connection.sendRequest<{ text: string }>('wasmHazards/matrix', { uri });
      const all = [
        ...diagnostics.flatMap(({ message, relatedInformation = [] }) => [
          String(message),
          ...relatedInformation.map((one) => one.message),
        ]),
        summary.verdict?.words ?? '',
        summary.verdict?.line ?? '',
        ...lenses.map(({ command }) => command?.title ?? ''),
        ...hints.map(({ label }) => String(label)),
        ...hovers,
        ...matrix.text.split('\n'),
      ].filter((one) => one !== '');
      assert.ok(all.some((one) => /\p{Script=Han}/u.test(one)));
      // Each once, with the beginning of the first text that says it.
      const left = new Map(
        all.toReversed().flatMap((one) => englishIn(one).map((words) => [words, one.slice(0, 200)])),
      );
      assert.deepEqual(Object.fromEntries(left), {});
    });
});

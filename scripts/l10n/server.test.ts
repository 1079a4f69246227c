/** The real server in the language of the reader: every text that it answers with for a fixture, threads included. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver';
import { HOST_IDS } from '../../core/hosts/index.ts';
import { FIXTURES } from '../../core/testing/paths.ts';
import { textUriOf } from '../../core/text/documentUris.ts';
import type { ExportResult } from '../../server/src/protocol.ts';
import { isDiagnosticsOf, isSummaryOf, startServer, type TestClient } from '../../server/src/testing/languageClient.ts';
import { mergedTranslations, readTranslations } from './translations.ts';

/** English words in a row that are no code, link or name of a setting: what nobody translated. */
const ENGLISH = /(?<![\w$./`'"-])[a-z]{3,} [a-z]{2,}(?: [a-z]{2,})*(?![\w`'"-])/g;

/** Without what has no language: code, links, names in quotes, calls of a host's API. */
const prose = (text: string): string =>
  text
    .replaceAll(/`[^`]*`|'[^']*'|\]\([^)]*\)|<[^>]*>/g, ' ')
    .replaceAll(/\b(?:WithName|runtime|sync|malloc|free)[\w.()"]*/g, ' ');

const englishIn = (text: string): string[] => prose(text).match(ENGLISH) ?? [];

const TRANSLATIONS = mergedTranslations(readTranslations());

/** Everything that the server says of a binary. */
async function textsAbout(client: TestClient, uri: string): Promise<string[]> {
  const text = await client.open(uri);
  const textDocument = { uri: textUriOf(uri) };
  const { summary } = await client.event(isSummaryOf(uri));
  const diagnostics = client.events.filter(isDiagnosticsOf(textDocument.uri)).flatMap((one) => one.diagnostics);
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
  const lines = text.split('\n');
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument, range });
  const found = [
    ...diagnostics.flatMap(({ message, relatedInformation = [] }) => [
      String(message),
      ...relatedInformation.map((one) => one.message),
    ]),
    summary.verdict?.words ?? '',
    summary.verdict?.line ?? '',
    summary.problem ?? '',
    ...lenses.map(({ command }) => command?.title ?? ''),
    ...hints.flatMap(({ label, tooltip }) => [String(label), String(tooltip ?? '')]),
  ];
  for (const [line, code] of lines.entries()) {
    // Words of comments are the text of the document itself.
    if (code.startsWith(';;')) found.push(code);
    const position = { line, character: code.search(/\S/) + 1 };
    const hover = await client.request<Hover | null>('textDocument/hover', { textDocument, position });
    if (hover !== null) found.push((hover.contents as { value: string }).value);
    const [, exportName] = /\(export "([^"]*)"/.exec(code) ?? [];
    if (exportName === undefined) continue;
    const about = await client.connection.sendRequest<ExportResult>('wasmHazards/export', { uri, exportName });
    if (about.headline === null) continue;
    found.push(about.headline, ...about.report.split('\n'), ...about.items.flatMap((one) => [one.label, one.detail]));
  }
  const matrix = await client.connection.sendRequest<{ text: string }>('wasmHazards/matrix', { uri });
  return [...found, ...matrix.text.split('\n')].filter((one) => one !== '');
}

/** Each English text once, with the beginning of the first text that says it. */
function assertChinese(texts: readonly string[]): void {
  assert.ok(texts.some((one) => /\p{Script=Han}/u.test(one)));
  const left = texts.toReversed().flatMap((one) => englishIn(one).map((words) => [words, one.slice(0, 200)]));
  assert.deepEqual(Object.fromEntries(left), {});
}

describe('the server with translations', () => {
  let client: TestClient;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-language-'));
    client = await startServer({}, [pathToFileURL(folder).href], TRANSLATIONS);
  });

  after(async () => {
    await client.stop();
    await rm(folder, { recursive: true });
  });

  for (const path of globSync(['*.wasm', 'broken/{component,truncated}.wasm'], { cwd: FIXTURES }).sort())
    it(`speaks Chinese about ${path}`, async () => {
      const copy = join(folder, basename(path));
      await copyFile(join(FIXTURES, path), copy);
      assertChinese(await textsAbout(client, pathToFileURL(copy).href));
    });
});

/** Fixtures that bring most of what a host says of itself. */
const ABOUT_HOSTS = [
  'counter-global.wasm',
  'greeting.wasm',
  'growable-memory.wasm',
  'host-import.wasm',
  'ref-func.wasm',
];

describe('hosts with translations', () => {
  for (const host of HOST_IDS)
    it(`are Chinese: ${host}`, async () => {
      const client = await startServer({ host }, [], TRANSLATIONS);
      try {
        for (const name of ABOUT_HOSTS)
          assertChinese(await textsAbout(client, pathToFileURL(join(FIXTURES, name)).href));
      } finally {
        await client.stop();
      }
    });
});

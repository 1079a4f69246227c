/** What the editor says of a module with debug information, before and after that has been read. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver';
import { debugInfoOf } from '../../../core/debug/debugInfo.ts';
import { attachSource } from '../../../core/debug/moduleSource.ts';
import { assertGoldenText } from '../../../core/testing/golden.ts';
import { ROOT } from '../../../core/testing/paths.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { cursorAt, documentOfBytes } from '../testing/testDocument.ts';
import { textDiagnostics } from './diagnostics.ts';
import { exportReport } from './exportReport.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlayHint.ts';
import { matrixText } from './matrix.ts';

const BYTES = await readFile(join(ROOT, 'core', 'debug', 'cases', 'state.wasm'));
const FILE = '/build/state/state.c';

function read(): ModuleDocument {
  const doc = documentOfBytes(BYTES);
  const info = debugInfoOf(doc.module);
  attachSource(doc.module, { info, pathOf: (file) => (file === FILE ? 'src/state.c' : undefined) });
  return doc;
}

/** All that is said, as text. */
function said(doc: ModuleDocument): string {
  const last = doc.lineStarts.length - 1;
  const range = { start: { line: 0, character: 0 }, end: { line: last, character: 0 } };
  const diagnostics = textDiagnostics(doc).flatMap(({ message, relatedInformation }) => [
    `- ${message}`,
    ...(relatedInformation ?? []).map((one) => `    ${one.message}`),
  ]);
  const hints = inlayHints(doc, range).map(({ position, label }) => `${position.line + 1}: ${label}`);
  const hovers = ['i32.sto<|>re offset=1036', 'i32.sto<|>re offset=1060', '(func $rec<|>ord (;'].map((marked) => {
    const found = hover(doc, ...cursorAt(doc, marked));
    return (found?.contents as MarkupContent | undefined)?.value.replace(/\(command:[^)]*\)/g, '(...)') ?? 'no hover';
  });
  const parts: readonly [title: string, lines: readonly string[]][] = [
    ['Diagnostics', diagnostics],
    ['Hints', hints],
    ['Hovers', hovers],
    ['Matrix', [matrixText(doc)]],
    ['Report', [exportReport(doc, 'third') ?? '']],
  ];
  return parts.map(([title, lines]) => `== ${title}\n${lines.join('\n')}\n`).join('\n');
}

describe('a module with debug information', () => {
  test('is spoken of in words of its source', () => assertGoldenText(import.meta.dirname, 'source', said(read())));

  test('is spoken of by its bytes before that has been read', () => {
    const text = said(documentOfBytes(BYTES));
    assert.doesNotMatch(text, /state\.c|slots|counter|state\.count/);
    assertGoldenText(import.meta.dirname, 'source-unread', text);
  });
});

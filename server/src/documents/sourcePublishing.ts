/** Diagnostics of a source: why it does not compile, why it is not valid, and what was found in it. */

import type { Connection, Diagnostic } from 'vscode-languageserver';
import { fileName } from '../../../core/source/binary.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import type { CompileError } from '../../../core/wat/compile.ts';
import { SOURCE, textDiagnostics } from '../features/diagnostics.ts';
import { unusedIgnoreDiagnostics } from '../features/ignoreComments.ts';
import type { GoodModule, SourceEntry } from './sourceEntry.ts';
import { STALE } from './sourceView.ts';

const FIRST_LINE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
/** VS Code shows no more of a file. */
const MAX_DIAGNOSTICS = 1000;
const MAX_RELATED = 5;

export function publishSource(connection: Connection, entry: SourceEntry): void {
  const { uri, document } = entry;
  const diagnostics = sourceDiagnostics(entry).slice(0, MAX_DIAGNOSTICS);
  void connection.sendDiagnostics({ uri, version: document.version, diagnostics });
}

export const clearSource = (connection: Connection, { uri }: SourceEntry): void =>
  void connection.sendDiagnostics({ uri, diagnostics: [] });

export function sourceDiagnostics(entry: SourceEntry): Diagnostic[] {
  const { last, good } = entry;
  const problems = last?.problem === undefined ? [] : [plain(FIRST_LINE, 2, 'analysis', last.problem)];
  // Of an older text there can be none: a run that was overtaken does not end here.
  const errors = (last?.errors ?? []).filter(isWorthSaying(entry)).map((error) => compileError(entry, error));
  return [...problems, ...errors, ...good.flatMap((one) => (one ? moduleDiagnostics(entry, one) : []))];
}

/** A new file is empty before it is anything. */
const isWorthSaying =
  ({ document }: SourceEntry) =>
  ({ start }: CompileError): boolean =>
    !(start === document.getText().length && /^\s*$/.test(document.getText()));

function compileError({ uri, document, last }: SourceEntry, error: CompileError): Diagnostic {
  const rangeOf = ({ start, end }: { start: number; end: number }): TextRange => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  const found = plain(rangeOf(error), 1, 'syntax', sentence(error.message));
  // What the compiler stumbles over may come from something that was left open far above.
  const above = (last?.noticed ?? []).filter(({ start }) => start < error.start).slice(0, MAX_RELATED);
  if (above.length === 0) return found;
  const relatedInformation = above.map(({ message, ...span }) => ({
    location: { uri, range: rangeOf(span) },
    message,
  }));
  return { ...found, relatedInformation };
}

function moduleDiagnostics(entry: SourceEntry, { doc, moved, invalid, stale }: GoodModule): Diagnostic[] {
  const found = [...invalidity(doc, invalid), ...textDiagnostics(doc), ...unusedIgnoreDiagnostics(doc)];
  const now = moved.move(found, entry.uri) ?? [];
  return stale ? now.map((one) => ({ ...one, message: `${one.message} ${STALE}` })) : now;
}

function invalidity(doc: GoodModule['doc'], invalid: GoodModule['invalid']): Diagnostic[] {
  if (invalid === undefined) return [];
  const { offset, message, kind } = invalid;
  const range = (offset === undefined ? undefined : doc.map.rangeOf(offset)) ?? doc.map.rangeOf(0) ?? FIRST_LINE;
  if (kind === 'invalid') return [plain(range, 1, 'invalid', sentence(message))];
  const text = `${sentence(message)} V8, which checks modules here, does not know what ${fileName(doc.textUri)} uses or has a lower limit; other engines may take it.`;
  return [plain(range, 3, 'unsupported', text)];
}

const plain = (range: TextRange, severity: 1 | 2 | 3, code: string, message: string): Diagnostic => ({
  range,
  severity,
  source: SOURCE,
  code,
  message,
});

/** An error of a tool as a sentence; a mnemonic in front stays as it is written. */
function sentence(message: string): string {
  const capital = /^[a-z]+[\s:]/.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
  return `${capital.replace(/\.$/, '')}.`;
}

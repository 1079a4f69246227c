/** Diagnostics of a source: why it does not compile, why it is not valid, and what was found in it. */

import type { Diagnostic } from 'vscode-languageserver';
import { fileName } from '../../../../core/source/binary.ts';
import { t } from '../../../../core/text/l10n.ts';
import type { TextRange } from '../../../../core/text/lines.ts';
import type { CompileError } from '../../../../core/wat/compile.ts';
import { FIRST_LINE, SOURCE } from '../../features/diagnosticParts.ts';
import { textDiagnostics } from '../../features/diagnostics.ts';
import { unusedIgnoreDiagnostics } from '../../features/ignoreComments.ts';
import type { GoodModule, SourceState } from './sourceState.ts';
import { staleText } from './sourceView.ts';

/** VS Code shows no more for one file. */
const MAX_DIAGNOSTICS = 1000;
const MAX_RELATED = 5;

/** All diagnostics of a source, at positions of its current text: at most 1,000, errors of the compiler first. */
export function sourceDiagnostics(state: SourceState): Diagnostic[] {
  const { last, good } = state;
  const problems = last?.problem === undefined ? [] : [plain(FIRST_LINE, 2, 'analysis', last.problem)];
  // Always errors of the current text: results of superseded runs are dropped.
  const errors = (last?.errors ?? []).filter(isWorthSaying(state)).map((error) => compileError(state, error));
  const found = good.flatMap((one) => (one ? moduleDiagnostics(state, one) : []));
  return [...problems, ...errors, ...found].slice(0, MAX_DIAGNOSTICS);
}

/** An empty file is not worth an error. */
const isWorthSaying =
  ({ document }: SourceState) =>
  ({ start }: CompileError): boolean =>
    !(start === document.getText().length && /^\s*$/.test(document.getText()));

function compileError({ uri, document, last }: SourceState, error: CompileError): Diagnostic {
  const rangeOf = ({ start, end }: { start: number; end: number }): TextRange => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  const found = plain(rangeOf(error), 1, 'syntax', sentence(error.message));
  // The cause may be a parenthesis that was left open far above.
  const above = (last?.noticed ?? []).filter(({ start }) => start < error.start).slice(0, MAX_RELATED);
  if (above.length === 0) return found;
  const relatedInformation = above.map(({ message, ...span }) => ({
    location: { uri, range: rangeOf(span) },
    message,
  }));
  return { ...found, relatedInformation };
}

function moduleDiagnostics(state: SourceState, { doc, moved, invalid, stale }: GoodModule): Diagnostic[] {
  const found = [...invalidity(doc, invalid), ...textDiagnostics(doc), ...unusedIgnoreDiagnostics(doc)];
  const now = moved.move(found, state.uri) ?? [];
  return stale ? now.map((one) => ({ ...one, message: `${one.message} ${staleText()}` })) : now;
}

function invalidity(doc: GoodModule['doc'], invalid: GoodModule['invalid']): Diagnostic[] {
  if (invalid === undefined) return [];
  const { offset, message, kind } = invalid;
  const range = (offset === undefined ? undefined : doc.map.rangeOf(offset)) ?? doc.map.rangeOf(0) ?? FIRST_LINE;
  if (kind === 'invalid') return [plain(range, 1, 'invalid', sentence(message))];
  const why = t(
    'V8, which validates modules here, does not support a feature that {0} uses, or has a lower limit; other engines may accept it.',
    fileName(doc.textUri),
  );
  return [plain(range, 3, 'unsupported', `${sentence(message)} ${why}`)];
}

const plain = (range: TextRange, severity: 1 | 2 | 3, code: string, message: string): Diagnostic => ({
  range,
  severity,
  source: SOURCE,
  code,
  message,
});

/** A tool's message as a sentence; a leading mnemonic keeps its case. */
function sentence(message: string): string {
  const capital = /^[a-z]+[\s:]/.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
  return `${capital.replace(/\.$/, '')}.`;
}

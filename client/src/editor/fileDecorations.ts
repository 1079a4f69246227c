/**
 * Marks of binaries in the explorer while their findings are at their texts: VS Code itself marks only the files that
 * diagnostics are about.
 */
import {
  DiagnosticSeverity,
  EventEmitter,
  type FileDecoration,
  l10n,
  languages,
  ThemeColor,
  type Uri,
  window,
} from 'vscode';
import { TEXT_SCHEME } from '../../../core/text/documentUris.ts';
import type { Feature } from '../services.ts';
import { toBinaryUri, toTextUri } from '../uris.ts';

/** As VS Code writes it where there are more. */
const MAX_BADGE = 9;

/** The mark of a file as VS Code makes it of errors and warnings; undefined where the text has neither. */
function decorationOf(binary: Uri): FileDecoration | undefined {
  const text = toTextUri(binary);
  if (text.scheme !== TEXT_SCHEME) return undefined;
  const found = languages.getDiagnostics(text);
  const errors = found.filter(({ severity }) => severity === DiagnosticSeverity.Error).length;
  const warnings = found.filter(({ severity }) => severity === DiagnosticSeverity.Warning).length;
  const count = errors + warnings;
  if (count === 0) return undefined;
  return {
    badge: count > MAX_BADGE ? `${MAX_BADGE}+` : String(count),
    color: new ThemeColor(errors > 0 ? 'list.errorForeground' : 'list.warningForeground'),
    propagate: true,
    tooltip: count === 1 ? l10n.t('1 problem in this file') : l10n.t('{0} problems in this file', count),
  };
}

/** Registers the marks, which follow the diagnostics. */
export const registerFileDecorations: Feature = (context) => {
  const changed = new EventEmitter<Uri[]>();
  context.subscriptions.push(
    changed,
    languages.onDidChangeDiagnostics(({ uris }) => {
      const texts = uris.filter(({ scheme }) => scheme === TEXT_SCHEME);
      if (texts.length > 0) changed.fire(texts.map(toBinaryUri));
    }),
    window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration: (uri) => (/\.wasm$/i.test(uri.path) ? decorationOf(uri) : undefined),
    }),
  );
};

/** Links and symbols in the text of a component. */

import { type DocumentLink, type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { fileName } from '../../../core/source/binary.ts';
import { addressOf } from '../../../core/source/coreModules.ts';
import { textUriOf } from '../../../core/text/documentUris.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { componentOutline, GROUP_NAME, type OutlineEntry } from '../documents/binary/componentOutline.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

const entriesOf = ({ module, uri }: ModuleDocument): OutlineEntry[] =>
  module.kind === 'component' ? componentOutline(module.bytes, fileName(uri)).entries : [];

const rangeOf = ({ line, start, end }: OutlineEntry): DocumentLink['range'] => ({
  start: { line, character: start },
  end: { line, character: end },
});

/** A link from each core module of a component to its text; none in the text of a module. */
export const componentLinks = (doc: ModuleDocument): DocumentLink[] =>
  entriesOf(doc).flatMap((entry) =>
    entry.coreModule === undefined
      ? []
      : [
          {
            range: rangeOf(entry),
            target: textUriOf(encodedAddress(doc.uri, entry.coreModule)),
            tooltip: t('Open core module {0}', entry.coreModule),
          },
        ],
  );

/** `file:///x.wasm%232`: `#` would begin a fragment. */
const encodedAddress = (uri: string, number: number): string => {
  const [, path = uri, query = ''] = /^([^?]*)(\?.*)?$/s.exec(uri) ?? [];
  return `${addressOf(path, { number }).replace('#', '%23')}${query}`;
};

const KINDS: Readonly<Record<OutlineEntry['group'], SymbolKind>> = {
  modules: SymbolKind.Module,
  exports: SymbolKind.Interface,
  imports: SymbolKind.Namespace,
};

/** Symbols of the core modules, exports and imports of a component, in their groups. */
export function componentSymbols(doc: ModuleDocument): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  for (const entry of entriesOf(doc)) {
    const range = rangeOf(entry);
    if (symbols.at(-1)?.name !== translated(GROUP_NAME[entry.group]))
      symbols.push({
        name: translated(GROUP_NAME[entry.group]),
        kind: KINDS[entry.group],
        range,
        selectionRange: range,
        children: [],
      });
    const group = symbols[symbols.length - 1];
    group.range = { start: group.range.start, end: range.end };
    group.children!.push({
      name: entry.name,
      detail: entry.detail,
      kind: KINDS[entry.group],
      range,
      selectionRange: range,
    });
  }
  return symbols;
}

/** Workspace symbols: exports and functions of all modules that are known, by name. */
import { SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import { displayable } from '../../../core/harmless/names.ts';
import { fileName } from '../../../core/source/binary.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import { definitionOffset } from '../../../core/text/moduleItems.ts';
import { exportLabel, functionName } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Symbols in one answer; the editor asks again with a longer query. */
const MAX_SYMBOLS = 300;

/** Exports whose names have the letters of the query in its order, then functions that are named so. */
export function workspaceSymbols(
  docs: readonly ModuleDocument[],
  query: string,
  rangeToNow: (doc: ModuleDocument, range: TextRange) => TextRange | undefined,
): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  const wanted = [...query.toLowerCase().replace(/\s/g, '')];
  const add = (doc: ModuleDocument, name: string, offset: number | undefined): void => {
    if (offset === undefined || !hasInOrder(name.toLowerCase(), wanted)) return;
    const range = doc.map.rangeOf(offset);
    const now = range && rangeToNow(doc, range);
    if (now === undefined) return;
    const location = { uri: doc.textUri, range: now };
    found.push({ name, kind: SymbolKind.Function, containerName: displayable(fileName(doc.uri)), location });
  };
  for (const doc of docs)
    for (const { name, symbol, exportIndex } of doc.analysis.exports) {
      if (found.length >= MAX_SYMBOLS) return found;
      add(doc, exportLabel({ name, symbol }), doc.module.exports[exportIndex].offset);
    }
  // Without a query, functions inside are too many to be of use.
  if (wanted.length === 0) return found;
  for (const doc of docs)
    for (const func of doc.module.names.functions.keys()) {
      if (found.length >= MAX_SYMBOLS) return found;
      add(doc, functionName(doc.module, func), definitionOffset(doc.module, { kind: 'function', index: func }));
    }
  return found;
}

/** Whether a text has the characters in their order, with others between them. */
function hasInOrder(text: string, wanted: readonly string[]): boolean {
  let at = 0;
  for (const character of wanted) {
    at = text.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

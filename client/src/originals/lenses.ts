/** Code lenses above the exported functions of originals. */
import { CodeLens, type CodeLensProvider, type Command, EventEmitter, l10n, Range, type TextDocument } from 'vscode';
import type { OriginalExport } from '../../../server/src/protocol.ts';
import { commandOf } from '../commands/typedCommands.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';

/** What is known of each export, and what to do with it. */
export class OriginalLenses implements CodeLensProvider {
  readonly #originals: Originals;
  readonly #edits: Edits;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(originals: Originals, edits: Edits) {
    this.#originals = originals;
    this.#edits = edits;
    originals.onDidChange(() => this.#changed.fire());
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const { uri } = document;
    const notes = this.#originals.notesOf(uri);
    if (notes === undefined) return [];
    return notes.exports.flatMap((exported) => {
      const found = this.#edits.lineNow(uri, exported.line);
      if (found === undefined) return [];
      const line = exported.isGuess ? declarationOf(document, exported.exportName, found) : found;
      const range = new Range(line, 0, line, 0);
      const several = notes.modules.length > 1;
      const name = notes.modules.find((module) => module.uri === exported.module)?.name;
      return commandsOf(exported, several ? name : undefined, uri.toString()).map((one) => new CodeLens(range, one));
    });
  }
}

/** The line that declares the function, if there is exactly one that looks like that; else `line`, which has code of it. */
function declarationOf(document: TextDocument, name: string, line: number): number {
  const declaration = new RegExp(`\\b(?:function|fn|func)\\s+${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`);
  const found = document
    .getText()
    .split('\n')
    .flatMap((text, at) => (declaration.test(text) ? [at] : []));
  return found.length === 1 ? found[0] : line;
}

/** `module` is told where the file is compiled to several. */
const commandsOf = (
  { module, exportName, line, text }: OriginalExport,
  name: string | undefined,
  uri: string,
): Command[] => [
  commandOf(name === undefined ? text : `${name}: ${text}`, 'wasm-hazards.showExport', module, exportName),
  commandOf(l10n.t('Stress test'), 'wasm-hazards.stressExport', module, exportName),
  commandOf(l10n.t('Show WebAssembly'), 'wasm-hazards.showWebAssembly', uri, line),
];

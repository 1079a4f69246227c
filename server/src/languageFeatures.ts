/** The features of the Language Server Protocol as a table: what each announces, and how it answers. */
import { CodeActionKind, type Connection, type ServerCapabilities } from 'vscode-languageserver';
import { codeActions } from './features/codeAction.ts';
import { codeLenses } from './features/codeLens.ts';
import { definition } from './features/definition.ts';
import { documentSymbols } from './features/documentSymbol.ts';
import { foldingRanges } from './features/foldingRange.ts';
import { hover } from './features/hover.ts';
import { references } from './features/references.ts';
import type { ModuleDocument } from './moduleDocument.ts';

/** The document that an open text shows. */
export interface Shown {
  /** At once, undefined while the first analysis runs: for what a user waits for with the mouse. */
  now(textUri: string): ModuleDocument | undefined;
  /** Waits for the first analysis: for what VS Code asks once when it opens a text. */
  first(textUri: string): Promise<ModuleDocument | undefined>;
}

interface AboutText {
  textDocument: { uri: string };
}

type Answer<P, R> = (params: P) => Promise<R | null>;

/** How a feature gets its document and what happens when it fails. */
interface Answers {
  now<P extends AboutText, R>(answer: (doc: ModuleDocument, params: P) => R | undefined): Answer<P, R>;
  first<P extends AboutText, R>(answer: (doc: ModuleDocument, params: P) => R | undefined): Answer<P, R>;
}

interface LanguageFeature {
  capability: Partial<ServerCapabilities>;
  register(connection: Connection, answers: Answers): void;
}

const FEATURES: readonly LanguageFeature[] = [
  {
    capability: { hoverProvider: true },
    register: (connection, { now }) =>
      connection.onHover(now((doc, { position: { line, character } }) => hover(doc, line, character))),
  },
  {
    capability: { definitionProvider: true },
    register: (connection, { now }) =>
      connection.onDefinition(now((doc, { position: { line, character } }) => definition(doc, line, character))),
  },
  {
    capability: { referencesProvider: true },
    register: (connection, { now }) =>
      connection.onReferences(
        now((doc, { position: { line, character }, context }) =>
          references(doc, line, character, context.includeDeclaration),
        ),
      ),
  },
  {
    capability: { codeLensProvider: {} },
    register: (connection, { first }) => connection.onCodeLens(first((doc) => codeLenses(doc))),
  },
  {
    capability: { documentSymbolProvider: { label: 'WebAssembly' } },
    register: (connection, { first }) => connection.onDocumentSymbol(first((doc) => documentSymbols(doc))),
  },
  {
    capability: { foldingRangeProvider: true },
    register: (connection, { first }) => connection.onFoldingRanges(first((doc) => foldingRanges(doc))),
  },
  {
    capability: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } },
    register: (connection, { now }) =>
      connection.onCodeAction(now((_, { context }) => codeActions(context.diagnostics))),
  },
];

export const languageCapabilities = (): ServerCapabilities =>
  Object.assign({}, ...FEATURES.map(({ capability }) => capability));

export function registerLanguageFeatures(connection: Connection, shown: Shown): void {
  // A defect of a feature goes to the output with its stack. As an error reply it would come up as a
  // notification, again with every move of the mouse.
  const guarded =
    (get: (uri: string) => ModuleDocument | undefined | Promise<ModuleDocument | undefined>): Answers['now'] =>
    (answer) =>
    async (params) => {
      const doc = await get(params.textDocument.uri);
      if (!doc) return null;
      try {
        return answer(doc, params) ?? null;
      } catch (error) {
        connection.console.error(
          `a request about ${doc.uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
        );
        return null;
      }
    };
  const answers: Answers = { now: guarded(shown.now), first: guarded(shown.first) };
  for (const { register } of FEATURES) register(connection, answers);
}

/** The language features: a table of what each announces to the client and how it answers. */

import {
  type CallHierarchyItem,
  CodeActionKind,
  type Connection,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { TEXT_SCHEME } from '../../core/text/documentUris.ts';
import type { TextRange } from '../../core/text/lines.ts';
import type { ModuleDocument } from './documents/moduleDocument.ts';
import type { AboutText, View } from './documents/view.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './features/callHierarchy.ts';
import { codeActions } from './features/codeAction.ts';
import { codeLenses } from './features/codeLens.ts';
import { componentLinks, componentSymbols } from './features/componentFeatures.ts';
import { definition } from './features/definition.ts';
import { documentSymbols } from './features/documentSymbol.ts';
import { foldingRanges } from './features/foldingRange.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlayHint.ts';
import { references } from './features/references.ts';
import type { EditSupport } from './features/watEdits.ts';
import { workspaceSymbols } from './features/workspaceSymbol.ts';

/** Where features get the view of an open text. */
export interface Shown {
  /** Immediate; undefined during the first analysis. For requests that a user waits for, such as hovers. */
  view(textUri: string): View | undefined;
  /** Waits for the end of the first analysis, of which the request wants to know something. */
  conclusiveView(textUri: string): Promise<View | undefined>;
  /** Waits for the first analysis. For requests that VS Code sends once when it opens a text. */
  firstView(textUri: string): Promise<View | undefined>;
  /** All modules with a finished analysis. */
  modules(): ModuleDocument[];
  /** The current range of a range in the text that a module was made from. */
  rangeToNow(uri: string, range: TextRange): TextRange | undefined;
}

type Answer<P, R> = (params: P) => Promise<R | null>;

/** Wraps the answer of a feature: gets its document and handles failures. */
interface Answers {
  conclusive<P extends AboutText, R>(answer: (doc: ModuleDocument, params: P) => R | undefined): Answer<P, R>;
  now<P extends AboutText, R>(answer: (doc: ModuleDocument, params: P) => R | undefined): Answer<P, R>;
  first<P extends AboutText, R>(answer: (doc: ModuleDocument, params: P) => R | undefined): Answer<P, R>;
  shown: Shown;
}

interface LanguageFeature {
  capability: Partial<ServerCapabilities>;
  register(connection: Connection, answers: Answers, support: EditSupport): void;
}

const FEATURES: readonly LanguageFeature[] = [
  {
    capability: { hoverProvider: true },
    register: (connection, { conclusive }) =>
      connection.onHover(conclusive((doc, { position: { line, character } }) => hover(doc, line, character))),
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
    capability: { callHierarchyProvider: true },
    register: (connection, { now }) => {
      const { callHierarchy } = connection.languages;
      callHierarchy.onPrepare(
        now((doc, { position: { line, character } }) => prepareCallHierarchy(doc, line, character)),
      );
      const incoming = now((doc, { func }: AboutFunction) => incomingCalls(doc, func));
      const outgoing = now((doc, { func }: AboutFunction) => outgoingCalls(doc, func));
      callHierarchy.onIncomingCalls(({ item }) => incoming(aboutFunction(item)));
      callHierarchy.onOutgoingCalls(({ item }) => outgoing(aboutFunction(item)));
    },
  },
  {
    capability: { workspaceSymbolProvider: true },
    register: (connection, { shown }) =>
      connection.onWorkspaceSymbol(({ query }) =>
        workspaceSymbols(shown.modules(), query, ({ uri }, range) => shown.rangeToNow(uri, range)),
      ),
  },
  {
    capability: { codeLensProvider: {} },
    register: (connection, { first }) => connection.onCodeLens(first((doc) => codeLenses(doc))),
  },
  {
    capability: { documentSymbolProvider: { label: 'WebAssembly' } },
    register: (connection, { first }) =>
      connection.onDocumentSymbol(
        first((doc) => (doc.module.kind === 'component' ? componentSymbols(doc) : documentSymbols(doc))),
      ),
  },
  {
    capability: { documentLinkProvider: {} },
    register: (connection, { first }) => connection.onDocumentLinks(first((doc) => componentLinks(doc))),
  },
  {
    // Sources are folded by the editor or by another extension for the language.
    capability: { foldingRangeProvider: { documentSelector: [{ scheme: TEXT_SCHEME }] } },
    register: (connection, { first }) => connection.onFoldingRanges(first((doc) => foldingRanges(doc))),
  },
  {
    capability: { inlayHintProvider: true },
    register: (connection, { conclusive }) =>
      connection.languages.inlayHint.on(conclusive((doc, { range }) => inlayHints(doc, range))),
  },
  {
    capability: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } },
    register: (connection, { conclusive }, support) =>
      connection.onCodeAction(
        conclusive((doc, { range, context: { diagnostics } }) =>
          isAbout(doc, range) ? codeActions(doc, range, diagnostics, support) : undefined,
        ),
      ),
  },
];

/** A question about a function of a module: `position` is in its text. */
interface AboutFunction extends AboutText {
  position: TextRange['start'];
  func: number;
}

const aboutFunction = ({ uri, selectionRange, data }: CallHierarchyItem): AboutFunction => ({
  textDocument: { uri },
  position: selectionRange.start,
  func: Number(data),
});

/** A question about a document is one about its source, too: the reading starts, and later answers speak of it. */
const speakingOfSource =
  <P, R>(answer: (doc: ModuleDocument, params: P) => R) =>
  (doc: ModuleDocument, params: P): R => {
    doc.sources.now();
    return answer(doc, params);
  };

/** Whether a place belongs to the module, for scripts with several modules. */
function isAbout({ source, lineStarts, uri, textUri }: ModuleDocument, { start }: TextRange): boolean {
  const module = source?.wat.modules[source.index];
  if (source === undefined || module === undefined || source.wat.modules.length < 2) return true;
  const at = lineStarts[start.line] + start.character;
  return (module.start <= at && at <= module.end) || (uri === textUri && at < module.start);
}

/** What the server announces in its answer to `initialize`, for all features. */
export const languageCapabilities = (): ServerCapabilities =>
  Object.assign({}, ...FEATURES.map(({ capability }) => capability));

/**
 * Registers the handlers of all features. A request about a text without a view, or one that fails, is answered with
 * null; failures are logged.
 */
export function registerLanguageFeatures(connection: Connection, shown: Shown, support: EditSupport): void {
  // A defect of a feature is logged with its stack. As an error reply it would pop up as a notification
  // at every move of the mouse.
  const guarded =
    (get: (uri: string) => View | undefined | Promise<View | undefined>): Answers['now'] =>
    (answer) =>
    async (params) => {
      const view = await get(params.textDocument.uri);
      try {
        return view?.ask(params, speakingOfSource(answer)) ?? null;
      } catch (error) {
        connection.console.error(
          `a request about ${params.textDocument.uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
        );
        return null;
      }
    };
  const answers: Answers = {
    now: guarded((uri) => shown.view(uri)),
    conclusive: guarded((uri) => shown.conclusiveView(uri)),
    first: guarded((uri) => shown.firstView(uri)),
    shown,
  };
  for (const { register } of FEATURES) register(connection, answers, support);
}

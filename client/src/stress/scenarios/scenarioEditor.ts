/** Editor support for scenario files beyond their JSON schema: checks calls against the module and completes exports. */
import { findNodeAtLocation, getNodeValue, type JSONPath, type Node, parseTree } from 'jsonc-parser';
import {
  CompletionItem,
  CompletionItemKind,
  Diagnostic,
  DiagnosticSeverity,
  Hover,
  l10n,
  languages,
  Range,
  SnippetString,
  type TextDocument,
  type Uri,
  workspace,
} from 'vscode';
import { codeBlock, markdownText } from '../../../../core/harmless/markdown.ts';
import { DEFAULT_HOST } from '../../../../core/hosts/index.ts';
import { typeName } from '../../../../core/stress/scenario/arguments.ts';
import { pathInFile } from '../../../../core/stress/scenario/callerForms.ts';
import { checkCalls } from '../../../../core/stress/scenario/checkCalls.ts';
import { checkForm, type ScenarioProblem } from '../../../../core/stress/scenario/checkScenario.ts';
import { NUMBER_TYPES } from '../../../../core/stress/scenario/expression.ts';
import { completeScenario } from '../../../../core/stress/scenario/scenario.ts';
import { spanIn } from '../../../../core/stress/scenario/scenarioPlaces.ts';
import { calledExport } from '../../../../core/stress/scenario/steps.ts';
import { exportLabelOf } from '../../../../core/wasm/displayNames.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import { isRef } from '../../../../core/wasm/types.ts';
import type { Feature } from '../../services.ts';
import { markdownString } from '../../shown/markdown.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import { forgetModule, isScenario, type ScenarioModule, scenarioModule, scenarioModuleUri } from './scenarioModule.ts';
import { type ExportPlace, type ExpressionPlace, stepLabel, stepPlaceAt } from './stepPlaces.ts';

const SELECTOR = { pattern: '**/*.stress.json' };
/** A scenario is checked after a pause in typing of this length. */
const PAUSE_MS = 250;
const MAX_NAMES = 2000;

/** Registers diagnostics, completion and hovers. When any module changes, all open scenarios are checked again. */
export const registerScenarioEditor: Feature = (context, { server }) => {
  const collection = languages.createDiagnosticCollection('wasm-hazards scenarios');
  const timers = new Map<string, NodeJS.Timeout>();

  async function moduleOf(document: TextDocument): Promise<ScenarioModule | undefined> {
    const tree = parseTree(document.getText());
    const uri = await scenarioModuleUri(document.uri, tree && valueAt(tree, ['module']));
    return uri && scenarioModule(server, uri);
  }

  async function check(document: TextDocument): Promise<void> {
    const text = document.getText();
    const tree = parseTree(text);
    if (tree === undefined || tree.type !== 'object') {
      collection.delete(document.uri); // VS Code reports invalid JSON itself.
      return;
    }
    const form = checkForm(getNodeValue(tree));
    const problems = 'problems' in form ? form.problems : await callProblems(document.uri, form.file);
    if (document.getText() !== text) return; // A later check is due.
    collection.set(
      document.uri,
      problems.map((problem) => diagnostic(document, tree, problem)),
    );
  }

  async function callProblems(
    uri: Uri,
    file: Parameters<typeof completeScenario>[0],
  ): Promise<(ScenarioProblem & { note?: boolean })[]> {
    const named = await scenarioModuleUri(uri, file.module);
    if (named === undefined)
      return [
        {
          path: [],
          message: l10n.t('this scenario does not name a module; add "module" to check its calls'),
          note: true,
        },
      ];
    try {
      const { module } = await scenarioModule(server, named);
      return checkCalls(completeScenario(file, DEFAULT_HOST), module).map((problem) => ({
        ...problem,
        path: pathInFile(file, problem.path),
      }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ path: ['module'], message: l10n.t('{0} cannot be read: {1}', baseName(named), reason) }];
    }
  }

  function later(document: TextDocument): void {
    if (!isScenario(document)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void check(document).catch((error) => server.report(error)), PAUSE_MS),
    );
  }

  const again = (uri: Uri): void => {
    forgetModule(uri);
    workspace.textDocuments.forEach(later);
  };
  const watcher = workspace.createFileSystemWatcher('**/*.{wasm,wat}');
  context.subscriptions.push(
    collection,
    watcher,
    watcher.onDidChange(again),
    watcher.onDidCreate(again),
    watcher.onDidDelete(again),
    workspace.onDidOpenTextDocument(later),
    workspace.onDidChangeTextDocument(({ document }) => {
      later(document);
      if (/\.wat$/.test(document.uri.path)) again(toBinaryUri(document.uri));
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      collection.delete(uri);
    }),
    languages.registerCompletionItemProvider(
      SELECTOR,
      {
        async provideCompletionItems(document, position) {
          const place = stepPlaceAt(document.getText(), document.offsetAt(position));
          if (place?.kind === 'expression') return nameItems(document, place);
          if (place === undefined) return undefined;
          const found = await moduleOf(document).catch(() => undefined);
          return found && exportItems(found, document, place);
        },
      },
      '"',
      '$',
    ),
    languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position) {
        const place = stepPlaceAt(document.getText(), document.offsetAt(position));
        if (place === undefined) return undefined;
        const found = await moduleOf(document).catch(() => undefined);
        if (place.kind === 'expression') return nameHover(document, place, found?.module);
        return found && place.name !== undefined ? exportHover(found, place.name) : undefined;
      },
    }),
  );
  workspace.textDocuments.forEach(later);
};

function valueAt(tree: Node, path: JSONPath): unknown {
  const node = findNodeAtLocation(tree, path);
  return node && getNodeValue(node);
}

function diagnostic(document: TextDocument, tree: Node, problem: ScenarioProblem & { note?: boolean }): Diagnostic {
  const { offset, length } = spanIn(tree, problem.path);
  const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
  const found = new Diagnostic(
    range,
    problem.message,
    problem.note ? DiagnosticSeverity.Information : DiagnosticSeverity.Error,
  );
  found.source = 'wasm-hazards';
  return found;
}

function functionType(module: Module, name: string) {
  const exported = module.exports.find((e) => e.kind === 'func' && e.name === name);
  const type = exported && module.types[module.functions.typeIndex[exported.index]]?.composite;
  return type?.kind === 'func' ? type : undefined;
}

/** `(i32, i64) -> i32`. */
function signature(module: Module, name: string): string | undefined {
  const type = functionType(module, name);
  if (type === undefined) return undefined;
  const results = type.results.length === 0 ? '' : ` -> ${type.results.map(typeName).join(', ')}`;
  return `(${type.params.map(typeName).join(', ')})${results}`;
}

function exportItems(
  { info, module }: ScenarioModule,
  document: TextDocument,
  { replaced, isObject, hasArguments }: ExportPlace,
): CompletionItem[] {
  const range = replaced && rangeOf(document, replaced);
  return info.exports.slice(0, MAX_NAMES).map(({ name, partners }) => {
    const item = new CompletionItem(exportLabelOf(module, name), CompletionItemKind.Function);
    item.detail = signature(module, name);
    item.documentation = conflictText(module, partners);
    item.insertText = callSnippet(module, name, isObject, hasArguments);
    item.filterText = JSON.stringify(name);
    item.range = range;
    return item;
  });
}

/** The name, with placeholders for the arguments if the call has none yet. */
function callSnippet(module: Module, name: string, isObject: boolean, hasArguments: boolean): SnippetString {
  const snippet = new SnippetString().appendText(JSON.stringify(name));
  const params = functionType(module, name)?.params ?? [];
  if (hasArguments || params.length === 0) return snippet;
  snippet.appendText(isObject ? ', "args": [' : ', ');
  params.forEach((type, i) => {
    if (i > 0) snippet.appendText(', ');
    snippet.appendPlaceholder(isRef(type) ? 'null' : '0');
  });
  return isObject ? snippet.appendText(']') : snippet;
}

const rangeOf = (document: TextDocument, { start, end }: ExpressionPlace['replaced']): Range =>
  new Range(document.positionAt(start), document.positionAt(end));

/** Results that have a value at the place, and reads of memory. */
function nameItems(document: TextDocument, { names, replaced }: ExpressionPlace): CompletionItem[] {
  const results = [...names].map(([name, step]) => {
    const item = new CompletionItem(`$${name}`, CompletionItemKind.Variable);
    item.detail = stepLabel(step);
    item.range = rangeOf(document, replaced);
    return item;
  });
  const loads = NUMBER_TYPES.map((type) => {
    const item = new CompletionItem(`${type}()`, CompletionItemKind.Operator);
    item.detail = l10n.t('the {0} at an address of the memory', type);
    item.insertText = new SnippetString(`${type}($0)`);
    item.range = rangeOf(document, replaced);
    // Results first.
    item.sortText = `~${type}`;
    return item;
  });
  return [...results, ...loads];
}

/** Where a name gets its value from, with the type of the export that returns it. */
function nameHover(document: TextDocument, place: ExpressionPlace, module: Module | undefined): Hover | undefined {
  const step = place.names.get(place.word.replace('$', ''));
  if (step === undefined) return undefined;
  const name = calledExport(step);
  const lines = [stepLabel(step)];
  if (name !== undefined && module !== undefined) {
    const type = signature(module, name);
    if (type !== undefined) lines.push(`${exportLabelOf(module, name)}${type}`);
  }
  return new Hover(markdownString(codeBlock(lines.join('\n'))), rangeOf(document, place.replaced));
}

const conflictText = (module: Module, partners: readonly string[]): string =>
  partners.length === 0
    ? l10n.t('Conflicts with no export.')
    : l10n.t('Conflicts with {0}.', partners.map((name) => exportLabelOf(module, name)).join(', '));

function exportHover({ info, module }: ScenarioModule, name: string): Hover | undefined {
  const exported = info.exports.find((e) => e.name === name);
  const type = signature(module, name);
  if (exported === undefined || type === undefined) return undefined;
  const declared = codeBlock(`${exportLabelOf(module, name)}${type}`);
  return new Hover(markdownString(`${declared}\n\n${markdownText(conflictText(module, exported.partners))}`));
}

/** Helpers for tests inside VS Code. Everything waits for events, nothing sleeps. */
import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

/** Time limit of a wait: only what never happens takes as long, however busy the machine is. */
const PATIENCE_MS = 120_000;

export const folder = (): string => {
  const [root] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(root, 'the tests run with the fixtures open');
  return root.uri.fsPath;
};

export const fileUri = (name: string): vscode.Uri => vscode.Uri.file(join(folder(), name));

/** The text that shows a binary of the workspace. */
export const textUri = (name: string): vscode.Uri => fileUri(name).with({ scheme: 'wasm-hazards' });

/** Copies a fixture to a name of its own, for tests that change or remove it. */
export async function copyOf(name: string, as: string): Promise<string> {
  await mkdir(dirname(join(folder(), as)), { recursive: true });
  await copyFile(join(folder(), name), join(folder(), as));
  return as;
}

/** Waits until `look` returns something, calling it now and after each of the events. */
export function until<T>(
  what: string,
  events: vscode.Event<unknown>[],
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const subscriptions: vscode.Disposable[] = [];
    const end = (): void => {
      clearTimeout(timer);
      for (const one of subscriptions) one.dispose();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`waited in vain for ${what}`));
    }, PATIENCE_MS);
    const check = async (): Promise<void> => {
      const found = await look();
      if (found === undefined || found === false) return;
      end();
      resolve(found);
    };
    for (const event of events) subscriptions.push(event(() => void check().catch(reject)));
    void check().catch(reject);
  });
}

/** Opens a file as a double click does and waits for the text that takes its place. */
export async function open(name: string): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', fileUri(name));
  const wanted = textUri(name).toString();
  return until(
    `the text of ${name}`,
    [vscode.window.onDidChangeActiveTextEditor, vscode.window.onDidChangeVisibleTextEditors],
    () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.toString() === wanted && editor;
    },
  );
}

/** Waits for diagnostics of `uri` that fit; without a condition for any. */
export function diagnostics(
  uri: vscode.Uri,
  fit: (found: vscode.Diagnostic[]) => boolean = (found) => found.length > 0,
): Promise<vscode.Diagnostic[]> {
  return until(`diagnostics of ${uri} that fit ${fit}`, [vscode.languages.onDidChangeDiagnostics], () => {
    const found = vscode.languages.getDiagnostics(uri);
    return fit(found) && found;
  });
}

/** The rule that a diagnostic names. */
export const ruleOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

export const hasRule =
  (rule: string) =>
  (found: vscode.Diagnostic[]): boolean =>
    found.some((one) => ruleOf(one) === rule);

/** Position of `wanted` in a document, `within` characters into it. */
export function find(document: vscode.TextDocument, wanted: string, within = 0): vscode.Position {
  const at = document.getText().indexOf(wanted);
  assert.notEqual(at, -1, `the text has no ${wanted}:\n${document.getText().slice(0, 2000)}`);
  return document.positionAt(at + within);
}

/** Hovers as one text. */
export async function hover(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** Sets a setting for the workspace for the time of `work`. */
export async function withSetting<T>(name: string, value: unknown, work: () => PromiseLike<T>): Promise<T> {
  const settings = vscode.workspace.getConfiguration('wasmHazards');
  await settings.update(name, value, vscode.ConfigurationTarget.Workspace);
  try {
    return await work();
  } finally {
    await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
  }
}

export const closeAll = async (): Promise<void> => {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
};

/** Runs a command that opens a list, and takes its first entry. */
export async function acceptFirst<T>(run: () => Thenable<T>): Promise<T> {
  let done = false;
  const running = Promise.resolve(run()).finally(() => {
    done = true;
  });
  // Nothing tells a test that a list is open, and accepting before it is does nothing.
  for (let tries = 0; !done && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  return running;
}

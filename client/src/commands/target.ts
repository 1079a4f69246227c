/** Finds out which modules a command applies to. */
import { l10n, Uri, window, workspace } from 'vscode';
import { binaryElsewhere } from '../editor/elsewhere.ts';
import { showInformation } from '../shown/notices.ts';
import { pick } from '../shown/pick.ts';
import { isSource, isSourceUri, isText, toBinaryUri } from '../uris.ts';

/**
 * The modules that a command was called on: its arguments (the explorer passes the clicked file and
 * all selected ones), or else the active editor, or else one that the user picks. Empty when the user
 * picks none.
 */
export async function targets(clicked: unknown, selected?: unknown): Promise<Uri[]> {
  const given = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  const uris = given.map(asUri).filter((uri) => uri !== undefined);
  if (uris.length > 0) return uris.map(toBinaryUri);
  const active = activeModule();
  return active === undefined ? pickFile() : [active];
}

/** The module of the active editor, which may be one of another extension; undefined where it shows none. */
export function activeModule(): Uri | undefined {
  const document = window.activeTextEditor?.document;
  if (isText(document) || isSource(document)) return toBinaryUri(document.uri);
  return binaryElsewhere(window.tabGroups.activeTabGroup.activeTab);
}

/** Menus pass URIs or rows of a tree, links in Markdown pass strings. */
function asUri(value: unknown): Uri | undefined {
  if (value instanceof Uri) return value;
  if (isRow(value)) return value.resourceUri;
  if (isTest(value)) return value.uri;
  return typeof value === 'string' ? Uri.parse(value, true) : undefined;
}

/** A test of a module; that of a scenario file stands for no module. */
const isTest = (value: unknown): value is { uri: Uri } =>
  typeof value === 'object' &&
  value !== null &&
  'uri' in value &&
  value.uri instanceof Uri &&
  !value.uri.path.endsWith('.json');

/** A row of the tree of modules: one of a module, or of something in it. */
const isRow = (value: unknown): value is { resourceUri: Uri; exportName?: string } =>
  typeof value === 'object' && value !== null && 'resourceUri' in value && value.resourceUri instanceof Uri;

/** Module and export that a row of the tree of modules is about; undefined for anything else. */
export const exportOfRow = (value: unknown): { uri: Uri; name: string } | undefined =>
  isRow(value) && value.exportName !== undefined ? { uri: value.resourceUri, name: value.exportName } : undefined;

/** Opens a source, which the server knows only while it is open. It reads binaries itself. */
export async function known(uri: Uri): Promise<void> {
  if (isSourceUri(uri)) await workspace.openTextDocument(uri.with({ fragment: '' }));
}

async function pickFile(): Promise<Uri[]> {
  const found = await workspace.findFiles('**/*.{wasm,wat,wast}', '**/node_modules/**', 1000);
  if (found.length === 0) {
    void showInformation(
      l10n.t('There is no .wasm, .wat or .wast file in this workspace. Open one with File > Open File.'),
    );
    return [];
  }
  const items = found
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await pick(items, {
    title: l10n.t('WebAssembly module'),
    placeHolder: l10n.t('Select a module'),
  });
  return picked ? [picked.uri] : [];
}

/** Findings in the files that modules were compiled from, and the ways between them and the modules. */
import { commands, Disposable, languages, Uri, workspace } from 'vscode';
import type { Feature } from '../services.ts';
import { originalDiagnostics } from './diagnostics.ts';
import { Edits } from './edits.ts';
import { OriginalHovers } from './hover.ts';
import { OriginalLenses } from './lenses.ts';
import { WorkspaceModules } from './modules.ts';
import { registerNavigation } from './navigation.ts';
import { Originals } from './originals.ts';
import { OriginalQuickFixes } from './quickFixes.ts';
import { RacingLines } from './racingLines.ts';
import { sideBySide } from './sideBySide.ts';

/** Context key for menus: paths of the files that modules were compiled from. A remote window has other URIs. */
const CONTEXT = 'wasmHazards.originals';

/** Registers everything about originals. Providers for their languages exist only while there is such a file. */
export const registerOriginals: Feature = (context, services) => {
  const { server } = services;
  const modules = new WorkspaceModules();
  const originals = new Originals(server, modules);
  const edits = new Edits(originals);
  const lenses = new OriginalLenses(originals, edits);
  const hovers = new OriginalHovers(server, originals, edits);
  const racing = new RacingLines(services, originals, edits);
  const fixes = new OriginalQuickFixes(originals, edits, racing);
  let providers: Disposable | undefined;
  let selected = '';

  /** Other files of these languages must not even be asked about. */
  function provide(): void {
    const files = originals.files().sort();
    if (selected === files.join('\n')) return;
    selected = files.join('\n');
    const paths = files.map((file) => Uri.parse(file, true).fsPath);
    void commands.executeCommand('setContext', CONTEXT, paths);
    providers?.dispose();
    providers = undefined;
    const open = workspace.textDocuments.filter(({ uri }) => files.includes(uri.toString()));
    if (open.length === 0) return;
    const selector = open.map(({ uri, languageId }) => ({
      scheme: uri.scheme,
      language: languageId,
      pattern: uri.fsPath.replace(/[*?[\]{}]/g, '[$&]'),
    }));
    providers = Disposable.from(
      languages.registerCodeLensProvider(selector, lenses),
      languages.registerHoverProvider(selector, hovers),
      languages.registerCodeActionsProvider(selector, fixes, OriginalQuickFixes.metadata),
    );
  }

  context.subscriptions.push(
    modules,
    originals,
    edits,
    originals.onDidChange(provide),
    { dispose: () => providers?.dispose() },
    ...originalDiagnostics(originals, edits),
    ...registerNavigation({ server, originals, edits }),
    ...sideBySide({ server, originals, edits }),
    racing,
  );
};

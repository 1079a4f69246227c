/** `Analyse module`: analyses one module and shows its text, or several and shows Problems. */
import { commands, l10n, ProgressLocation, type Uri, window } from 'vscode';
import type { ModuleSummary } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { withProgress } from '../shown/notices.ts';
import { baseName, toTextUri } from '../uris.ts';
import { reportFailure } from './failure.ts';
import { known, targets } from './target.ts';
import { registerCommand } from './typedCommands.ts';

/** Registers the command, which resolves with the summaries of the modules that could be analysed. */
export const registerAnalyse: Feature = (context, { server }) => {
  async function analyse(clicked?: unknown, selected?: unknown): Promise<ModuleSummary[]> {
    const uris = await targets(clicked, selected);
    if (uris.length === 1) await window.showTextDocument(toTextUri(uris[0]), { preview: false });
    const summaries = await withProgress(
      { location: ProgressLocation.Window, title: l10n.t('Analysing') },
      async () => {
        const found: ModuleSummary[] = [];
        for (const uri of uris) {
          const summary = await one(uri);
          if (summary) found.push(summary);
        }
        return found;
      },
    );
    if (uris.length > 1) await commands.executeCommand('workbench.actions.view.problems');
    return summaries;
  }

  const one = (uri: Uri): Promise<ModuleSummary | undefined> =>
    known(uri)
      .then(() => server.request('wasmHazards/analyse', { uri: uri.toString() }))
      .catch((error) => reportFailure(server, l10n.t('{0} could not be analysed', baseName(uri)), error));

  context.subscriptions.push(registerCommand('wasm-hazards.analyseModule', analyse));
};

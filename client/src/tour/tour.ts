/** The walkthrough, and the sample module that its first step opens. */
import { commands, l10n, Uri, ViewColumn, window, workspace } from 'vscode';
import { reportFailure } from '../commands/failure.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';

/** Registers the commands of the walkthrough. */
export const registerTour: Feature = (context, { server }) => {
  const openTour = (): Thenable<unknown> =>
    commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#tour`, false);

  /** A text of its own, which the user can change and need not save. */
  async function openSample(): Promise<void> {
    try {
      const file = Uri.joinPath(context.extensionUri, 'samples', 'visits.wat');
      const content = new TextDecoder().decode(await workspace.fs.readFile(file));
      const document = await workspace.openTextDocument({ language: 'wat', content });
      // Beside the walkthrough, which stays in sight.
      await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: false });
    } catch (error) {
      reportFailure(server, l10n.t('The sample module cannot be opened'), error);
    }
  }

  context.subscriptions.push(
    registerCommand('wasm-hazards.openTour', openTour),
    registerCommand('wasm-hazards.openSample', openSample),
  );
};

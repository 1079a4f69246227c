/** `Restart Server` and `Show Output`. */
import { l10n } from 'vscode';
import type { Feature } from '../services.ts';
import { reportFailure } from './failure.ts';
import { registerCommand } from './typedCommands.ts';

/** Registers both commands. A restart that fails is reported to the user. */
export const registerServerCommands: Feature = (context, { server }) => {
  context.subscriptions.push(
    registerCommand('wasm-hazards.restartServer', () =>
      server.restart().catch((error) => reportFailure(server, l10n.t('The Wasm Hazards server did not start'), error)),
    ),
    registerCommand('wasm-hazards.showOutput', () => server.showOutput()),
  );
};

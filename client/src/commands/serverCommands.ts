/** `Restart Server` and `Show Output`. */
import { commands } from 'vscode';
import { Commands } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { reportFailure } from './failure.ts';

export const registerServerCommands: Feature = (context, { server }) => {
  context.subscriptions.push(
    commands.registerCommand(Commands.restart, () =>
      server.restart().catch((error) => reportFailure(server, 'The Wasm Hazards server did not start', error)),
    ),
    commands.registerCommand(Commands.showOutput, () => server.showOutput()),
  );
};

/** `Open as WebAssembly text`: opens modules as text, whichever editor other extensions open their files in. */
import { window } from 'vscode';
import { targets } from '../commands/target.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';
import { toTextUri } from '../uris.ts';

/** Registers the command; several modules open in tabs of their own. */
export const registerOpenText: Feature = (context) => {
  context.subscriptions.push(
    registerCommand('wasm-hazards.openText', async (clicked?: unknown, selected?: unknown) => {
      const uris = await targets(clicked, selected);
      for (const uri of uris) await window.showTextDocument(toTextUri(uri), { preview: uris.length === 1 });
    }),
  );
};

/** What differs between the extension hosts that VS Code has: that of Node.js, and that of a browser. */
import type { ExtensionContext } from 'vscode';
import type { Runner } from './runner.ts';
import type { CreateClient } from './server.ts';
import type { Feature } from './services.ts';

/** Implemented by `platform.node.ts` and `platform.browser.ts`. */
export interface ClientPlatform {
  createClient: CreateClient;
  createRunner(context: ExtensionContext): Runner;
  /** Features that only this kind of extension host has. */
  readonly features: readonly Feature[];
}

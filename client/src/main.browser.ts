/** Entry of the extension in an extension host of a browser. */
import type { ExtensionContext } from 'vscode';
import { activateOn, endServer } from './extension.ts';
import { browserPlatform } from './platform.browser.ts';

/** Called by VS Code on an activation event of package.json. */
export const activate = (context: ExtensionContext): void => activateOn(browserPlatform, context);

/** VS Code waits for what this returns before it ends the extension host. */
export const deactivate = endServer;

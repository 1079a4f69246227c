/** Entry of the extension in an extension host of Node.js. */
import type { ExtensionContext } from 'vscode';
import { activateOn, endServer } from './extension.ts';
import { nodePlatform } from './platform.node.ts';

/** Called by VS Code on an activation event of package.json. */
export const activate = (context: ExtensionContext): void => activateOn(nodePlatform, context);

/** VS Code waits for what this returns before it ends the extension host. */
export const deactivate = endServer;

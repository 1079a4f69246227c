/** Offers `wasm-hazards mcp`, the command line inside this extension, to the agents of the editor. */
import { EventEmitter, lm, McpStdioServerDefinition, Uri, workspace } from 'vscode';
import type { Feature } from '../services.ts';

/** As in `contributes.mcpServerDefinitionProviders` of package.json. */
const PROVIDER = 'wasm-hazards.mcp';

/** Registers the server where the editor knows such servers. The editor starts it, once the user has agreed. */
export const registerMcp: Feature = (context) => {
  // Editors that say they are VS Code 1.101 may lack this part of it.
  if (typeof lm?.registerMcpServerDefinitionProvider !== 'function') return;
  const changed = new EventEmitter<void>();
  context.subscriptions.push(
    changed,
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    lm.registerMcpServerDefinitionProvider(PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => [
        definition(context.extensionUri, String(context.extension.packageJSON.version)),
      ],
    }),
  );
};

/** Files that an agent names are relative to the first folder on disk. */
function definition(extension: Uri, version: string): McpStdioServerDefinition {
  const program = Uri.joinPath(extension, 'dist', 'cli.js').fsPath;
  // Reading a module never runs it; running one needs a trusted workspace.
  const args = [program, 'mcp', ...(workspace.isTrusted ? [] : ['--no-run'])];
  // The program of a desktop's extension host is Electron, which this makes behave as Node.js.
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  const server = new McpStdioServerDefinition('Wasm Hazards', process.execPath, args, env, version);
  server.cwd = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  return server;
}

/** Where a command writes a setting. */
import { ConfigurationTarget, type WorkspaceConfiguration, workspace } from 'vscode';

/** Where the setting is set already; else the workspace, which is what a module belongs to; else the user. */
export function targetFor(settings: WorkspaceConfiguration, key: string): ConfigurationTarget {
  const set = settings.inspect(key);
  if (set?.workspaceFolderValue !== undefined) return ConfigurationTarget.WorkspaceFolder;
  if (set?.workspaceValue !== undefined) return ConfigurationTarget.Workspace;
  if (set?.globalValue !== undefined) return ConfigurationTarget.Global;
  return workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
}

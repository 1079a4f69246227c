/** Chooses where a command writes a setting. */
import { ConfigurationTarget, type WorkspaceConfiguration, workspace } from 'vscode';

/** Where the setting is already set, or else the workspace, or else the user settings. */
export function targetFor(settings: WorkspaceConfiguration, key: string): ConfigurationTarget {
  const set = settings.inspect(key);
  if (set?.workspaceFolderValue !== undefined) return ConfigurationTarget.WorkspaceFolder;
  if (set?.workspaceValue !== undefined) return ConfigurationTarget.Workspace;
  if (set?.globalValue !== undefined) return ConfigurationTarget.Global;
  return workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
}

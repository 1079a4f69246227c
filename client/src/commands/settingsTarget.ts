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

/**
 * Writes a choice to the scope of `targetFor`. The default removes the key, unless an outer scope would then decide
 * otherwise.
 */
export async function writeChoice<T>(
  settings: WorkspaceConfiguration,
  key: string,
  value: T,
  standard: T,
): Promise<void> {
  const target = targetFor(settings, key);
  const set = settings.inspect<T>(key);
  const outer = [
    ...(target === ConfigurationTarget.WorkspaceFolder ? [set?.workspaceValue] : []),
    ...(target === ConfigurationTarget.Global ? [] : [set?.globalValue]),
  ].find((one) => one !== undefined);
  const isDefault = value === standard && (outer === undefined || outer === standard);
  await settings.update(key, isDefault ? undefined : value, target);
}

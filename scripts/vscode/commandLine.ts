/** Translation of a desktop VS Code's command line into the address of its web client. Pure. */

/** The part of a desktop VS Code's command line that the stand-in uses. */
export interface DesktopArguments {
  readonly folder?: string;
  readonly developmentPaths: readonly string[];
  readonly testsPath?: string;
  readonly userData?: string;
  readonly disableTrust: boolean;
  readonly disableExtensions: boolean;
}

/** Parses a command line. Switches that only Electron knows are ignored; the last positional argument is the folder. */
export function parseDesktopArguments(args: readonly string[], absolute: (path: string) => string): DesktopArguments {
  const developmentPaths: string[] = [];
  const values = new Map<string, string>();
  let folder: string | undefined;
  for (const argument of args) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) folder = absolute(argument);
    else if (name === 'extensionDevelopmentPath') developmentPaths.push(absolute(value ?? ''));
    else values.set(name, value ?? '');
  }
  const path = (name: string): string | undefined => {
    const value = values.get(name);
    return value ? absolute(value) : undefined;
  };
  return {
    folder,
    developmentPaths,
    testsPath: path('extensionTestsPath'),
    userData: path('user-data-dir'),
    disableTrust: values.has('disable-workspace-trust'),
    disableExtensions: values.has('disable-extensions'),
  };
}

/**
 * What the address can contain. Only a server that was started for automation reads the payload (everything except the
 * folder).
 */
export type WorkbenchTarget = Pick<DesktopArguments, 'folder'> &
  Partial<DesktopArguments> & {
    /** Whether VS Code may show its welcome page and walkthroughs. */
    welcome?: boolean;
  };

/** Address of the workbench; `authority` is host and port of the server. */
export function workbenchUrl(authority: string, desktop: WorkbenchTarget): string {
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  const payload: [string, string][] = (desktop.developmentPaths ?? []).map((path) => [
    'extensionDevelopmentPath',
    remote(path),
  ]);
  if (desktop.testsPath) payload.push(['extensionTestsPath', remote(desktop.testsPath)]);
  if (desktop.disableExtensions) payload.push(['disableExtensions', 'true']);
  if (!desktop.welcome) payload.push(['skipWelcome', 'true']);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (desktop.folder) query.set('folder', desktop.folder);
  else query.set('ew', 'true');
  return `http://${authority}/?${query}`;
}

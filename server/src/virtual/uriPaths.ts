/** Folders and files as URIs of any scheme, without a slash at the end. */

/** Scheme and authority, of which nothing is above: `memfs:`, `vscode-vfs://github`. */
const TOP = /^[a-z][a-z\d+.-]*:(?:\/\/[^/]*)?/i;

/** Scheme and authority of a URI; URIs of other file systems have others. */
export const fileSystemOf = (uri: string): string => TOP.exec(uri)?.[0] ?? '';

/** A folder without the slashes at its end. */
export const plainFolder = (uri: string): string => {
  const top = fileSystemOf(uri);
  return top + uri.slice(top.length).replace(/\/+$/, '');
};

/** The folder that holds a file or a folder; the same URI at the top. */
export function folderAbove(uri: string): string {
  const top = fileSystemOf(uri);
  const path = uri.slice(top.length);
  return top + path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** A file or folder in a folder. */
export const uriIn = (folder: string, name: string): string => `${folder}/${encodeURIComponent(name)}`;

/** Whether a folder is another one or inside of it. */
export const isWithin = (uri: string, folder: string): boolean => uri === folder || uri.startsWith(`${folder}/`);

/** The path of a URI, decoded; undefined where it is not properly encoded. */
export function decodedPath(uri: string): string | undefined {
  try {
    return decodeURIComponent(uri.slice(fileSystemOf(uri).length));
  } catch {
    return undefined;
  }
}

/** Address of a folder for the client: the root of a file system has a path, too. */
export const listable = (folder: string): string => (folder === fileSystemOf(folder) ? `${folder}/` : folder);

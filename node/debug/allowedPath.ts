/**
 * Which files may be opened because a module names them: regular files in the folder of the module or in a folder of the
 * workspace, wherever links lead. A module is not trusted; what it names elsewhere is left alone, and nothing is fetched.
 */

import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { displayable } from '../../core/harmless/names.ts';
import { type Message, message, t, translated } from '../../core/text/l10n.ts';

/** Where a module is, and where its files may be. */
export interface OpenScope {
  /** Absolute path of the module. */
  module: string;
  /** Absolute paths of the folders of the workspace, or of those that the user named. */
  roots: readonly string[];
}

/** Longest name in a message, in characters. */
const SHOWN = 200;
const isWindows = process.platform === 'win32';

/** The path to open, with all links followed, or one sentence that says why there is none. Never throws. */
export function allowedPath(name: string, { module, roots }: OpenScope): { path: string } | { problem: string } {
  const shown = displayable(name, SHOWN);
  const names = spellings(name);
  if ('problem' in names) return { problem: translated(names.problem, shown) };
  const folders = [dirname(module), ...roots].filter(isAbsolute);
  const inside = names.paths.map((one) => resolve(dirname(module), one)).filter((one) => isInside(one, folders));
  // Nothing outside is even looked for: a look at another computer's file is a connection.
  if (inside.length === 0) return { problem: t('{0} is outside of the workspace, so it was not opened', shown) };
  const real = folders.map(realPath).filter((one) => one !== undefined);
  for (const path of inside) {
    const found = realPath(path);
    if (found === undefined) continue;
    if (!isInside(found, real)) return { problem: t('{0} leads out of the workspace, so it was not opened', shown) };
    return isFile(found) ? { path: found } : { problem: t('{0} is not a file', shown) };
  }
  return { problem: t('{0} does not exist', shown) };
}

/** The paths that a name may stand for: names in modules are URLs, but not everybody escapes them. */
function spellings(name: string): { paths: string[] } | { problem: Message } {
  if (name.includes('\0')) return { problem: message('{0} is not a file name') };
  if (/^[\\/]{2}/.test(name)) return { problem: message('{0} is on another computer, so it was not opened') };
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(name)?.[1].toLowerCase();
  if (scheme === 'file') return fromFileUrl(name);
  if (scheme !== undefined && name.startsWith('//', scheme.length + 1))
    return { problem: message('{0} is a URL, and nothing is fetched') };
  if (isWindows && /:/.test(name.replace(/^[a-z]:[\\/]/i, ''))) return { problem: message('{0} is not a file name') };
  const paths = [name, decoded(name), decoded(name)?.replaceAll('\\', '/')];
  const given = [...new Set(paths)].filter((one) => one !== undefined && !/\0|^[\\/]{2}/.test(one));
  return { paths: given as string[] };
}

function fromFileUrl(name: string): { paths: string[] } | { problem: Message } {
  try {
    const path = fileURLToPath(name);
    return /^[\\/]{2}/.test(path)
      ? { problem: message('{0} is on another computer, so it was not opened') }
      : { paths: [path] };
  } catch {
    return { problem: message('{0} is not a file name, or is on another computer') };
  }
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not escaped, then.
    return undefined;
  }
}

/** Whether an absolute path is in one of the folders. */
export function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const way = relative(folder, path);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
}

/** The path without links; undefined where there is nothing. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

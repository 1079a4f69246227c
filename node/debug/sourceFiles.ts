/** The files of the workspace that a module was compiled from, and whether they are still what was compiled. */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { ModuleDebugInfo } from '../../core/debug/debugInfo.ts';
import type { FindSource, FoundSource } from '../../core/debug/foundSource.ts';
import { lastPart, pathBySetting, type SourcePaths, sourcesInWorkspace } from '../../core/debug/paths.ts';
import { MOST_COMPARED, NEWER_MS, sameText } from '../../core/debug/staleness.ts';
import { isInside, type OpenScope, realPath } from './allowedPath.ts';
import { workspaceFiles, workspaceFilesNow } from './workspaceFiles.ts';

/** Where sources may be. */
export interface SourceScope extends OpenScope {
  /** Absolute paths of folders with sources; `roots` unless given. */
  sourceRoots?: readonly string[];
  /** Setting `wasmHazards.sourcePaths`; folders in it are absolute, or relative to the first of `roots`. */
  sourcePaths: SourcePaths;
  /** When the module was written, ms since 1970. */
  mtime: number;
}

/** Searches the workspace in the background. Never rejects. */
export async function findSources(info: ModuleDebugInfo, scope: SourceScope): Promise<FindSource> {
  const paths = info.files();
  return chosen(info, scope, paths.length === 0 ? [] : await workspaceFiles(rootsOf(scope), namesOf(paths)));
}

/** The same, at once. */
export function findSourcesNow(info: ModuleDebugInfo, scope: SourceScope): FindSource {
  const paths = info.files();
  return chosen(info, scope, paths.length === 0 ? [] : workspaceFilesNow(rootsOf(scope), namesOf(paths)));
}

const rootsOf = ({ roots, sourceRoots }: SourceScope): readonly string[] => sourceRoots ?? roots;

const namesOf = (paths: readonly string[]): ReadonlySet<string> => new Set(paths.map(lastPart));

/**
 * What the user set comes before what is only alike. Each file is looked at when it is first asked for: a module may have
 * thousands of them.
 */
function chosen(info: ModuleDebugInfo, scope: SourceScope, files: readonly string[]): FindSource {
  const alike = sourcesInWorkspace(info.files(), { files, module: scope.module.replaceAll('\\', '/') });
  const known = new Map<string, FoundSource | undefined>();
  const look = (path: string): FoundSource | undefined => {
    const file = bySetting(path, scope) ?? alike.get(path);
    if (file === undefined) return undefined;
    const stale = staleness(file, scope.mtime, info.contentOf(path));
    return { path: file, ...(stale && { stale }) };
  };
  return (path) => {
    if (!known.has(path)) known.set(path, look(path));
    return known.get(path);
  };
}

/** The file that the setting names, if it exists and no link leads out of the folder of the setting. */
function bySetting(path: string, { roots, sourcePaths }: SourceScope): string | undefined {
  const named = pathBySetting(path, sourcePaths);
  if (named === undefined) return undefined;
  const file = isAbsolute(named) ? named : resolve(roots[0] ?? '.', named);
  const real = realPath(file);
  const folders = Object.values(sourcePaths).map((folder) => realPath(resolve(roots[0] ?? '.', folder)));
  return real !== undefined &&
    isInside(
      real,
      folders.filter((one) => one !== undefined),
    )
    ? file
    : undefined;
}

/** Compares with the text of the build where that is known: a checkout makes all files new. */
function staleness(path: string, mtime: number, built: string | undefined): FoundSource['stale'] {
  try {
    const { mtimeMs, size } = statSync(path);
    if (built !== undefined && size <= MOST_COMPARED)
      return sameText(readFileSync(path, 'utf8'), built) ? undefined : 'changed';
    return mtimeMs > mtime + NEWER_MS ? 'newer' : undefined;
  } catch {
    // It is gone again: whoever opens it will say so.
    return undefined;
  }
}

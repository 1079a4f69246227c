/** What modules of a virtual workspace were compiled from: debug information, and files of the workspace, through the client. */
import { debugInfoOf, type ModuleDebugInfo, neededFiles } from '../../../core/debug/debugInfo.ts';
import { lastPart, pathBySetting, type SourcePaths, sourcesInWorkspace } from '../../../core/debug/paths.ts';
import { inlineContents, NO_SIDE_FILES, type SideFile, type SideReference } from '../../../core/debug/sideFiles.ts';
import { sourceSearch } from '../../../core/debug/sourceSearch.ts';
import { MOST_COMPARED, NEWER_MS, sameText } from '../../../core/debug/staleness.ts';
import type { Steps } from '../../../core/debug/steps.ts';
import { displayable } from '../../../core/harmless/names.ts';
import { fileName } from '../../../core/source/binary.ts';
import type { FolderEntry } from '../../../core/text/folders.ts';
import { t } from '../../../core/text/l10n.ts';
import type { DocumentSource, DocumentSources } from '../documents/lazySources.ts';
import type { ModuleFile, SourceFolders } from '../documents/platform.ts';
import type { ClientFiles } from './clientFiles.ts';
import { decodedPath, fileSystemOf, isWithin, listable, plainFolder, uriIn } from './uriPaths.ts';

/** Folders that are listed; each is a request to a file system that may be far away. */
const MOST_FOLDERS = 2_000;
/** Sources of which is looked whether they are what was compiled. */
const MOST_READ = 200;

/** Reads and looks for all that questions will need. Never rejects. */
export async function virtualSources(
  { uri, module, mtime }: ModuleFile,
  { roots, sourcePaths }: SourceFolders,
  files: ClientFiles,
): Promise<DocumentSources> {
  const sideFiles = new Map<string, SideFile>();
  for (const reference of neededFiles(module))
    sideFiles.set(reference.name, await contents(reference, uri, roots, files));
  const info = debugInfoOf(module, (reference) => sideFiles.get(reference.name) ?? NO_SIDE_FILES(reference));
  await inSteps(info.prepare());
  const found = await sourcesOf(info, { uri, mtime }, { roots: roots.map(plainFolder), sourcePaths }, files);
  return { info, sourceOf: (file) => found.get(file) };
}

/** Others may have to wait this long, in milliseconds. */
const SLICE_MS = 8;

/** Does work in slices, between which others get their turn. */
async function inSteps(steps: Steps<void>): Promise<void> {
  let since = performance.now();
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}

/** A file beside the module, or in its workspace, on the same system. */
async function contents(
  { kind, name: written }: SideReference,
  module: string,
  roots: readonly string[],
  files: ClientFiles,
): Promise<SideFile> {
  const name = kind === 'split-package' ? `./${encodeURIComponent(fileName(module))}.dwp` : written;
  const known = inlineContents(name);
  if (known !== undefined) return known;
  const shown = displayable(name, 200);
  const beside = URL.canParse('.', module) ? [new URL('.', module).href] : [];
  const folders = [...beside, ...roots.map((root) => `${root.replace(/\/$/, '')}/`)];
  const found = URL.canParse(name, module) ? new URL(name, module).href : '';
  // An escaped slash could lead out of the folder once it is read.
  if (!folders.some((folder) => found.startsWith(folder)) || /%(?:2f|5c|00)/i.test(found))
    return { problem: t('{0} is outside of the workspace, so it was not opened', shown) };
  try {
    return { bytes: (await files.read(found)).bytes };
  } catch (error) {
    return { problem: t('{0} cannot be read: {1}', shown, (error as Error).message) };
  }
}

/** The files of the workspace, by the paths of the build. */
async function sourcesOf(
  info: ModuleDebugInfo,
  module: { uri: string; mtime: number },
  { roots, sourcePaths }: SourceFolders,
  files: ClientFiles,
): Promise<ReadonlyMap<string, DocumentSource>> {
  const built = info.files();
  const system = fileSystemOf(module.uri);
  const near = roots.filter((root) => fileSystemOf(root) === system);
  const modulePath = decodedPath(module.uri);
  if (built.length === 0 || near.length === 0 || modulePath === undefined) return new Map();
  const byPath = new Map<string, string>();
  for (const uri of await search(near, new Set(built.map(lastPart)), files)) {
    const path = decodedPath(uri);
    if (path !== undefined) byPath.set(path, uri);
  }
  const alike = sourcesInWorkspace(built, { files: [...byPath.keys()], module: modulePath });
  const found = new Map<string, DocumentSource>();
  for (const path of built) {
    const uri = bySetting(path, near[0], sourcePaths, byPath) ?? byPath.get(alike.get(path) ?? '');
    if (uri === undefined) continue;
    const stale = found.size < MOST_READ ? await staleness(uri, module.mtime, info.contentOf(path), files) : undefined;
    found.set(path, { uri, name: nameIn(near, uri), ...(stale && { stale }) });
  }
  return found;
}

async function search(
  roots: readonly string[],
  names: ReadonlySet<string>,
  files: ClientFiles,
): Promise<readonly string[]> {
  const searching = sourceSearch({ roots, names, most: MOST_FOLDERS, join: uriIn });
  let step = searching.next();
  while (step.done !== true)
    step = searching.next(await files.list(listable(step.value)).catch((): readonly FolderEntry[] => []));
  return step.value;
}

/** The file that the setting names, of those in the workspace. A relative folder is one in the first folder. */
function bySetting(
  path: string,
  root: string,
  sourcePaths: SourcePaths,
  byPath: ReadonlyMap<string, string>,
): string | undefined {
  const named = pathBySetting(path, sourcePaths);
  if (named === undefined) return undefined;
  return byPath.get(named.startsWith('/') ? named : `${decodedPath(root)}/${named.replace(/^\.\//, '')}`);
}

async function staleness(
  uri: string,
  mtime: number,
  built: string | undefined,
  files: ClientFiles,
): Promise<DocumentSource['stale']> {
  try {
    const found = await files.read(uri);
    if (built !== undefined && found.bytes.length <= MOST_COMPARED)
      return sameText(new TextDecoder().decode(found.bytes), built) ? undefined : 'changed';
    return found.mtime > mtime + NEWER_MS ? 'newer' : undefined;
  } catch {
    // It is gone again: whoever opens it will say so.
    return undefined;
  }
}

/** The path in the innermost folder of the workspace around it. */
function nameIn(roots: readonly string[], uri: string): string {
  const around = roots.filter((root) => isWithin(uri, root)).sort((a, b) => b.length - a.length);
  return decodeURIComponent(uri.slice((around[0] ?? fileSystemOf(uri)).length).replace(/^\//, ''));
}

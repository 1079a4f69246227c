/**
 * Which host runs a module, told from the manifests around it, wherever they are stored. The editor and `--host auto` of
 * the command line ask here, so they agree about every module.
 *
 * The rule: the nearest folder whose files name a host decides, from the module's own folder upwards
 * to the root of the project. Within one folder `detectHost` orders what it finds.
 * - The root of the project is the nearest folder that holds `.git`; outside of a repository, the
 *   innermost workspace folder (command line: the current directory) around the module. A module in
 *   neither is looked up two folders high: what lies above belongs to somebody else.
 * - The root is asked together with the folders right below it when nothing but a `package.json`
 *   speaks there, or nothing at all. The host often is a sibling of the module (`host/Cargo.toml` for
 *   `guest/target/x.wasm`), and projects in every language have a `package.json` for their tools.
 */
import type { FolderEntry } from '../text/folders.ts';
import { t } from '../text/l10n.ts';
import { listOf } from '../text/phrases.ts';
import { type DetectedHost, detectHost, MANIFEST_NAMES, type ManifestFile, manifestKind } from './detect.ts';
import { DEFAULT_HOST } from './index.ts';

// Bounds: this runs again with each analysis.
/** Bytes of one file that are read. */
export const MOST_MANIFEST_BYTES = 1 << 18;
const MAX_LEVELS = 16;
/** Folders above a module that lies in no project. */
const LEVELS_OUTSIDE = 2;
const MAX_FOLDERS = 40;
const MAX_MANIFESTS = 16;
const MAX_SOURCES = 16;

/** A file system as far as this looks at it. Folders and files are absolute paths or URIs of its own; nothing rejects. */
export interface HostFolders {
  /** The folder that holds a folder; the same folder at the top. */
  above(folder: string): string;
  join(folder: string, name: string): string;
  isInside(folder: string, root: string): boolean;
  /** A path for people, from a folder to a file in it. */
  relative(folder: string, file: string): string;
  /** Whether a folder is the root of a repository that holds a project. */
  isRepository(folder: string): Promise<boolean>;
  /** A folder that cannot be listed tells nothing, which is the same as an empty one. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** The first `MOST_MANIFEST_BYTES` of a file; undefined where it cannot be read. */
  text(file: string): Promise<string | undefined>;
}

/**
 * The host for modules in `folder`; `roots` are folders of the workspace. The reason is for the user and has no full
 * stop. Never rejects.
 */
export async function hostInFolders(
  folder: string,
  roots: readonly string[],
  folders: HostFolders,
): Promise<DetectedHost> {
  const root = await projectRoot(folder, roots, folders);
  const top = root ?? up(folder, LEVELS_OUTSIDE, folders);
  for (const one of upwards(folder, top, folders)) {
    if (one === root) break;
    const found = detectHost(await filesIn(one, top, folders));
    if (found) return found;
  }
  const found = root === undefined ? undefined : await hostAtRoot(root, folders);
  if (found !== undefined) return found;
  const names = listOf(MANIFEST_NAMES, MANIFEST_NAMES.length, 'or');
  return { host: DEFAULT_HOST, reason: t('default, no {0} names a known host', names) };
}

async function hostAtRoot(root: string, folders: HostFolders): Promise<DetectedHost | undefined> {
  const files = await filesIn(root, root, folders);
  const named = detectHost(files.filter(({ path }) => path !== 'package.json'));
  if (named) return named;
  const below = await Promise.all((await foldersIn(root, folders)).map((one) => manifestsIn(one, root, folders)));
  return detectHost([...files, ...below.flat()]);
}

async function projectRoot(
  folder: string,
  roots: readonly string[],
  folders: HostFolders,
): Promise<string | undefined> {
  for (const one of upwards(folder, undefined, folders)) if (await folders.isRepository(one)) return one;
  const around = roots.filter((root) => folders.isInside(folder, root));
  return around.sort((a, b) => b.length - a.length)[0];
}

function up(folder: string, levels: number, folders: HostFolders): string {
  return levels === 0 ? folder : up(folders.above(folder), levels - 1, folders);
}

/** `folder` and those above it, to `top` or the root of the file system, at most `MAX_LEVELS`. */
function upwards(folder: string, top: string | undefined, { above }: HostFolders): string[] {
  const found = [folder];
  for (let at = folder; at !== top && found.length < MAX_LEVELS && at !== above(at); at = above(at))
    found.push(above(at));
  return found;
}

async function foldersIn(root: string, folders: HostFolders): Promise<string[]> {
  return (await folders.list(root))
    .filter(({ name, kind }) => kind === 'folder' && !name.startsWith('.') && name !== 'node_modules')
    .slice(0, MAX_FOLDERS)
    .map(({ name }) => folders.join(root, name));
}

/** What of a folder can tell, paths relative to `top`. */
async function filesIn(folder: string, top: string, folders: HostFolders): Promise<ManifestFile[]> {
  const names = await namesIn(folder, folders);
  const sources = names.filter((name) => manifestKind(name) === 'source').slice(0, MAX_SOURCES);
  return [...(await manifestsIn(folder, top, folders, names)), ...(await readAll(folder, sources, top, folders))];
}

async function manifestsIn(
  folder: string,
  top: string,
  folders: HostFolders,
  names?: readonly string[],
): Promise<ManifestFile[]> {
  const found = (names ?? (await namesIn(folder, folders))).filter((name) => manifestKind(name) === 'manifest');
  return readAll(folder, found.slice(0, MAX_MANIFESTS), top, folders);
}

async function namesIn(folder: string, folders: HostFolders): Promise<string[]> {
  return (await folders.list(folder)).filter(({ kind }) => kind !== 'folder').map(({ name }) => name);
}

/** A file that cannot be read is the answer "tells nothing". */
async function readAll(
  folder: string,
  names: readonly string[],
  top: string,
  folders: HostFolders,
): Promise<ManifestFile[]> {
  const found = await Promise.all(
    names.map(async (name): Promise<ManifestFile | undefined> => {
      const path = folders.join(folder, name);
      const text = await folders.text(path);
      return text === undefined ? undefined : { path: folders.relative(top, path), text };
    }),
  );
  return found.filter((file) => file !== undefined);
}

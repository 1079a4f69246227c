/**
 * Which host runs a module, told from the manifests around it. The editor and `--host auto` of the
 * command line ask here, so they agree about every module.
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
import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DetectedHost,
  detectHost,
  MANIFEST_NAMES,
  type ManifestFile,
  manifestKind,
} from '../core/hosts/detect.ts';
import { DEFAULT_HOST } from '../core/hosts/index.ts';
import { t } from '../core/text/l10n.ts';
import { listOf } from '../core/text/phrases.ts';

// Bounds: this runs again with each analysis.
const MAX_BYTES = 1 << 18;
const MAX_LEVELS = 16;
/** Folders above a module that lies in no project. */
const LEVELS_OUTSIDE = 2;
const MAX_FOLDERS = 40;
const MAX_MANIFESTS = 16;
const MAX_SOURCES = 16;

/**
 * The host for the module at a URI; `roots` are URIs of workspace folders. The reason is for the user
 * and has no full stop. Never throws.
 */
export async function chooseHost(uri: string, roots: readonly string[]): Promise<DetectedHost> {
  if (!uri.startsWith('file:'))
    return { host: DEFAULT_HOST, reason: t('default, the folders around the module cannot be read') };
  const paths = roots.filter((root) => root.startsWith('file:')).map((root) => fileURLToPath(root));
  return hostAround(dirname(fileURLToPath(uri)), paths);
}

/** The host for modules in `folder`; `roots` are workspace folders. Absolute paths. Never throws. */
export async function hostAround(folder: string, roots: readonly string[]): Promise<DetectedHost> {
  const root = projectRoot(folder, roots);
  const top = root ?? up(folder, LEVELS_OUTSIDE);
  for (const one of upwards(folder, top)) {
    if (one === root) break;
    const found = detectHost(await filesIn(one, top));
    if (found) return found;
  }
  const found = root === undefined ? undefined : await hostAtRoot(root);
  if (found !== undefined) return found;
  const names = listOf(MANIFEST_NAMES, MANIFEST_NAMES.length, 'or');
  return { host: DEFAULT_HOST, reason: t('default, no {0} names a known host', names) };
}

async function hostAtRoot(root: string): Promise<DetectedHost | undefined> {
  const files = await filesIn(root, root);
  const named = detectHost(files.filter(({ path }) => path !== 'package.json'));
  if (named) return named;
  const below = await Promise.all((await foldersIn(root)).map((one) => manifestsIn(one, root)));
  return detectHost([...files, ...below.flat()]);
}

function projectRoot(folder: string, roots: readonly string[]): string | undefined {
  // A home directory that is a repository holds settings, not a project.
  const repository = upwards(folder, undefined).find((one) => existsSync(join(one, '.git')) && one !== homedir());
  if (repository !== undefined) return repository;
  const around = roots
    .map((root) => root.replace(/(?<=.)[\\/]$/, ''))
    .filter((root) => folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep));
  return around.sort((a, b) => b.length - a.length)[0];
}

function up(folder: string, levels: number): string {
  return levels === 0 ? folder : up(dirname(folder), levels - 1);
}

/** `folder` and those above it, to `top` or the root of the file system, at most `MAX_LEVELS`. */
function upwards(folder: string, top: string | undefined): string[] {
  const folders = [folder];
  for (let at = folder; at !== top && folders.length < MAX_LEVELS && at !== dirname(at); at = dirname(at))
    folders.push(dirname(at));
  return folders;
}

async function foldersIn(root: string): Promise<string[]> {
  const entries = await entriesOf(root);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .slice(0, MAX_FOLDERS)
    .map((entry) => join(root, entry.name));
}

/** What of a folder can tell, paths relative to `top`. */
async function filesIn(folder: string, top: string): Promise<ManifestFile[]> {
  const names = await namesIn(folder);
  const sources = names.filter((name) => manifestKind(name) === 'source').slice(0, MAX_SOURCES);
  return [...(await manifestsIn(folder, top, names)), ...(await readAll(folder, sources, top))];
}

async function manifestsIn(folder: string, top: string, names?: readonly string[]): Promise<ManifestFile[]> {
  const found = (names ?? (await namesIn(folder))).filter((name) => manifestKind(name) === 'manifest');
  return readAll(folder, found.slice(0, MAX_MANIFESTS), top);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

async function readAll(folder: string, names: readonly string[], top: string): Promise<ManifestFile[]> {
  const found = await Promise.all(names.map((name) => manifest(join(folder, name), top)));
  return found.filter((file) => file !== undefined);
}

/** A folder that cannot be listed tells nothing, which is the same as one without manifests. */
async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** A file that cannot be read is the answer "tells nothing". */
async function manifest(path: string, top: string): Promise<ManifestFile | undefined> {
  const handle = await open(path).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const buffer = Buffer.alloc(MAX_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, MAX_BYTES, 0);
    return { path: relative(top, path), text: buffer.toString('utf8', 0, bytesRead) };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

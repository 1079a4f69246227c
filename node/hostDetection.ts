/**
 * Gathers the manifests that can tell which host runs a module: those between the module's folder
 * and the workspace root, and those one level below the root. Bounded in files and bytes, because
 * it runs again with each analysis.
 */
import { open, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detectHost, type ManifestFile } from '../core/hosts/detect.ts';
import { DEFAULT_HOST } from '../core/hosts/index.ts';
import type { HostId } from '../core/hosts/profile.ts';

const MANIFESTS = ['go.mod', 'Cargo.toml', 'CMakeLists.txt', 'package.json'];
const C_SOURCE = /\.(c|cc|cpp|cxx|h|hpp)$/;
const MAX_BYTES = 1 << 18;
const MAX_LEVELS = 8;
/** Folders above a module that lies in no workspace folder. */
const LEVELS_OUTSIDE = 2;
const MAX_FOLDERS = 40;
const MAX_C_SOURCES = 16;

export interface HostChoice {
  host: HostId;
  /** Without full stop, for the user. */
  reason: string;
}

/** The host for the module at `uri`; `roots` are URIs of workspace folders. Never throws. */
export async function chooseHost(uri: string, roots: readonly string[]): Promise<HostChoice> {
  const fallback = (why: string): HostChoice => ({ host: DEFAULT_HOST, reason: `default, ${why}` });
  if (!uri.startsWith('file:')) return fallback('the folders around the module cannot be read');
  const folder = dirname(fileURLToPath(uri));
  const root = rootOf(folder, roots);
  const top = root ?? up(folder, LEVELS_OUTSIDE);
  const folders = new Set([...between(top, folder), ...(root === undefined ? [] : await foldersIn(root))]);
  const files = (await Promise.all([...folders].map((one) => manifestsIn(one, top)))).flat();
  files.push(...(await cSourcesIn(top, top)), ...(folder === top ? [] : await cSourcesIn(folder, top)));
  return detectHost(files) ?? fallback('no go.mod, Cargo.toml, CMakeLists.txt or package.json names one');
}

/** The innermost workspace folder around `folder`. */
function rootOf(folder: string, roots: readonly string[]): string | undefined {
  const around = roots
    .filter((root) => root.startsWith('file:'))
    .map((root) => fileURLToPath(root).replace(/[\\/]$/, ''))
    .filter((root) => folder === root || folder.startsWith(root + sep));
  return around.sort((a, b) => b.length - a.length)[0];
}

function up(folder: string, levels: number): string {
  return levels === 0 ? folder : up(dirname(folder), levels - 1);
}

/** `top`, `folder` and what lies between, at most `MAX_LEVELS` of them. */
function between(top: string, folder: string): string[] {
  const folders = [top];
  for (let at = folder; at !== top && folders.length < MAX_LEVELS && at !== dirname(at); at = dirname(at))
    folders.push(at);
  return folders;
}

async function foldersIn(root: string): Promise<string[]> {
  const entries = await entriesOf(root);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .slice(0, MAX_FOLDERS)
    .map((entry) => join(root, entry.name));
}

async function manifestsIn(folder: string, top: string): Promise<ManifestFile[]> {
  const found = await Promise.all(MANIFESTS.map((name) => manifest(join(folder, name), top)));
  return found.filter((file) => file !== undefined);
}

async function cSourcesIn(folder: string, top: string): Promise<ManifestFile[]> {
  const names = (await entriesOf(folder)).filter((entry) => entry.isFile() && C_SOURCE.test(entry.name));
  const found = await Promise.all(
    names.slice(0, MAX_C_SOURCES).map((entry) => manifest(join(folder, entry.name), top)),
  );
  return found.filter((file) => file !== undefined);
}

/** A folder that cannot be listed tells nothing, which is the same as one without manifests. */
async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** Most candidates do not exist: that, and a file that cannot be read, is the answer "tells nothing". */
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

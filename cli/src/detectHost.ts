/**
 * `--host auto`: the host that the project around a module uses. Directories are asked from the
 * module's own upwards, and the nearest that tells decides; the search ends at the root of the
 * repository, because what lies above it belongs to somebody else.
 */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type DetectedHost, detectHost, type ManifestFile } from '../../core/hosts/detect.ts';
import { DEFAULT_HOST } from '../../core/hosts/index.ts';

const MANIFESTS = ['go.mod', 'Cargo.toml', 'CMakeLists.txt', 'package.json'];

/** No manifest written by people is longer; what is beyond does not matter. */
const MAX_MANIFEST = 1 << 20;

/** Host of the project around `file` (`-`: around the current directory), or the default one. */
export async function detectHostAbove(file: string): Promise<DetectedHost> {
  let directory = file === '-' ? resolve('.') : dirname(resolve(file));
  for (;;) {
    const found = detectHost(await manifestsIn(directory));
    if (found !== undefined) return found;
    const parent = dirname(directory);
    if (parent === directory || directory === homedir() || existsSync(join(directory, '.git'))) break;
    directory = parent;
  }
  return { host: DEFAULT_HOST, reason: 'the default, because no manifest names a runtime' };
}

async function manifestsIn(directory: string): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  for (const name of MANIFESTS) {
    const text = await readStart(join(directory, name));
    if (text !== undefined) files.push({ path: name, text });
  }
  return files;
}

/** Beginning of a text file; undefined when it cannot be read. */
async function readStart(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(MAX_MANIFEST);
      const { bytesRead } = await file.read(buffer, 0, MAX_MANIFEST, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

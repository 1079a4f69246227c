/** Which files go into the `.vsix`. */

import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ignore from 'ignore';

/** Never packed, whatever `.vscodeignore` says, and not searched. */
const NEVER = ['node_modules', '.git', '.vscode-test', 'out'];

/** Paths of the files to pack, relative to `root`, with `/`, sorted. Applies `.vscodeignore` with the rules of git. */
export function filesToPack(root: string, ignoreFrom: string = root): string[] {
  const ignored = ignore().add(readFileSync(join(ignoreFrom, '.vscodeignore'), 'utf8'));
  return globSync('**/*', {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => NEVER.includes(entry.name),
  })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !ignored.ignores(path))
    .sort();
}

/** Files that the manifest names with a relative path. */
export function filesOfManifest(manifest: unknown): string[] {
  const { main, browser, icon, l10n, contributes } = manifest as Record<string, unknown>;
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.startsWith('./')) found.add(value.slice(2));
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) visit(each);
    }
  };
  visit(contributes);
  for (const value of [main, browser, icon, l10n]) if (typeof value === 'string') found.add(value.replace(/^\.\//, ''));
  return [...found].sort();
}

/** Files and folders that the manifest names and the package does not contain. */
export function missingFiles(manifest: unknown, packed: readonly string[]): string[] {
  const present = new Set(packed);
  return filesOfManifest(manifest).filter(
    (path) => !present.has(path) && !packed.some((file) => file.startsWith(`${path}/`)),
  );
}

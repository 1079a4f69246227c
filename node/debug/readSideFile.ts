/** Reads files that modules name, within limits and within the workspace: at once, or without keeping others waiting. */

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { inlineContents, type ReadSideFile, type SideFile, type SideReference } from '../../core/debug/sideFiles.ts';
import { displayable } from '../../core/harmless/names.ts';
import { MAX_BINARY_BYTES } from '../../core/source/binary.ts';
import { t } from '../../core/text/l10n.ts';
import { allowedPath, type OpenScope } from './allowedPath.ts';

/** Largest file that is read, in bytes. A source map is a text, which takes more memory than its file. */
const MOST_BYTES = {
  'source-map': 256 << 20,
  'debug-module': MAX_BINARY_BYTES,
  'split-unit': 64 << 20,
  'split-package': MAX_BINARY_BYTES,
} as const;

/** A pipe or a device that took the place of the file must not keep the reader waiting. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** The first name under which there is a file that may be opened; else what is wrong with the name itself. */
function located(reference: SideReference, scope: OpenScope): SideFile | { path: string } {
  if (reference.kind === 'split-package') return packageBeside(scope);
  const { name, also = [] } = reference;
  const known = inlineContents(name) ?? allowedPath(name, scope);
  if (!('problem' in known)) return known;
  return also.map((one) => allowedPath(one, scope)).find((one) => 'path' in one) ?? known;
}

/** `counter.wasm.dwp`, or `counter.dwp`. */
function packageBeside(scope: OpenScope): { path: string } | { problem: string } {
  const name = basename(scope.module);
  const found = [`${name}.dwp`, `${name.replace(/\.wasm$/i, '')}.dwp`].map((one) => allowedPath(`./${one}`, scope));
  return found.find((one) => 'path' in one) ?? found[0];
}

/** Reads a file when it is asked for, and waits for the disk. */
export const sideFilesOf =
  (scope: OpenScope): ReadSideFile =>
  (reference) => {
    const known = located(reference, scope);
    if (!('path' in known)) return known;
    let file: number | undefined;
    try {
      file = openSync(known.path, FLAGS);
      const refused = refusal(fstatSync(file), reference);
      return refused ?? { bytes: readFileSync(file) };
    } catch (error) {
      return unreadable(reference, error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  };

/** Reads a file in the background. Never rejects. */
export async function readSideFile(reference: SideReference, scope: OpenScope): Promise<SideFile> {
  const known = located(reference, scope);
  if (!('path' in known)) return known;
  let file: FileHandle | undefined;
  try {
    file = await open(known.path, FLAGS);
    return refusal(await file.stat(), reference) ?? { bytes: await file.readFile() };
  } catch (error) {
    return unreadable(reference, error);
  } finally {
    await file?.close();
  }
}

function refusal(
  info: { isFile(): boolean; size: number },
  { kind, name }: SideReference,
): { problem: string } | undefined {
  if (!info.isFile()) return { problem: t('{0} is not a file', displayable(name, 200)) };
  if (info.size <= MOST_BYTES[kind]) return undefined;
  return { problem: t('{0} has {1} bytes, which is too large to read', displayable(name, 200), info.size) };
}

const unreadable = ({ name }: SideReference, error: unknown): { problem: string } => ({
  problem: t('{0} cannot be read: {1}', displayable(name, 200), (error as Error).message),
});

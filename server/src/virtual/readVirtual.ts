/** Reads binaries through the client. */
import { type Binary, fileName, ReadFailure } from '../../../core/source/binary.ts';
import { coreModuleAddress, coreModuleBytes } from '../../../core/source/coreModules.ts';
import { MOST_NAME_BYTES, withNamesBeside } from '../../../core/source/namesBeside.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ClientFiles } from './clientFiles.ts';

/** Makes a binary of bytes, which it may copy, and identifies it. @throws ReadFailure when they are too many */
export type TakeOver = (bytes: Uint8Array, mtime: number, name: string) => Binary | Promise<Binary>;

/** The binary at `uri` with the names that files beside it know. @throws ReadFailure */
export async function readVirtual(uri: string, files: ClientFiles, takeOver: TakeOver): Promise<Binary> {
  const name = fileName(uri);
  // `#` of an address is encoded: it is no fragment. A folder before it may have one as well.
  const address = coreModuleAddress(uri.replace(/%23(?=\d+$)/, '#'));
  if (address !== undefined) {
    const { bytes, mtime } = await readVirtual(address.file, files, takeOver);
    const found = coreModuleBytes(bytes, address.number);
    if (typeof found === 'string') throw new ReadFailure('missing', `${name} ${found}.`);
    return takeOver(found, mtime, name);
  }
  try {
    const { bytes, mtime } = await files.read(uri);
    return await takeOver(await withNamesBeside(uri, bytes, (beside) => readText(beside, files)), mtime, name);
  } catch (error) {
    if (error instanceof ReadFailure) throw error;
    throw new ReadFailure('missing', t('{0} cannot be read: {1}', name, (error as Error).message));
  }
}

/** A file beside a module; undefined where there is none. */
async function readText(uri: string, files: ClientFiles): Promise<string | undefined> {
  try {
    const { bytes } = await files.read(uri);
    return bytes.length > MOST_NAME_BYTES ? undefined : new TextDecoder().decode(bytes);
  } catch {
    // Most modules have none.
    return undefined;
  }
}

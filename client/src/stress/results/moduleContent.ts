/** Keys of the contents that stress tests run, to tell whether a file still has them. */
import { type Uri, workspace } from 'vscode';
import { coreModuleAddress, coreModuleBytes } from '../../../../core/source/coreModules.ts';
import { contentKey } from '../../../../core/wasm/contentKey.ts';
import { isSourceUri, toBinaryUri, toFileUri } from '../../uris.ts';
import type { ModuleInfo } from '../moduleInfo.ts';

/** Of the file of a binary or source; undefined when it cannot be read. */
export async function fileContent(uri: Uri): Promise<string | undefined> {
  try {
    const binary = toBinaryUri(uri);
    const bytes = await workspace.fs.readFile(toFileUri(binary));
    if (isSourceUri(uri)) return textKey(new TextDecoder().decode(bytes));
    const address = coreModuleAddress(binary.path);
    if (address === undefined) return contentKey(bytes);
    const core = coreModuleBytes(bytes, address.number);
    return typeof core === 'string' ? undefined : contentKey(core);
  } catch {
    // It is gone or being written: what was found is of something else.
    return undefined;
  }
}

/** Of what was read of a module: the bytes of a binary, the text of a source in its document. */
export function readContent({ uri, bytes }: Pick<ModuleInfo, 'uri' | 'bytes'>): string {
  if (!isSourceUri(uri)) return contentKey(bytes);
  const text = uri.with({ fragment: '' }).toString();
  const document = workspace.textDocuments.find((one) => one.uri.toString() === text);
  return document === undefined ? '' : textKey(document.getText());
}

/** A document has no byte order mark, and one kind of line ends. */
const textKey = (text: string): string =>
  contentKey(new TextEncoder().encode(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')));

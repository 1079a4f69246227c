/** Keys of the contents that stress tests run, to tell whether a file still has them. */
import { type Uri, workspace } from 'vscode';
import { contentKey } from '../../../../core/wasm/contentKey.ts';
import { isSourceUri, toBinaryUri } from '../../uris.ts';
import type { ModuleInfo } from '../moduleInfo.ts';

/** Of the file of a binary or source; undefined when it cannot be read. */
export async function fileContent(uri: Uri): Promise<string | undefined> {
  try {
    const bytes = await workspace.fs.readFile(toBinaryUri(uri));
    return isSourceUri(uri) ? textKey(new TextDecoder().decode(bytes)) : contentKey(bytes);
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

/**
 * File system of the texts: each exists exactly as long as its binary does and cannot be written. A
 * file system rather than a content provider, because only its tabs come back after a restart.
 */
import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FilePermission,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  l10n,
  type Uri,
  workspace,
} from 'vscode';
import { TEXT_SCHEME } from '../../../core/text/documentUris.ts';
import type { Feature } from '../services.ts';
import { markdownString } from '../shown/markdown.ts';
import { toBinaryUri, toFileUri } from '../uris.ts';
import type { BinaryTexts } from './binaryTexts.ts';
import { ReadonlyFileSystem } from './readonlyFileSystem.ts';

class TextFileSystem extends ReadonlyFileSystem implements FileSystemProvider {
  readonly #texts: BinaryTexts;
  readonly #changes = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;

  constructor(texts: BinaryTexts) {
    super();
    this.#texts = texts;
    texts.onChanged((change) => this.#changes.fire([change]));
  }

  async stat(uri: Uri): Promise<FileStat> {
    const binary = await statOf(toBinaryUri(uri), uri);
    // The length is known only once the text exists, and a mere `stat` must not start an analysis.
    const { size, mtime } = this.#texts.stat(uri, binary.mtime);
    return { type: binary.type, ctime: binary.ctime, mtime, size, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { type } = await statOf(toBinaryUri(uri), uri);
    if (type & FileType.Directory) throw FileSystemError.FileIsADirectory(uri);
    return this.#texts.read(uri);
  }

  /** `watching.ts` reports changes of open texts. */
  watch(): Disposable {
    return new Disposable(() => {});
  }

  readDirectory(uri: Uri): [string, FileType][] {
    throw FileSystemError.FileNotADirectory(uri);
  }
}

/** A missing binary is a missing text. */
async function statOf(binary: Uri, text: Uri): Promise<FileStat> {
  try {
    return await workspace.fs.stat(toFileUri(binary));
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') throw FileSystemError.FileNotFound(text);
    throw error;
  }
}

/** Registers the file system, read-only and case-sensitive, under `TEXT_SCHEME`. */
export const registerTextFileSystem: Feature = (context, { texts }) => {
  context.subscriptions.push(
    workspace.registerFileSystemProvider(TEXT_SCHEME, new TextFileSystem(texts), {
      isCaseSensitive: true,
      isReadonly: markdownString(
        l10n.t('This is the disassembly of a binary, so it cannot be edited. To change the module, build it anew.'),
      ),
    }),
  );
};

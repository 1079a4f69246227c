/**
 * The pages of the rules, and what they link to, as a file system of their own. The manifest makes the Markdown preview
 * the editor of its files, so that every link to a page opens it rendered: those of hovers and Problems as well, which
 * cannot run a command.
 */
import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FilePermission,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  type FileType,
  Uri,
  workspace,
} from 'vscode';
import { ReadonlyFileSystem } from '../editor/readonlyFileSystem.ts';
import type { Feature } from '../services.ts';
import { DOCS_SCHEME } from '../uris.ts';

/** Folder of the extension that is shown, and nothing beside it. */
const FOLDER = '/docs/';

class Pages extends ReadonlyFileSystem implements FileSystemProvider {
  readonly onDidChangeFile = new EventEmitter<FileChangeEvent[]>().event;
  readonly #extension: Uri;

  constructor(extension: Uri) {
    super();
    this.#extension = extension;
  }

  async stat(uri: Uri): Promise<FileStat> {
    return { ...(await workspace.fs.stat(this.#file(uri))), permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return workspace.fs.readFile(this.#file(uri));
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    return workspace.fs.readDirectory(this.#file(uri));
  }

  /** Pages change with the version of the extension only. */
  watch(): Disposable {
    return new Disposable(() => {});
  }

  #file(uri: Uri): Uri {
    if (!uri.path.startsWith(FOLDER) || uri.path.split('/').includes('..')) throw FileSystemError.FileNotFound(uri);
    return Uri.joinPath(this.#extension, uri.path);
  }
}

/** Registers the file system, which cannot be written. */
export const registerRulePages: Feature = (context) => {
  context.subscriptions.push(
    workspace.registerFileSystemProvider(DOCS_SCHEME, new Pages(context.extensionUri), {
      isCaseSensitive: true,
      isReadonly: true,
    }),
  );
};

/** The program of the workers, which the extension host reads wherever the extension is stored. */
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { type LoadAsset, readOnce } from '../../browser/assets.ts';

/** The bundle of workers, and the files that belong to it. */
export class Workers {
  /** Folder of the bundles. */
  readonly folder: Uri;
  /** Reads a file of the folder by its name. */
  readonly load: LoadAsset;
  #script: Promise<string> | undefined;

  constructor({ extensionUri }: Pick<ExtensionContext, 'extensionUri'>) {
    this.folder = Uri.joinPath(extensionUri, 'dist');
    this.load = readOnce(async (name) => new Uint8Array(await workspace.fs.readFile(Uri.joinPath(this.folder, name))));
  }

  /** Address of the bundle, for this thread and for the workers that it starts. Rejects when it cannot be read. */
  script(): Promise<string> {
    this.#script ??= this.load('web/worker.js').then((bytes) =>
      URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' })),
    );
    this.#script.catch(() => {
      this.#script = undefined;
    });
    return this.#script;
  }
}

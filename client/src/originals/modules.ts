/** The binaries of the workspace that an original may have been compiled to. */
import { Disposable, EventEmitter, FileType, TabInputText, type Uri, window, workspace } from 'vscode';
import type { OriginalModule } from '../../../server/src/protocol.ts';
import { TEXT_SELECTOR, toBinaryUri, toFileUri } from '../uris.ts';

/** Binaries that are found; further ones have to be open. */
const MAX_FOUND = 500;
/** Binaries that are looked at for one file. */
const MAX_MODULES = 50;
/** Cargo keeps a second copy of each module in `deps`. */
const EXCLUDED = '**/{node_modules,.git,target/**/deps,zig-cache,.zig-cache}/**';
/** Of AssemblyScript, whose files are otherwise ordinary TypeScript. */
const ASSEMBLYSCRIPT_PROJECT = '**/asconfig.json';

/** Finds and watches binaries, once somebody asks for the first time. */
export class WorkspaceModules extends Disposable {
  #found: Promise<OriginalModule[]> | undefined;
  #assemblyScript: Promise<boolean> | undefined;
  #watching = false;
  readonly #changed = new EventEmitter<Uri>();
  readonly #projects = new EventEmitter<void>();
  readonly #subscriptions: Disposable[] = [this.#changed, this.#projects];
  /** A binary was built, changed or deleted. */
  readonly onDidChange = this.#changed.event;
  /** A project of AssemblyScript has come, or gone. */
  readonly onDidChangeProjects = this.#projects.event;

  constructor() {
    super(() => {
      for (const one of this.#subscriptions) one.dispose();
    });
  }

  /** Those in the folders of the workspace that are nearest to a file, of these the newest first. */
  async inWorkspace(file: Uri): Promise<OriginalModule[]> {
    this.#watch();
    this.#found ??= findModules();
    const found = (await this.#found).map((module) => ({ module, near: sharedFolders(module.uri, file.toString()) }));
    return found
      .sort((a, b) => b.near - a.near || b.module.mtime - a.module.mtime || a.module.uri.localeCompare(b.module.uri))
      .slice(0, MAX_MODULES)
      .map(({ module }) => module);
  }

  /** The next question searches the workspace anew: VS Code can miss files that come together with their folder. */
  lookAgain(): void {
    this.#found = undefined;
    this.#assemblyScript = undefined;
  }

  /** Whether the workspace has a project of AssemblyScript. */
  hasAssemblyScript(): Promise<boolean> {
    this.#watch();
    this.#assemblyScript ??= Promise.resolve(
      workspace.findFiles(ASSEMBLYSCRIPT_PROJECT, EXCLUDED, 1).then((found) => found.length > 0),
    );
    return this.#assemblyScript;
  }

  /** Those whose texts are open in a tab. */
  async open(): Promise<OriginalModule[]> {
    const inputs = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
    const texts = inputs.flatMap((input) =>
      input instanceof TabInputText && input.uri.scheme === TEXT_SELECTOR.scheme ? [input.uri] : [],
    );
    const uris = new Map(texts.map((text) => [text.toString(), toBinaryUri(text)]));
    return Promise.all([...uris.values()].map(described));
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const binaries = workspace.createFileSystemWatcher('**/*.wasm');
    const projects = workspace.createFileSystemWatcher(ASSEMBLYSCRIPT_PROJECT, false, true, false);
    const changed = (uri: Uri): void => {
      this.#found = undefined;
      this.#changed.fire(uri);
    };
    const project = (): void => {
      this.#assemblyScript = undefined;
      this.#projects.fire();
    };
    this.#subscriptions.push(
      binaries,
      binaries.onDidCreate(changed),
      binaries.onDidChange(changed),
      binaries.onDidDelete(changed),
      projects,
      projects.onDidCreate(project),
      projects.onDidDelete(project),
    );
  }
}

async function findModules(): Promise<OriginalModule[]> {
  const uris = await workspace.findFiles('**/*.wasm', EXCLUDED, MAX_FOUND);
  const found = await Promise.all(uris.map(described));
  return found.filter(({ mtime }) => mtime > 0);
}

/** Folders that two URIs have in common, from the root. */
function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

async function described(uri: Uri): Promise<OriginalModule> {
  try {
    const { mtime, size, type } = await workspace.fs.stat(toFileUri(uri));
    if ((type & FileType.File) !== 0) return { uri: uri.toString(), mtime, bytes: size };
  } catch {
    // It was deleted meanwhile; its text may still be open.
  }
  return { uri: uri.toString(), mtime: 0, bytes: 0 };
}

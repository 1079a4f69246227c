/**
 * The originals that are open: files of C, Rust, Go and other languages in which the server may find lines that modules of
 * the workspace were compiled from. The server is asked once there is a module to ask about, and not before.
 */
import { Disposable, EventEmitter, type TextDocument, Uri, window, workspace } from 'vscode';
import type { OpenOriginal, OriginalModule, OriginalNotes } from '../../../server/src/protocol.ts';
import type { Server } from '../server.ts';
import { SECTION } from '../settings.ts';
import { isCommonElsewhere, isOriginal } from './languages.ts';
import type { WorkspaceModules } from './modules.ts';

/** Files that are looked at, of those that are open. */
const MAX_FILES = 50;

/** What the server says of the originals that are open. */
export class Originals extends Disposable {
  readonly #server: Server;
  readonly #modules: WorkspaceModules;
  readonly #notes = new Map<string, OriginalNotes>();
  readonly #changed = new EventEmitter<Uri>();
  /** The file of which there are other notes than before, or none any longer. */
  readonly onDidChange = this.#changed.event;
  /** What the server was told last; undefined until it has to be told anything. */
  #told: string | undefined;
  /** Open files that no known module was compiled from, for which modules were looked for anew. */
  readonly #lookedAgain = new Set<string>();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(server: Server, modules: WorkspaceModules) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const one of subscriptions) one.dispose();
    });
    this.#server = server;
    this.#modules = modules;
    const update = (): void => this.#update();
    subscriptions.push(
      this.#changed,
      workspace.onDidOpenTextDocument((document) => isOriginal(document) && update()),
      workspace.onDidCloseTextDocument((document) => {
        this.#lookedAgain.delete(document.uri.toString());
        if (isOriginal(document)) update();
      }),
      // It is newer than its modules now.
      workspace.onDidSaveTextDocument((document) => this.notesOf(document.uri) !== undefined && update()),
      window.tabGroups.onDidChangeTabs(({ opened, closed }) => opened.length + closed.length > 0 && update()),
      workspace.onDidChangeWorkspaceFolders(update),
      workspace.onDidChangeConfiguration((event) => {
        if (['sourceModules', 'sourcePaths'].some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) update();
      }),
      modules.onDidChange((uri) => {
        server.binaryChanged(uri.toString());
        update();
      }),
      modules.onDidChangeProjects(update),
      server.onOriginal((notes) => this.#take(notes)),
      server.onReset(() => this.#forgetAll()),
      server.onStarted(() => this.#resend()),
    );
    update();
  }

  /** Undefined for a file that no module was compiled from. */
  notesOf(uri: Uri): OriginalNotes | undefined {
    return this.#notes.get(uri.toString());
  }

  /** Files that modules were compiled from, and that are open. */
  files(): string[] {
    return [...this.#notes.keys()];
  }

  /** The modules that a file may have been compiled to, those whose texts are open first. */
  async modulesFor(document: TextDocument, where: 'open' | 'workspace'): Promise<OriginalModule[]> {
    const open = await this.#modules.open();
    const wide = where === 'workspace' && (!isCommonElsewhere(document) || (await this.#modules.hasAssemblyScript()));
    const others = wide ? await this.#modules.inWorkspace(document.uri) : [];
    const seen = new Set(open.map(({ uri }) => uri));
    return [...open, ...others.filter(({ uri }) => !seen.has(uri))];
  }

  #take(notes: OriginalNotes): void {
    if (!workspace.textDocuments.some(({ uri }) => uri.toString() === notes.uri)) return;
    if (notes.modules.length > 0) this.#notes.set(notes.uri, notes);
    else {
      this.#lookAgain(notes.uri);
      if (!this.#notes.delete(notes.uri)) return;
    }
    this.#changed.fire(Uri.parse(notes.uri, true));
  }

  /** Once for each time that a file is open. */
  #lookAgain(uri: string): void {
    if (this.#lookedAgain.has(uri)) return;
    this.#lookedAgain.add(uri);
    this.#modules.lookAgain();
    this.#update();
  }

  #forgetAll(): void {
    this.#closeAllBut(new Set());
  }

  #resend(): void {
    if (this.#told !== undefined) this.#told = '';
    this.#update();
  }

  /** Runs once more if it is called while it runs. */
  #update(): void {
    this.#again = true;
    this.#running ??= (async () => {
      try {
        while (this.#again) {
          this.#again = false;
          await this.#tell();
        }
      } catch (error) {
        this.#server.report(error);
      } finally {
        this.#running = undefined;
      }
    })();
  }

  async #tell(): Promise<void> {
    const documents = workspace.textDocuments.filter(isOriginal).slice(0, MAX_FILES);
    const where = workspace.getConfiguration(SECTION).get<'open' | 'workspace'>('sourceModules', 'workspace');
    const files: OpenOriginal[] = [];
    for (const document of documents) {
      const modules = await this.modulesFor(document, where);
      if (modules.length > 0) files.push({ uri: document.uri.toString(), mtime: await mtimeOf(document.uri), modules });
      // A search for each file of TypeScript that is opened would cost more than it finds.
      else if (where === 'workspace' && !isCommonElsewhere(document)) this.#lookAgain(document.uri.toString());
    }
    this.#closeAllBut(new Set(files.map(({ uri }) => uri)));
    const text = JSON.stringify(files);
    if (text === this.#told || (files.length === 0 && this.#told === undefined)) return;
    this.#told = text;
    await this.#server.originals(files);
  }

  #closeAllBut(open: ReadonlySet<string>): void {
    for (const key of [...this.#notes.keys()]) {
      if (open.has(key)) continue;
      this.#notes.delete(key);
      this.#changed.fire(Uri.parse(key, true));
    }
  }
}

async function mtimeOf(uri: Uri): Promise<number> {
  try {
    return (await workspace.fs.stat(uri)).mtime;
  } catch {
    // It was deleted while it is open.
    return 0;
  }
}

/**
 * The modules of the tree: the files of the workspace and whatever else was analysed, each with the row that the server
 * made of it. Rows follow new analyses, results of stress runs and builds.
 */
import {
  type Disposable,
  type Event,
  EventEmitter,
  RelativePattern,
  TabInputCustom,
  TabInputText,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { ModuleRow } from '../../../server/src/protocol.ts';
import { known as opened } from '../commands/target.ts';
import type { Services } from '../services.ts';
import { toBinaryUri } from '../uris.ts';

/** Scripts (`.wast`) have many modules, most of them broken on purpose, and are none of them. */
const MODULE_FILES = '**/*.{wasm,wat}';
/** What `files.exclude` hides is left out by VS Code. */
const NOT = '**/node_modules/**';
/** Files that are listed. */
export const MAX_FILES = 5000;
/** Builds write files in several steps. */
const DEBOUNCE_MS = 300;

/** A module and what is known of it. */
export interface TreeModule {
  /** Of the binary or source. */
  readonly uri: Uri;
  /** Undefined before the first analysis. */
  readonly row: ModuleRow | undefined;
  readonly isAnalysing: boolean;
  /** The file has changed since the row was made. */
  readonly isOutdated: boolean;
  /** Stress runs have shown something of what the file was before. */
  readonly hasOldResults: boolean;
}

interface Entry extends TreeModule {
  row: ModuleRow | undefined;
  isAnalysing: boolean;
  isOutdated: boolean;
  hasOldResults: boolean;
  /** It is among the files of the workspace, and not only here because somebody opened it. */
  isFound: boolean;
  /** A summary came while the row was being made. */
  isDue: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Modules by the URI of their binary or source. */
export class KnownModules implements Disposable {
  readonly #services: Pick<Services, 'server' | 'results'>;
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new EventEmitter<TreeModule | undefined>();
  readonly #subscriptions: Disposable[];
  #discovery: Promise<void> | undefined;
  /** How often the files were looked for: what was asked before the last time may have had other settings. */
  #searches = 0;
  /** Whether files are there, of those that watchers tell of while files are looked for. */
  #told: Map<string, boolean> | undefined;

  /** The module that changed; undefined: the list of modules. */
  readonly onDidChange: Event<TreeModule | undefined> = this.#changed.event;

  constructor(services: Pick<Services, 'server' | 'results'>) {
    this.#services = services;
    const watcher = workspace.createFileSystemWatcher(MODULE_FILES);
    const { server, results } = services;
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidCreate((uri) => this.#written(uri)),
      watcher.onDidChange((uri) => this.#written(uri)),
      watcher.onDidDelete((uri) => this.#deleted(uri)),
      workspace.onDidChangeWorkspaceFolders(() => this.#findAgain()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('files.exclude') && this.#findAgain()),
      server.onSummary(({ uri }) => {
        if (!/\.wast(#\d+)?$/i.test(uri)) void this.#analysed(Uri.parse(uri, true));
      }),
      results.onDidChange((uri) => {
        if (uri !== undefined) return;
        for (const entry of this.#entries.values())
          this.#update(entry, { hasOldResults: false, row: notRun(entry.row) });
      }),
    ];
  }

  all(): readonly TreeModule[] {
    return [...this.#entries.values()];
  }

  of(uri: Uri): TreeModule | undefined {
    return this.#entries.get(uri.toString());
  }

  /** Whether a module, or the component that it is in, is still here. */
  hasFile(key: string): boolean {
    return this.#entries.has(key) || this.#entries.has(fileOf(key));
  }

  /** Finds the files of the workspace, the first time only. */
  discover(): Promise<void> {
    this.#discovery ??= this.#find();
    return this.#discovery;
  }

  /** Analyses a module, again if it is known. Resolves when its row is there; failures are logged. */
  async refresh(uri: Uri): Promise<TreeModule> {
    const entry = this.#entry(uri);
    this.#services.server.binaryChanged(uri.toString());
    await this.#make(entry);
    return entry;
  }

  dispose(): void {
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    for (const one of this.#subscriptions) one.dispose();
  }

  #entry(uri: Uri): Entry {
    const key = uri.toString();
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = {
        uri,
        row: undefined,
        isAnalysing: false,
        isOutdated: false,
        hasOldResults: false,
        isFound: false,
        isDue: false,
        timer: undefined,
      };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  async #find(): Promise<void> {
    const search = ++this.#searches;
    const told = new Map<string, boolean>();
    this.#told = told;
    const files = await workspace.findFiles(MODULE_FILES, NOT, MAX_FILES);
    if (search !== this.#searches) return this.#discovery;
    this.#told = undefined;
    const isThere = (key: string, wasThere: boolean): boolean => told.get(key) ?? wasThere;
    const found = new Set(files.map(String));
    // Core modules have the file of their component and a number.
    for (const [key, { isFound }] of this.#entries)
      if (isFound && !isThere(fileOf(key), found.has(fileOf(key)))) this.#forget(key);
    for (const uri of files) if (isThere(uri.toString(), true)) this.#entry(uri).isFound = true;
    for (const [key, entry] of this.#entries) if (found.has(fileOf(key))) entry.isFound = true;
    this.#changed.fire(undefined);
  }

  /** Other files count from now on. What was analysed of a file that still counts stays. */
  #findAgain(): void {
    if (this.#discovery !== undefined) this.#discovery = this.#find();
  }

  /** Sources stay open in VS Code for a while after a list was made of them, and are analysed anew with other settings. */
  async #analysed(uri: Uri): Promise<void> {
    const key = uri.toString();
    if (!this.hasFile(key) && !isInTab(fileOf(key)) && !(await isListed(Uri.parse(fileOf(key), true)))) return;
    await this.#follow(this.#entry(uri));
  }

  /** Makes a row of a new analysis. While one is being made, another one follows it. */
  async #follow(entry: Entry): Promise<void> {
    if (entry.isAnalysing) entry.isDue = true;
    else await this.#make(entry);
  }

  async #make(entry: Entry): Promise<void> {
    const { server } = this.#services;
    this.#update(entry, { isAnalysing: true });
    let row = entry.row;
    try {
      do {
        entry.isDue = false;
        await opened(entry.uri);
        row = await server.request('wasmHazards/moduleRow', { uri: entry.uri.toString() });
      } while (entry.isDue && !this.#isGone(entry));
    } catch (error) {
      server.report(error);
    }
    const hasOldResults = row?.stress.ran === 0 && (entry.hasOldResults || (entry.row?.stress.ran ?? 0) > 0);
    this.#update(entry, { isAnalysing: false, isOutdated: false, hasOldResults, row });
  }

  #isGone(entry: Entry): boolean {
    return this.#entries.get(entry.uri.toString()) !== entry;
  }

  /** The file was built. Of a module that nobody looked at yet, only its being there counts. */
  #written(uri: Uri): void {
    const entry = this.#entries.get(uri.toString());
    if (entry === undefined) {
      if (this.#discovery !== undefined) void this.#add(uri);
    } else if (entry.row !== undefined) {
      this.#update(entry, { isOutdated: true });
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => {
        this.#services.server.binaryChanged(uri.toString());
        void this.#follow(entry);
      }, DEBOUNCE_MS);
    }
  }

  /** Watchers also tell of files that `files.exclude` hides. */
  async #add(uri: Uri): Promise<void> {
    let search: number;
    let isThere: boolean;
    do {
      search = this.#searches;
      isThere = this.#entries.size < MAX_FILES && (await isListed(uri));
    } while (search !== this.#searches);
    if (!isThere) return;
    this.#told?.set(uri.toString(), true);
    this.#entry(uri).isFound = true;
    this.#changed.fire(undefined);
  }

  #deleted(uri: Uri): void {
    this.#told?.set(uri.toString(), false);
    if (this.#forget(uri.toString())) this.#changed.fire(undefined);
  }

  #forget(key: string): boolean {
    clearTimeout(this.#entries.get(key)?.timer);
    return this.#entries.delete(key);
  }

  #update(entry: Entry, to: Partial<Omit<Entry, 'uri'>>): void {
    const isListed = entry.row === undefined && to.row !== undefined;
    Object.assign(entry, to);
    if (!this.#isGone(entry)) this.#changed.fire(isListed ? undefined : entry);
  }
}

/** Whether a file of the workspace is among those that are listed. Files elsewhere are when they are analysed. */
async function isListed(uri: Uri): Promise<boolean> {
  const folder = workspace.getWorkspaceFolder(uri);
  if (folder === undefined) return true;
  const path = workspace.asRelativePath(uri, false).replace(/[[\]{}*?]/g, '[$&]');
  return (await workspace.findFiles(new RelativePattern(folder, path), NOT, 1)).length > 0;
}

/** Whether a tab shows a file, as a text of ours or as what another extension makes of it. */
const isInTab = (file: string): boolean =>
  window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => {
      const shown = input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
      return shown !== undefined && fileOf(toBinaryUri(shown).toString()) === file;
    }),
  );

/** The file that a module is in. */
const fileOf = (key: string): string => key.replace(/(?:#|%23)\d+$/, '');

/** The row without results of stress runs, which the user has cleared. */
const notRun = (row: ModuleRow | undefined): ModuleRow | undefined =>
  row && { ...row, stress: { ran: 0, found: {}, clean: 0 } };

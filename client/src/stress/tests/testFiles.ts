/**
 * The upper levels of the Test Explorer: folders, the files in them, and apart the files that cannot be tested. What is
 * below a file is not its concern.
 */
import { l10n, type TestController, type TestItem, type TestItemCollection, Uri, workspace } from 'vscode';
import { displayable } from '../../../../core/harmless/names.ts';
import { newTestItem } from '../../shown/testTexts.ts';
import { baseName, toFileUri } from '../../uris.ts';
import type { ItemReports } from './itemReports.ts';
import { type ListedFile, levelsOf } from './levels.ts';

/** Folders before files, and what cannot be tested last, whatever their labels become. */
const ORDER = { folder: '0', file: '1', broken: '2' } as const;

interface FileTest {
  item: TestItem;
  isBroken: boolean;
}

/** Keeps the item of each file at its place. Ids of folders: `folder:` and their path. */
export class TestFiles {
  readonly #controller: TestController;
  readonly #reports: ItemReports;
  readonly #files = new Map<string, FileTest>();
  /** Folders and the list of what cannot be tested, by id. */
  readonly #groups = new Map<string, TestItem>();

  constructor(controller: TestController, reports: ItemReports) {
    this.#controller = controller;
    this.#reports = reports;
  }

  of(uri: Uri): TestItem | undefined {
    return this.#files.get(uri.toString())?.item;
  }

  /** URIs of the files. */
  uris(): string[] {
    return [...this.#files.keys()];
  }

  /** Adds the item of a file, or puts another one in the place of the one that it had. */
  set(uri: Uri, item: TestItem): void {
    const key = uri.toString();
    const known = this.#files.get(key);
    item.sortText = ORDER.file + baseName(uri);
    if (known === undefined) {
      this.#files.set(key, { item, isBroken: false });
      return;
    }
    const siblings = this.#siblingsOf(known.item);
    siblings.delete(known.item.id);
    known.item = item;
    siblings.add(item);
  }

  /** Notes whether a file can be tested. `arrange` moves it. */
  mark(uri: Uri, isBroken: boolean): void {
    const file = this.#files.get(uri.toString());
    if (file !== undefined) file.isBroken = isBroken;
  }

  isBroken(uri: Uri): boolean {
    return this.#files.get(uri.toString())?.isBroken === true;
  }

  remove(uri: Uri): void {
    const file = this.#files.get(uri.toString());
    if (file === undefined) return;
    this.#files.delete(uri.toString());
    this.#takeOut(file.item);
    this.arrange();
  }

  /** Puts each file where it belongs. Files that are there keep their states; those that move lose them. */
  arrange(): void {
    const places = levelsOf([...this.#files].map(([uri, { isBroken }]) => listed(uri, isBroken)));
    const used = new Set<TestItem>();
    for (const [uri, place] of places) {
      const item = this.#files.get(uri)?.item;
      if (item === undefined) continue;
      const parent =
        place.in === 'folder'
          ? this.#folder(place.folders)
          : place.in === 'broken'
            ? this.#group('broken', undefined, l10n.t('Cannot be tested'), ORDER.broken)
            : this.#files.get(place.text)?.item;
      for (let above = parent; above !== undefined; above = above.parent) used.add(above);
      const isThere = item.parent === parent && this.#siblingsOf(item).get(item.id) === item;
      if (isThere) continue;
      this.#takeOut(item);
      (parent?.children ?? this.#controller.items).add(item);
    }
    for (const [id, group] of this.#groups) {
      if (used.has(group)) continue;
      this.#takeOut(group);
      this.#groups.delete(id);
    }
  }

  /** The files below a folder, or all of them; binaries with a text are tested by their text, and broken files not at all. */
  filesIn(group: TestItem | undefined): TestItem[] {
    const items = [...(group?.children ?? this.#controller.items)].map(([, item]) => item);
    return items.flatMap((item) => {
      if (!this.isGroup(item)) return [item];
      return group === undefined && item === this.#groups.get('broken') ? [] : this.filesIn(item);
    });
  }

  isGroup(item: TestItem): boolean {
    return this.#groups.get(item.id) === item;
  }

  #folder(names: readonly string[]): TestItem | undefined {
    let folder: TestItem | undefined;
    for (const [i, name] of names.entries())
      folder = this.#group(`folder:${names.slice(0, i + 1).join('/')}`, folder, name, ORDER.folder + name);
    return folder;
  }

  #group(id: string, parent: TestItem | undefined, name: string, order: string): TestItem {
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const item = newTestItem(this.#controller, id, displayable(name));
    item.sortText = order;
    this.#groups.set(id, item);
    (parent?.children ?? this.#controller.items).add(item);
    this.#reports.name(item, displayable(name));
    return item;
  }

  #siblingsOf(item: TestItem): TestItemCollection {
    return item.parent?.children ?? this.#controller.items;
  }

  #takeOut(item: TestItem): void {
    this.#reports.clear(item);
    const siblings = this.#siblingsOf(item);
    if (siblings.get(item.id) === item) siblings.delete(item.id);
  }
}

/** A file with the folders between it and its workspace, whose name counts where there are several. */
function listed(uri: string, isBroken: boolean): ListedFile {
  const file = toFileUri(Uri.parse(uri, true));
  const folder = workspace.getWorkspaceFolder(file);
  const path = workspace.asRelativePath(file);
  const inside = path.split('/').slice(0, -1);
  // What is outside of the workspace is in one folder, and a text that was never saved in none.
  const above = file.scheme === 'untitled' ? [] : [inside.join('/')];
  return { uri, folders: folder === undefined ? above : inside, isBroken };
}

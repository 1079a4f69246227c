/** Test items: modules, their exports, the pairs of exports that conflict; scenario files. `TestFiles` says where they stand. */
import { l10n, type TestController, type TestItem, TestTag, Uri, workspace } from 'vscode';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import type { Runner } from '../../runner.ts';
import type { Server } from '../../server.ts';
import type { Services } from '../../services.ts';
import { newTestItem } from '../../shown/testTexts.ts';
import { fileLabel, toBinaryUri, toTextUri } from '../../uris.ts';
import { type ModuleInfo, moduleInfo, rangesOf } from '../moduleInfo.ts';
import { ItemReports } from './itemReports.ts';
import { TestFiles } from './testFiles.ts';

/** What an item stands for. `name`, `a` and `b` are names of exports; in a pair, both may be the same. */
export type TestItemKind =
  | { kind: 'group' }
  | { kind: 'module' }
  | { kind: 'export'; name: string }
  | { kind: 'pair'; a: string; b: string }
  | { kind: 'scenario' };

/** Glob pattern of the modules that are offered as tests. Scripts (`.wast`) are not among them. */
export const MODULES = '**/*.{wasm,wat}';
/** Glob pattern of scenario files. */
export const SCENARIOS = '**/*.stress.json';
const NOT = '**/node_modules/**';
const MAX_FILES = 500;
/** Exports whose range in the text is looked up. */
const MAX_PLACED = 200;

const RUNNABLE = new TestTag('runnable');

/**
 * The tree of the Test Explorer: folders, modules and scenario files, exports, pairs. Ids: the URI of a file, with a number
 * once its results were taken back; below it, the id of the parent with `#` and a name.
 */
export class TestItems {
  readonly controller: TestController;
  /** What runs found of the items. */
  readonly reports = new ItemReports();
  private readonly server: Server;
  private readonly runner: Runner;
  private readonly files: TestFiles;
  private readonly kinds = new WeakMap<TestItem, TestItemKind>();
  /** What took the place of items. */
  private readonly renewed = new WeakMap<TestItem, TestItem>();
  /** How often the item of a file was renewed: a file that is made again must not get an earlier state back. */
  private readonly renewals = new Map<string, number>();

  constructor(controller: TestController, { server, runner }: Pick<Services, 'server' | 'runner'>) {
    this.controller = controller;
    this.server = server;
    this.runner = runner;
    this.files = new TestFiles(controller, this.reports);
  }

  kindOf(item: TestItem): TestItemKind {
    return this.kinds.get(item) ?? { kind: 'group' };
  }

  /** Module and exports of a test item that a menu passes; undefined for anything else. */
  find(clicked: unknown): { uri: Uri | undefined; names: string[] } | undefined {
    if (typeof clicked !== 'object' || clicked === null) return undefined;
    const kind = this.kinds.get(clicked as TestItem);
    if (kind === undefined) return undefined;
    const names = kind.kind === 'pair' ? [kind.a, kind.b] : kind.kind === 'export' ? [kind.name] : [];
    return { uri: (clicked as TestItem).uri, names };
  }

  /** All modules and scenarios of the workspace, and no others. */
  async discover(): Promise<void> {
    const [modules, scenarios] = await Promise.all([
      workspace.findFiles(MODULES, NOT, MAX_FILES),
      workspace.findFiles(SCENARIOS, NOT, MAX_FILES),
    ]);
    const found = [...modules, ...scenarios];
    const broken = await Promise.all(found.map((uri) => this.runner.isBroken(uri)));
    const wanted = new Set(found.map((uri) => uri.toString()));
    for (const uri of this.files.uris()) if (!wanted.has(uri)) this.files.remove(Uri.parse(uri, true));
    for (const [i, uri] of found.entries()) {
      this.known(uri);
      this.files.mark(uri, broken[i]);
    }
    this.files.arrange();
  }

  /** The item of a module or scenario file. */
  file(uri: Uri): TestItem {
    const known = this.files.of(uri);
    if (known !== undefined) return known;
    const item = this.known(uri);
    this.files.arrange();
    return item;
  }

  /** A file was made or written: it may be testable now, or no longer be. */
  async written(uri: Uri): Promise<void> {
    const broken = await this.runner.isBroken(uri);
    const isNew = this.files.of(uri) === undefined;
    if (!isNew && this.files.isBroken(uri) === broken) return;
    this.known(uri);
    this.files.mark(uri, broken);
    this.files.arrange();
  }

  remove(uri: Uri): void {
    this.files.remove(uri);
  }

  /** The files that are run for an item: those of a folder, or of the whole list; else the item, as it is called now. */
  toRun(item: TestItem | undefined): TestItem[] {
    if (item === undefined || this.files.isGroup(item)) return this.files.filesIn(item);
    let now = item;
    for (let next = this.renewed.get(now); next !== undefined; next = this.renewed.get(now)) now = next;
    return [now];
  }

  /**
   * Puts new items in the place of files with these items, and resolves with what stands for each of them: VS Code knows no
   * way to take the state of a test back, and keeps it by id.
   */
  renew(items: Iterable<TestItem>): TestItem[] {
    const wanted = [...items];
    for (const file of new Set(wanted.map((item) => this.fileOf(item)))) if (file !== undefined) this.renewFile(file);
    return wanted.flatMap((item) => this.renewed.get(item) ?? []);
  }

  /** A run of an item begins; one of a text says nothing of the binary below it. */
  begin(item: TestItem): void {
    this.reports.begin(item, (child) => this.kindOf(child).kind !== 'module');
  }

  /** The module that an export or a pair is of; for a module or a scenario file, itself. */
  moduleOf(item: TestItem): TestItem {
    const { kind } = this.kindOf(item);
    return (kind === 'export' || kind === 'pair') && item.parent !== undefined ? this.moduleOf(item.parent) : item;
  }

  /** The file that an item is of; undefined when it is listed no longer. */
  private fileOf(item: TestItem): TestItem | undefined {
    const file = this.moduleOf(item);
    return file.uri !== undefined && this.files.of(toBinaryUri(file.uri)) === file ? file : undefined;
  }

  private renewFile(file: TestItem): void {
    const uri = toBinaryUri(file.uri as Uri);
    const key = uri.toString();
    this.renewals.set(key, (this.renewals.get(key) ?? 0) + 1);
    this.files.set(uri, this.copyOf(file, this.idOf(uri)));
    // A binary stays below its text.
    this.files.arrange();
  }

  private idOf(uri: Uri): string {
    const renewals = this.renewals.get(uri.toString());
    return renewals === undefined ? uri.toString() : `${uri} ${renewals}`;
  }

  private copyOf(item: TestItem, id: string): TestItem {
    const copy = newTestItem(this.controller, id, this.reports.nameOf(item), item.uri);
    const { range, sortText, canResolveChildren, tags, error } = item;
    Object.assign(copy, { range, sortText, canResolveChildren, tags, error });
    const kind = this.kindOf(item);
    this.kinds.set(copy, kind);
    this.reports.name(copy, this.reports.nameOf(item));
    this.renewed.set(item, copy);
    for (const [, child] of item.children) {
      const own = this.kindOf(child);
      if (own.kind === 'export') copy.children.add(this.copyOf(child, `${id}#${own.name}`));
      else if (own.kind === 'pair') copy.children.add(this.copyOf(child, `${id}#${own.b}`));
    }
    return copy;
  }

  private known(uri: Uri): TestItem {
    const known = this.files.of(uri);
    if (known !== undefined) return known;
    const scenario = uri.path.endsWith('.stress.json');
    const item = newTestItem(this.controller, this.idOf(uri), fileLabel(uri), scenario ? uri : toTextUri(uri));
    this.reports.name(item, fileLabel(uri));
    item.canResolveChildren = !scenario;
    item.tags = [RUNNABLE];
    this.kinds.set(item, scenario ? { kind: 'scenario' } : { kind: 'module' });
    this.files.set(uri, item);
    return item;
  }

  /** Fills in the exports of a module and their conflicting pairs. */
  async resolve(item: TestItem): Promise<void> {
    if (this.kindOf(item).kind !== 'module' || item.uri === undefined) return;
    item.busy = true;
    try {
      await this.fill(item, await moduleInfo(this.server, item.uri));
    } catch (error) {
      item.error = error instanceof Error ? error.message : String(error);
      // It moves when the list is made again, not under the mouse.
      this.files.mark(toBinaryUri(item.uri), true);
    } finally {
      item.busy = false;
    }
  }

  /** Fills in what is known of a module: its exports may be elsewhere than before, or others. */
  async fill(item: TestItem, info: ModuleInfo): Promise<void> {
    if (item.uri === undefined) return;
    const ranges = await rangesOf(
      this.server,
      item.uri,
      info.exports.slice(0, MAX_PLACED).map((e) => e.offset),
    );
    const symbols = new Map(info.exports.map(({ name, symbol }) => [name, symbol]));
    item.error = undefined;
    this.files.mark(info.uri, false);
    const twins = [...item.children].map(([, child]) => child).filter((child) => this.kindOf(child).kind === 'module');
    item.children.replace([
      ...info.exports.map((exported, i) => {
        const id = `${item.id}#${exported.name}`;
        // What runs found of an item is kept with it.
        const child = item.children.get(id) ?? newTestItem(this.controller, id, exportLabel(exported), item.uri);
        child.range = ranges.get(exported.offset);
        child.sortText = String(i).padStart(4, '0');
        child.tags = [RUNNABLE];
        const label = exportLabel(exported);
        this.reports.name(child, exported.partners.length === 0 ? l10n.t('{0}: no conflicts', label) : label);
        this.kinds.set(child, { kind: 'export', name: exported.name });
        child.children.replace(
          exported.partners.map((partner) => this.pair(child, exported.name, partner, symbols.get(partner))),
        );
        return child;
      }),
      ...twins,
    ]);
  }

  /** The item of a pair, below the item of its first export. `symbol`: of the second one. */
  pair(parent: TestItem, a: string, b: string, symbol?: string): TestItem {
    const id = `${parent.id}#${b}`;
    const known = parent.children.get(id);
    if (known !== undefined) {
      known.range = parent.range;
      return known;
    }
    const label = a === b ? l10n.t('with itself') : l10n.t('with {0}', exportLabel({ name: b, symbol }));
    const item = newTestItem(this.controller, id, label, parent.uri);
    this.reports.name(item, label);
    item.range = parent.range;
    item.tags = [RUNNABLE];
    this.kinds.set(item, { kind: 'pair', a, b });
    parent.children.add(item);
    return item;
  }

  /** The export of a module item. */
  async exportOf(module: TestItem, name: string): Promise<TestItem | undefined> {
    const id = `${module.id}#${name}`;
    if (module.children.get(id) === undefined) await this.resolve(module);
    return module.children.get(id);
  }
}

/** Test items: modules, their exports, the pairs of exports that conflict; scenario files. */
import { l10n, type TestController, type TestItem, TestTag, type Uri, workspace } from 'vscode';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { Server } from '../server.ts';
import { baseName, fileLabel, toTextUri } from '../uris.ts';
import { ItemReports } from './itemReports.ts';
import { type ModuleInfo, moduleInfo, rangesOf } from './moduleInfo.ts';

/** What an item stands for. `name`, `a` and `b` are names of exports; in a pair, both may be the same. */
export type TestItemKind =
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

/** The tree of the Test Explorer. Ids: the URI of a file; below it, the id of the parent with `#` and a name. */
export class TestItems {
  readonly controller: TestController;
  /** What runs found of the items. */
  readonly reports = new ItemReports();
  private readonly server: Server;
  private readonly kinds = new WeakMap<TestItem, TestItemKind>();

  constructor(controller: TestController, server: Server) {
    this.controller = controller;
    this.server = server;
  }

  kindOf(item: TestItem): TestItemKind {
    return this.kinds.get(item) ?? { kind: 'module' };
  }

  /** Module and exports of a test item that a menu passes; undefined for anything else. */
  find(clicked: unknown): { uri: Uri | undefined; names: string[] } | undefined {
    if (typeof clicked !== 'object' || clicked === null) return undefined;
    const kind = this.kinds.get(clicked as TestItem);
    if (kind === undefined) return undefined;
    const names = kind.kind === 'pair' ? [kind.a, kind.b] : kind.kind === 'export' ? [kind.name] : [];
    return { uri: (clicked as TestItem).uri, names };
  }

  /** All modules and scenarios of the workspace, and the open modules. */
  async discover(): Promise<void> {
    const [modules, scenarios] = await Promise.all([
      workspace.findFiles(MODULES, NOT, MAX_FILES),
      workspace.findFiles(SCENARIOS, NOT, MAX_FILES),
    ]);
    const wanted = new Set([...modules, ...scenarios].map((uri) => uri.toString()));
    for (const [id] of this.controller.items) if (!wanted.has(id)) this.controller.items.delete(id);
    for (const uri of modules) this.file(uri);
    for (const uri of scenarios) this.file(uri);
  }

  /** The item of a module or scenario file. */
  file(uri: Uri): TestItem {
    const id = uri.toString();
    const known = this.controller.items.get(id);
    if (known !== undefined) return known;
    const scenario = uri.path.endsWith('.stress.json');
    const item = this.controller.createTestItem(id, fileLabel(uri), scenario ? uri : toTextUri(uri));
    item.description = workspace.asRelativePath(uri).slice(0, -baseName(uri).length).replace(/\/$/, '');
    this.reports.name(item, fileLabel(uri));
    item.canResolveChildren = !scenario;
    item.tags = [RUNNABLE];
    this.kinds.set(item, scenario ? { kind: 'scenario' } : { kind: 'module' });
    this.controller.items.add(item);
    return item;
  }

  remove(uri: Uri): void {
    this.controller.items.delete(uri.toString());
  }

  /** Fills in the exports of a module and their conflicting pairs. */
  async resolve(item: TestItem): Promise<void> {
    if (this.kindOf(item).kind !== 'module' || item.uri === undefined) return;
    item.busy = true;
    try {
      await this.fill(item, await moduleInfo(this.server, item.uri));
      item.error = undefined;
    } catch (error) {
      item.error = error instanceof Error ? error.message : String(error);
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
    item.children.replace(
      info.exports.map((exported) => {
        const id = `${item.id}#${exported.name}`;
        // What runs found of an item is kept with it.
        const child = item.children.get(id) ?? this.controller.createTestItem(id, exportLabel(exported), item.uri);
        child.range = ranges.get(exported.offset);
        child.tags = [RUNNABLE];
        const label = exportLabel(exported);
        this.reports.name(child, exported.partners.length === 0 ? l10n.t('{0}: no conflicts', label) : label);
        this.kinds.set(child, { kind: 'export', name: exported.name });
        child.children.replace(
          exported.partners.map((partner) => this.pair(child, exported.name, partner, symbols.get(partner))),
        );
        return child;
      }),
    );
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
    const item = this.controller.createTestItem(id, label, parent.uri);
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

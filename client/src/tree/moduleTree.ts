/** The tree of modules. Whatever is below a module is asked of the server when it is unfolded. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type Memento,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
} from 'vscode';
import { number } from '../../../core/text/phrases.ts';
import type { ModuleItem } from '../../../server/src/protocol.ts';
import { known as opened } from '../commands/target.ts';
import { commandOf } from '../commands/typedCommands.ts';
import type { Server } from '../server.ts';
import { fileLabel, toTextUri } from '../uris.ts';
import { itemIcon, itemTooltip } from './itemText.ts';
import type { KnownModules, TreeModule } from './knownModules.ts';
import { isBroken, moduleDescription, moduleIcon, moduleTooltip } from './moduleText.ts';
import { type GroupNode, type ItemNode, itemNode, type ModuleNode, type TreeNode } from './nodes.ts';
import { joinTwins } from './twins.ts';
import { Unfolded } from './unfolded.ts';

/** Items of one list that are made at first, and more each time that somebody asks. */
const PAGE = 200;
/** While many modules are analysed, the list is drawn again no more often. */
const PAUSE_MS = 250;

/** Provides the rows. Modules keep their node as long as they are known, so that VS Code can update one of them. */
export class ModuleTree implements TreeDataProvider<TreeNode>, Disposable {
  readonly #server: Server;
  readonly #modules: KnownModules;
  readonly #unfolded: Unfolded;
  readonly #nodes = new Map<string, ModuleNode>();
  /** Items that are shown of a list, by id of its parent, where they are more than a page. */
  readonly #limits = new Map<string, number>();
  readonly #changed = new EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData: Event<TreeNode | undefined> = this.#changed.event;
  readonly #subscription: Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(server: Server, modules: KnownModules, memory: Memento) {
    this.#server = server;
    this.#modules = modules;
    this.#unfolded = new Unfolded(memory);
    this.#subscription = modules.onDidChange((module) => this.#update(module));
  }

  /** Whether a node is unfolded is remembered for the next time. */
  unfold(node: TreeNode, isUnfolded: boolean): void {
    this.#unfolded.set(node.id, isUnfolded);
  }

  /** Makes more items of a list, whose last one is `node`. */
  showMore({ parent }: ItemNode): void {
    this.#limits.set(parent.id, this.#limitOf(parent.id) + PAGE);
    this.#changed.fire(parent);
  }

  getTreeItem(node: TreeNode): TreeItem {
    const item = this.#itemOf(node);
    item.id = node.id;
    if (item.collapsibleState === TreeItemCollapsibleState.Collapsed && this.#unfolded.has(node.id))
      item.collapsibleState = TreeItemCollapsibleState.Expanded;
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.#roots();
    if (node.kind === 'group') return node.modules;
    if (node.kind === 'item') return this.#itemsBelow(node, node.item.key);
    const { module, twin, id } = node;
    const coreModules = (module.row?.coreModules ?? []).map((uri) => this.#coreModule(id, Uri.parse(uri, true)));
    const items = isAnalysed(module) && coreModules.length === 0 ? await this.#itemsBelow(node, '') : [];
    const own = [...coreModules, ...items];
    return twin === undefined ? own : [...own, this.#nodeOf(`${id}\ntwin`, twin, undefined)];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'item' ? node.parent : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** Empty before the first analysis, so that VS Code shows what to do instead. */
  async #roots(): Promise<TreeNode[]> {
    const all = this.#modules.all();
    if (!all.some(({ row, isAnalysing }) => row !== undefined || isAnalysing)) return [];
    await this.#modules.discover();
    const modules = this.#topModules();
    const lists: Record<'analysed' | GroupNode['id'], ModuleNode[]> = { analysed: [], unknown: [], broken: [] };
    for (const one of modules) lists[listOf(one)].push(one);
    this.#forgetNodes();
    return [...lists.analysed, ...group('unknown', lists.unknown), ...group('broken', lists.broken)];
  }

  /** Modules in their order; a binary with its source. Core modules are below their component. */
  #topModules(): ModuleNode[] {
    const known = new Map(this.#modules.all().map((module) => [module.uri.toString(), module]));
    const files = [...known.keys()].filter((uri) => !CORE.test(uri));
    return joinTwins(files).flatMap(({ main, twin }) => {
      const module = known.get(main);
      return module === undefined ? [] : [this.#nodeOf(main, module, twin === undefined ? undefined : known.get(twin))];
    });
  }

  /** Files come and go with each build; their nodes go with them. */
  #forgetNodes(): void {
    for (const [id, { resourceUri }] of this.#nodes)
      if (!this.#modules.hasFile(resourceUri.toString())) this.#nodes.delete(id);
  }

  #coreModule(parent: string, uri: Uri): ModuleNode {
    const module = this.#modules.of(uri) ?? {
      uri,
      row: undefined,
      isAnalysing: false,
      isOutdated: false,
      hasOldResults: false,
    };
    return this.#nodeOf(`${parent}\n${uri}`, module, undefined);
  }

  #nodeOf(id: string, module: TreeModule, twin: TreeModule | undefined): ModuleNode {
    const known = this.#nodes.get(id);
    const node: ModuleNode = Object.assign(known ?? { kind: 'module' as const, id }, {
      module,
      twin,
      resourceUri: module.uri,
    });
    this.#nodes.set(id, node);
    return node;
  }

  async #itemsBelow(node: ModuleNode | ItemNode, key: string): Promise<ItemNode[]> {
    const uri = node.resourceUri;
    try {
      await opened(uri);
      const { items } = await this.#server.request('wasmHazards/moduleItems', {
        uri: uri.toString(),
        parent: key,
        limit: this.#limitOf(node.id),
      });
      return items.map((item) => itemNode(node, item));
    } catch (error) {
      this.#server.report(error);
      return [itemNode(node, failed(error))];
    }
  }

  #limitOf(id: string): number {
    return this.#limits.get(id) ?? PAGE;
  }

  #itemOf(node: TreeNode): TreeItem {
    switch (node.kind) {
      case 'group':
        return groupItem(node);
      case 'module':
        return moduleItem(node);
      case 'item':
        return belowItem(node);
    }
  }

  #update(module: TreeModule | undefined): void {
    const nodes = module === undefined ? [] : this.#nodesOf(module);
    // A module that moves from one list to another changes both.
    if (module === undefined || nodes.length === 0) this.#drawSoon();
    else for (const node of nodes) this.#changed.fire(node);
  }

  /** The nodes that show a module: its own, that of its twin, and those below a component or a twin. */
  #nodesOf(module: TreeModule): ModuleNode[] {
    const uri = module.uri.toString();
    if (CORE.test(uri)) return [...this.#nodes.values()].filter((node) => node.module === module);
    const text = uri.replace(/\.wasm$/i, '.wat');
    return [uri, text, `${text}\ntwin`].flatMap((id) => {
      const node = this.#nodes.get(id);
      return node !== undefined && (node.module === module || node.twin === module) ? [node] : [];
    });
  }

  #drawSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, PAUSE_MS);
  }
}

/** URIs of core modules, which are below their component. */
const CORE = /#|%23/;

/** The list that a module is in. */
function listOf({ module, twin }: ModuleNode): 'analysed' | GroupNode['id'] {
  if (isAnalysed(module) || (twin !== undefined && isAnalysed(twin))) return 'analysed';
  return isBroken(module) && (twin === undefined || isBroken(twin)) ? 'broken' : 'unknown';
}

const isAnalysed = (module: TreeModule): boolean => module.row !== undefined && !isBroken(module);

const group = (id: GroupNode['id'], modules: ModuleNode[]): GroupNode[] =>
  modules.length === 0 ? [] : [{ kind: 'group', id, modules }];

function groupItem({ id, modules }: GroupNode): TreeItem {
  const label = id === 'unknown' ? l10n.t('Not analysed') : l10n.t('Cannot be analysed');
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  item.description = number(modules.length);
  item.iconPath = new ThemeIcon(id === 'unknown' ? 'circle-outline' : 'circle-slash');
  item.contextValue = id === 'unknown' ? 'unknownModules' : 'brokenModules';
  return item;
}

function moduleItem({ module, twin, resourceUri }: ModuleNode): TreeItem {
  const label = fileLabel(resourceUri);
  const hasItems = isAnalysed(module) || (twin !== undefined && isAnalysed(twin));
  const item = new TreeItem(label, hasItems ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.description = moduleDescription(module, twin);
  item.iconPath = moduleIcon(module);
  item.tooltip = moduleTooltip(module);
  item.contextValue = hasItems ? 'module' : module.row === undefined ? 'unknownModule' : 'brokenModule';
  // Of this command, VS Code tells a single click, which leaves the focus here, from the Enter key.
  item.command = {
    title: l10n.t('Open as WebAssembly text'),
    command: 'vscode.open',
    arguments: [toTextUri(resourceUri)],
  };
  item.accessibilityInformation = { label: `${label}, ${item.description.replaceAll(' · ', ', ')}` };
  return item;
}

function belowItem(node: ItemNode): TreeItem {
  const { item: info, resourceUri } = node;
  const { label, detail, kind, hasItems, offset } = info;
  const item = new TreeItem(label, hasItems ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.description = detail;
  item.iconPath = itemIcon(info);
  item.tooltip = itemTooltip(info);
  item.contextValue = kind;
  item.accessibilityInformation = { label: detail === '' ? label : `${label}, ${detail}` };
  if (kind === 'more') item.command = commandOf(label, 'wasm-hazards.showMoreItems', node);
  else if (offset !== null)
    item.command = commandOf(l10n.t('Go to code'), 'wasm-hazards.reveal', resourceUri.toString(), offset, true);
  return item;
}

/** Why there is nothing below a node. */
const failed = (error: unknown): ModuleItem => ({
  key: 'failed',
  kind: 'finding',
  label: error instanceof Error ? error.message : String(error),
  detail: '',
  text: '',
  sign: 'error',
  hasItems: false,
  offset: null,
  exportName: null,
});

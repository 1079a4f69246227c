/** What the rows of the tree stand for. Menus pass them to commands. */
import type { Uri } from 'vscode';
import type { ModuleItem } from '../../../server/src/protocol.ts';
import type { TreeModule } from './knownModules.ts';

/** A module; `twin` is the binary of a source. */
export interface ModuleNode {
  kind: 'module';
  id: string;
  module: TreeModule;
  twin: TreeModule | undefined;
  /** Of the module. */
  resourceUri: Uri;
}

/** Something below a module. */
export interface ItemNode {
  kind: 'item';
  id: string;
  item: ModuleItem;
  parent: ModuleNode | ItemNode;
  /** Of the module. */
  resourceUri: Uri;
  /** The export that it is about; missing if it is about none. */
  exportName?: string;
}

/** Modules that are apart: not analysed yet, and those that cannot be. */
export interface GroupNode {
  kind: 'group';
  id: 'unknown' | 'broken';
  modules: ModuleNode[];
}

export type TreeNode = ModuleNode | ItemNode | GroupNode;

/** An item below a module or below one of its items. */
export function itemNode(parent: ModuleNode | ItemNode, item: ModuleItem): ItemNode {
  const { resourceUri } = parent;
  const node: ItemNode = { kind: 'item', id: `${resourceUri}\n${item.key}`, item, parent, resourceUri };
  return item.exportName === null ? node : { ...node, exportName: item.exportName };
}

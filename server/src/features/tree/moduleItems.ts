/**
 * What stands below a module in a tree: its findings, the state that it keeps, its exports. Each list is made when
 * somebody unfolds it, so that a module with thousands of exports costs what is looked at.
 */
import { t } from '../../../../core/text/l10n.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { apiItems, exportsGroup, plumbingItems } from './exportsOfModule.ts';
import { findingsGroup, findingsItems, ruleItems } from './findingsOfModule.ts';
import { keyOfParts, partsOfKey } from './itemKey.ts';
import { shownGroup, shownItems } from './shownOfModule.ts';
import { cellUsers, stateCells, stateItems } from './stateOfModule.ts';

/** Answers `wasmHazards/moduleItems`; empty for a key that is none any longer. */
export function moduleItems(doc: ModuleDocument, parent: string, limit: number): ModuleItem[] {
  // One more than is shown tells that there are more.
  const all = below(doc, partsOfKey(parent), limit + 1);
  return all.length <= limit ? all : [...all.slice(0, limit), moreItem(parent)];
}

function below(doc: ModuleDocument, [head, ...rest]: readonly string[], most: number): ModuleItem[] {
  switch (head) {
    case undefined:
      return [...shownGroup(doc), ...findingsGroup(doc), ...stateItems(doc), ...exportsGroup(doc)];
    case 'shown':
      return shownItems(doc, most);
    case 'findings':
      return findingsItems(doc);
    case 'rule':
      return ruleItems(doc, rest[0], most);
    case 'state':
      return rest.length === 1 ? stateCells(doc, rest[0], most) : cellUsers(doc, rest[0], rest[1], most);
    case 'exports':
      return apiItems(doc, most);
    case 'plumbing':
      return plumbingItems(doc, most);
    default:
      return [];
  }
}

const moreItem = (parent: string): ModuleItem => ({
  key: keyOfParts('more', parent),
  kind: 'more',
  label: t('Show more'),
  detail: '',
  text: '',
  sign: 'none',
  hasItems: false,
  offset: null,
  exportName: null,
});

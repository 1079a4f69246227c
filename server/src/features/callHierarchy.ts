/** Call hierarchy: who calls a function, and whom it calls, directly or possibly through a table. */
import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  SymbolKind,
} from 'vscode-languageserver';
import { callsFrom, callsTo } from '../../../core/analysis/callers.ts';
import { t } from '../../../core/text/l10n.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import { definitionOffset } from '../../../core/text/moduleItems.ts';
import { functionName } from '../../../core/wasm/displayNames.ts';
import { entityAt } from '../documents/entityAt.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { meantBy } from './definition.ts';

/** Functions on one level. */
const MAX_CALLS = 500;

/** The function at a position: one that is named there, or else the one whose body it is in. */
export function prepareCallHierarchy(
  doc: ModuleDocument,
  line: number,
  character: number,
): CallHierarchyItem[] | undefined {
  const entity = entityAt(doc, line, character);
  const item = entity && meantBy(doc.module, entity);
  const func = item?.kind === 'function' ? item.index : entity?.func;
  const found = func === undefined ? undefined : itemOfFunction(doc, func, false);
  return found && [found];
}

/** Who calls the function. */
export const incomingCalls = (doc: ModuleDocument, func: number): CallHierarchyIncomingCall[] =>
  callsTo(doc.analysis, func, MAX_CALLS).flatMap(({ func: caller, site, isIndirect }) => {
    const from = itemOfFunction(doc, caller, isIndirect);
    return from === undefined ? [] : [{ from, fromRanges: rangesOf(doc, site) }];
  });

/** Whom the function calls. */
export const outgoingCalls = (doc: ModuleDocument, func: number): CallHierarchyOutgoingCall[] =>
  callsFrom(doc.analysis, func, MAX_CALLS).flatMap(({ func: callee, site, isIndirect }) => {
    const to = itemOfFunction(doc, callee, isIndirect);
    return to === undefined ? [] : [{ to, fromRanges: rangesOf(doc, site) }];
  });

function rangesOf(doc: ModuleDocument, site: number): TextRange[] {
  const range = doc.map.rangeOf(site);
  return range === undefined ? [] : [range];
}

/** Its `data` is the index of the function. */
function itemOfFunction(doc: ModuleDocument, func: number, isIndirect: boolean): CallHierarchyItem | undefined {
  const offset = definitionOffset(doc.module, { kind: 'function', index: func });
  const range = offset === undefined ? undefined : doc.map.rangeOf(offset);
  if (range === undefined) return undefined;
  return {
    name: functionName(doc.module, func),
    detail: isIndirect ? t('possibly, through a table') : '',
    kind: SymbolKind.Function,
    uri: doc.textUri,
    range,
    selectionRange: range,
    data: func,
  };
}

/** What a module keeps, in the fewest words: `$count`, `static data, an allocator and a stack`. */

import { shorten } from '../../harmless/names.ts';
import { t } from '../../text/l10n.ts';
import { listOf } from '../../text/phrases.ts';
import type { Kept, KeptKind } from './kept.ts';
import type { ModuleBasis } from './moduleBasis.ts';

/** Kinds that are named; more would not fit into a line. */
const MAX_KINDS = 3;
/** Characters of a name. */
const NAME_LENGTH = 24;

/** The contested state of a module. A phrase to go after `keeps` or `share`, in plain text. */
export function keptWords({ kept, go, refFunc }: Pick<ModuleBasis, 'kept' | 'go' | 'refFunc'>): string {
  if (go) return t('one Go runtime');
  const contested = kept.filter((one) => one.contested && one.kind !== 'host');
  const has = (kind: KeptKind): boolean => contested.some((one) => one.kind === kind);
  // Objects lie in the allocator's blocks, and it is what makes the memory grow.
  const told = contested.filter(
    ({ kind }) =>
      !(kind === 'objects' && contested.length > 1) && !(kind === 'size' && (has('allocator') || contested.length > 2)),
  );
  const words = told.slice(0, MAX_KINDS).map(wordOf);
  if (told.length > MAX_KINDS) return t('{0} and more', words.join(t(', ')));
  if (words.length === 0) return refFunc ? t('references of the host') : t('state without a name');
  return listOf(words, MAX_KINDS);
}

function wordOf({ kind, names, cells }: Kept): string {
  const [name] = names;
  switch (kind) {
    case 'allocator':
      return t('an allocator');
    case 'stack':
      return t('a stack');
    case 'global':
      if (cells === 1 && name !== undefined) return shorten(name, NAME_LENGTH);
      return cells === 1 ? t('a global') : t('{0} globals', cells);
    case 'data':
      return cells === 1 && name !== undefined ? shorten(name, NAME_LENGTH) : t('static data');
    case 'objects':
      return t('objects in memory');
    case 'table':
      return t('a table');
    case 'segment':
      return t('a segment');
    case 'heap':
      return t('heap objects');
    case 'size':
      return t('a memory that grows');
    case 'host':
      return t('host functions');
    case 'unknown':
      return t('unknown code');
  }
}

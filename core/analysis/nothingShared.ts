/** Why instances of a module have no memory in common, although the sharing model is that of a common memory. */

import { t } from '../text/l10n.ts';
import { hasCommonMemory } from './conflicts.ts';
import type { Analysis } from './model.ts';

/** A clause without a full stop; undefined under other models, and where the module imports a shared memory. */
export function nothingShared({ model, sharing }: Pick<Analysis, 'model' | 'sharing'>): string | undefined {
  const { memories, imported } = sharing;
  if (model !== 'shared-memory' || hasCommonMemory(memories)) return undefined;
  if (memories.length === 0) return t('the module has no memory, so instances share none');
  if (memories.some(({ shared }) => shared))
    return t(
      'the module defines its shared memory instead of importing it, so every instance has its own and nothing is shared',
    );
  return imported.memory.includes(true)
    ? t('the memory that the module imports is not declared shared, so threads cannot share it')
    : t(
        'the module defines its memory instead of importing a shared one, so every instance has its own and nothing is shared',
      );
}

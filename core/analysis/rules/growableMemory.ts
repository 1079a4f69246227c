/** The host can grow an unshared memory, although no code of the module does. */

import { message, t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import { cellOf } from '../cells.ts';
import type { ModuleRule } from './rule.ts';

/** The rule `growable-memory`. */
export const growableMemory: ModuleRule = {
  id: 'growable-memory',
  group: 'growth',
  defaultSeverity: 'information',
  title: message('The host can grow the memory'),
  summary: message('The host can grow an unshared memory of the module, although no export reaches `memory.grow`.'),
  phrase: [message('can have its memory grown by the host'), message('can have their memory grown by the host')],
  models: ['shared-instance', 'shared-memory'],
  find({ module, model, growsItself }) {
    if (model === 'isolated' || model === 'cooperative' || growsItself) return undefined;
    const index = module.memories.findIndex((m, i) => !m.limits.shared && hostCanGrowMemory(module, i));
    const memory = module.memories[index];
    if (memory === undefined) return undefined;
    const { min, max } = memory.limits;
    return {
      cell: cellOf('memory.grow', { index }),
      offset: memory.offset,
      message:
        max === undefined
          ? t(
              'The host can grow memory {0} (minimum {1} and no maximum, in pages) while calls run, although no code in the module grows it.',
              index,
              String(min),
            )
          : t(
              'The host can grow memory {0} (minimum {1} and maximum {2}, in pages) while calls run, although no code in the module grows it.',
              index,
              String(min),
              String(max),
            ),
    };
  },
};

/** Whether the host can grow memory `index`: it is imported or exported, and below its maximum. */
export function hostCanGrowMemory(module: Module, index: number): boolean {
  const { limits, imported } = module.memories[index];
  if (limits.max !== undefined && limits.max <= limits.min) return false;
  return imported || module.exports.some((e) => e.kind === 'memory' && e.index === index);
}

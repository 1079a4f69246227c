/** Findings about the module as a whole. */

import type { SharingModel } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import { cellOf, type Effect } from './cells.ts';
import { grows, hostCanGrowMemory } from './classes.ts';
import type { ModuleHazard } from './model.ts';
import { RULES } from './rules/metadata.ts';

export function moduleHazards(module: Module, effects: readonly Effect[], model: SharingModel): ModuleHazard[] {
  const found: ModuleHazard[] = [];
  const growsItself = effects.some(grows);
  if (model !== 'isolated' && !growsItself) {
    const index = module.memories.findIndex((m, i) => !m.limits.shared && hostCanGrowMemory(module, i));
    const memory = module.memories[index];
    if (memory) {
      found.push({
        rule: 'growable-memory',
        severity: RULES['growable-memory'].defaultSeverity,
        cell: cellOf('memory.grow', { index }),
        offset: memory.offset,
        message: `Memory ${index} can grow (${memory.limits.min} pages, ${memory.limits.max === undefined ? 'no maximum' : `maximum ${memory.limits.max}`}) and no code of the module grows it: the host can, while other calls run.`,
      });
    }
  }
  module.data.forEach((segment, index) => {
    const memory = module.memories[segment.memory];
    if (segment.mode !== 'active' || !memory?.imported || !memory.limits.shared || segment.end === segment.start)
      return;
    if (found.some((h) => h.rule === 'active-segment-shared-memory')) return;
    found.push({
      rule: 'active-segment-shared-memory',
      severity: RULES['active-segment-shared-memory'].defaultSeverity,
      cell: cellOf('memory', { index: segment.memory }),
      offset: segment.offset,
      message: `Active data segment ${index} is copied into the imported shared memory ${segment.memory} again by every instance, with plain stores, while instances that are there already may use it.`,
    });
  });
  return found;
}

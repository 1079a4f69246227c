/** Findings about the module as a whole. */

import type { SharingModel } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import type { Effect } from './cells.ts';
import { grows } from './classes.ts';
import type { ModuleHazard } from './model.ts';
import { MODULE_RULES } from './rules/index.ts';

/** Findings of the rules about modules, in the order of the binary. */
export function moduleHazards(module: Module, effects: readonly Effect[], model: SharingModel): ModuleHazard[] {
  const subject = { module, model, growsItself: effects.some(grows) };
  return MODULE_RULES.flatMap(([rule, { defaultSeverity, find }]) => {
    const found = find(subject);
    return found === undefined ? [] : [{ rule, severity: defaultSeverity, ...found }];
  }).sort((a, b) => a.offset - b.offset);
}

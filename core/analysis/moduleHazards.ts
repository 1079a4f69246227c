/** Findings about the module as a whole. */

import type { Module } from '../wasm/module.ts';
import { grows } from './classes.ts';
import { instantiationWrites } from './instantiationWrites.ts';
import type { Analysis, ModuleHazard } from './model.ts';
import { MODULE_RULES } from './rules/index.ts';

/** Findings of the rules about modules, in the order of the binary. */
export function moduleHazards(module: Module, analysis: Omit<Analysis, 'moduleHazards'>): ModuleHazard[] {
  const { effects, model } = analysis;
  const instantiation = instantiationWrites(module, analysis);
  const subject = { module, model, growsItself: effects.some(grows), instantiation };
  return MODULE_RULES.flatMap(([rule, { defaultSeverity, find }]) => {
    const found = find(subject);
    return found === undefined ? [] : [{ rule, severity: defaultSeverity, ...found }];
  }).sort((a, b) => a.offset - b.offset);
}

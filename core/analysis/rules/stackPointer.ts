/** An export moves the shadow stack pointer or writes to a frame; an instance has only one such stack. */
import { message, t } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { globalName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `stack-pointer`. */
export const stackPointer: AccessRule = {
  id: 'stack-pointer',
  group: 'stack',
  defaultSeverity: 'warning',
  title: message('Uses the shared shadow stack'),
  summary: message('An export uses the shadow stack, which all calls on an instance share.'),
  phrase: [message('uses the shared shadow stack'), message('use the shared shadow stack')],
  models: ['shared-instance', 'shared-memory', 'cooperative'],
  matches: (effect) => {
    const { kind, address } = effect.cell;
    if (kind === 'stack-pointer') return isWrite(effect);
    return kind === 'memory' && address?.base === 'stack' && isWrite(effect) && !isAtomic(effect);
  },
  outcome: {
    can: ({ module, model, effect: { cell }, meetsOnlyGrowth }) => {
      if (cell.kind !== 'memory') return t('use overlapping stack frames');
      if (meetsOnlyGrowth) return t('use the memory while it moves');
      return model === 'shared-memory' ? unlessSet(module) : t("overwrite each other's stack frames");
    },
  },
};

/** What goes wrong, and how a host gives instances separate stacks, if the module allows it. */
function unlessSet(module: Module): string {
  const item = [...module.exports, ...module.imports].find(
    ({ kind, name, index }) =>
      kind === 'global' && name.endsWith('__stack_pointer') && module.globals[index]?.mutable === true,
  );
  if (item === undefined)
    return t("overwrite each other's stack frames, because every instance starts with the same stack pointer");
  return t(
    "overwrite each other's stack frames, unless the host sets {0} of each instance to a separate stack before the first call",
    quoted(globalName(module, item.index)),
  );
}

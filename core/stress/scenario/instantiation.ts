/** Callers that instantiate the module: active segments and start function run while other callers are in their calls. */

import type { SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import { type Call, calledExport, type Step } from './steps.ts';

/** In place of an export's name, as the first call of a caller. */
export const INSTANTIATE = '$instantiate';

/** Whether a call of a scenario is `$instantiate`, which stands for no export. */
export const isInstantiation = (step: Step): boolean => calledExport(step) === INSTANTIATE;

/** Whether a module has anything that instantiation could set up. */
const hasState = ({ memories, globals, tables, start }: Module): boolean =>
  memories.length + tables.length > 0 || globals.some(({ mutable }) => mutable) || start !== undefined;

/** What is wrong with an instantiation among the calls of a scenario; undefined where nothing is. */
export function instantiationProblem([, ...args]: Call, place: 'first' | 'later' | 'setup' | 'probe', module: Module) {
  if (args.length > 0) return t('{0} takes no arguments', INSTANTIATE);
  if (place === 'later') return t('{0} must be the first call of its caller', INSTANTIATE);
  if (place !== 'first') return t('only a caller can make {0}, as its first call', INSTANTIATE);
  return hasState(module)
    ? undefined
    : t(
        'the module has no memory, table, mutable global or start function: instantiating it does nothing that a caller could observe',
      );
}

/** Why callers cannot instantiate the module under a model, and what to do; undefined where they can. */
export function instantiationRefusal(callers: readonly (readonly Step[])[], setup: number, model: SharingModel) {
  const instantiates = callers.map(([first]) => isInstantiation(first));
  if (!instantiates.includes(true)) return undefined;
  if (model !== 'shared-memory')
    return t(
      '{0} needs the model shared-memory; under {1}, no instance is created while another one is in use',
      INSTANTIATE,
      model,
    );
  return setup > 0 && !instantiates.includes(false)
    ? t('every caller begins with {0}, so there is no instance for the setup calls', INSTANTIATE)
    : undefined;
}

/** Callers that instantiate the module: active segments and start function run while other callers are in their calls. */
import type { SharingModel } from '../../hosts/profile.ts';
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
  if (args.length > 0) return `${INSTANTIATE} takes no arguments`;
  if (place === 'later') return `${INSTANTIATE} must be the first call of its caller`;
  if (place !== 'first') return `only a caller can make ${INSTANTIATE}, as its first call`;
  return hasState(module)
    ? undefined
    : 'the module has no memory, table, mutable global or start function: instantiating it does nothing that a caller could observe';
}

/** Why callers cannot instantiate the module under a model, and what to do; undefined where they can. */
export function instantiationRefusal(callers: readonly (readonly Step[])[], setup: number, model: SharingModel) {
  const instantiates = callers.map(([first]) => isInstantiation(first));
  if (!instantiates.includes(true)) return undefined;
  if (model !== 'shared-memory')
    return `${INSTANTIATE} needs the model shared-memory; under ${model}, no instance is created while another one is in use`;
  return setup > 0 && !instantiates.includes(false)
    ? `every caller begins with ${INSTANTIATE}, so there is no instance for the setup calls`
    : undefined;
}

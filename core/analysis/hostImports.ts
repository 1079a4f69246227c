/**
 * What a call of an imported function does to state of the host, as far as `core/analysis/host` knows the function. No
 * function of WASI grows a guest's memory.
 */
import type { HostProfile } from '../hosts/profile.ts';
import type { Import, Module } from '../wasm/module.ts';
import { READ, WRITE } from './effectTable.ts';
import type { HostStateUse } from './host/description.ts';
import { hostFunctionOf, isWasi } from './host/hostFunctionOf.ts';

/** State of the host that calls of an imported function share with other calls. */
export interface ImportState {
  /** Name of the state: imports of one name may touch the same. */
  state: string;
  use: HostStateUse;
  /** Name of the function, as `HostProfile.unguardedWasi` has it. */
  name: string;
}

/** State that an imported function of the module touches. */
export function importState(module: Module, imported: Import): ImportState {
  return {
    // Both versions of WASI work on the same files.
    state: isWasi(imported) ? 'wasi' : imported.module,
    use: hostFunctionOf(module, imported)?.state ?? 'changes',
    name: imported.name,
  };
}

/** Whether calls can race on it on hosts with this profile. */
export const isSharedState = ({ use, name }: ImportState, { unguardedWasi }: Pick<HostProfile, 'unguardedWasi'>) =>
  use === 'guarded' ? unguardedWasi.includes(name) : use !== 'none';

/** Number of the access kind of a call to the import's host state: `READ` or `WRITE` of effectTable.ts. */
export function hostAccess(module: Module, imported: Import): number {
  const { use } = importState(module, imported);
  return use === 'none' || use === 'reads' ? READ : WRITE;
}

/** Whether the host may grow a memory of the module when this import is called. */
export const mayGrowMemory = (module: Module, imported: Import): boolean =>
  !isWasi(imported) && (hostFunctionOf(module, imported)?.grows ?? true);

/** Whether a call neither suspends its caller nor calls back, on any host. */
export const answersAtOnce = (module: Module, imported: Import): boolean =>
  hostFunctionOf(module, imported)?.atOnce ?? false;

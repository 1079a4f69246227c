/**
 * A host profile: what a named runtime allows concurrent callers to share, what a concurrent
 * `memory.grow` does there, and what to do about each kind of export. Pure data; one file a profile.
 */

/**
 * What concurrent callers share.
 * - `shared-instance` (A): one instance, many host threads: memory, globals and tables all shared
 * - `shared-memory` (B): an instance per thread over one shared memory: globals and tables private
 * - `isolated` (C): an instance per caller: only host imports shared
 */
export type SharingModel = 'shared-instance' | 'shared-memory' | 'isolated';

export const SHARING_MODELS: readonly SharingModel[] = ['shared-instance', 'shared-memory', 'isolated'];

export type HostId = 'wazero' | 'wasmtime' | 'wasmer' | 'wamr' | 'wasi-threads' | 'javascript' | 'extism';

/**
 * What an export does, as far as advice depends on it: the class of an export, and the kinds of
 * hazard that need advice of their own.
 */
export type AdviceKind =
  | 'pure'
  | 'reads-only'
  | 'stateful'
  | 'grows'
  | 'stack'
  | 'synchronised'
  | 'host-dependent'
  | 'table'
  | 'segment'
  | 'unknown';

export const ADVICE_KINDS: readonly AdviceKind[] = [
  'pure',
  'reads-only',
  'stateful',
  'grows',
  'stack',
  'synchronised',
  'host-dependent',
  'table',
  'segment',
  'unknown',
];

/**
 * How a host stands to a sharing model.
 * - `allowed`: the documented way
 * - `unguarded`: possible, but the host protects nothing
 * - `forbidden`: the API excludes it, or it is undefined behaviour
 * - `unavailable`: the host has no means to do it
 */
export type StanceStatus = 'allowed' | 'unguarded' | 'forbidden' | 'unavailable';

export interface Stance {
  status: StanceStatus;
  /** One sentence for the user. */
  text: string;
  /** Where the runtime says so: URL of its documentation, source file or issue. */
  source: string;
}

export interface HostProfile {
  id: HostId;
  /** For display, with the language where that tells hosts apart: `wazero (Go)`. */
  label: string;
  /** Sharing models that embedders of this host really use, the default one first. */
  models: readonly SharingModel[];
  /**
   * The model that applies to a module. `hasSharedMemory`: the module has a memory that several
   * instances can have in common, which is one that is shared *and imported*. A module that defines
   * its own shared memory gets a fresh one with every instance, so callers that share it share the
   * instance: pass `false`.
   */
  defaultModel(hasSharedMemory: boolean): SharingModel;
  stance: Readonly<Record<SharingModel, Stance>>;
  /**
   * Whether `memory.grow` of an unshared memory changes base or length without synchronisation with
   * other callers of the instance. False only where no other caller can exist.
   */
  growMovesMemory: boolean;
  /** What a concurrent grow does on this host, one sentence. */
  growText: string;
  /**
   * Instances import memories, globals and tables from one common instance unless the embedder takes care, so that
   * even isolated callers share what the module imports.
   */
  importsShared: boolean;
  /** Executing `ref.func` changes unlocked structures of the host. */
  refFuncUnsafe: boolean;
  /** `data.drop` or `elem.drop` against `memory.init` or `table.init` crashes the process. */
  segmentDropCrashes: boolean;
  /** What to do, by kind: one or two imperative sentences that name the API of this host. */
  advice: Readonly<Record<AdviceKind, string>>;
}

/**
 * A host profile: all that the product knows of a named runtime. What it allows concurrent callers to share, what a
 * concurrent `memory.grow` does there, what to do about each kind of export, how to tell from the files of a project
 * that it is the host, and for which of its languages code is generated. Pure data; one file a profile, one row in
 * `index.ts`.
 */

/**
 * What concurrent callers share.
 * - `shared-instance` (A): one instance, many host threads: memory, globals and tables all shared
 * - `shared-memory` (B): an instance per thread over one shared memory: globals and tables private
 * - `isolated` (C): an instance per caller: only host imports shared
 * - `cooperative` (D): one instance on one thread; another call runs while one is suspended in an import, or inside a
 *   call that an imported function makes: interleaving at imports only
 */
export type SharingModel = 'shared-instance' | 'shared-memory' | 'isolated' | 'cooperative';

/** All models, in the order of their letters A to D. */
export const SHARING_MODELS: readonly SharingModel[] = ['shared-instance', 'shared-memory', 'isolated', 'cooperative'];

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

/**
 * How a host stands to a sharing model.
 * - `allowed`: the documented way
 * - `unguarded`: possible, but the host protects nothing
 * - `forbidden`: the API excludes it, or it is undefined behaviour
 * - `unavailable`: the host has no means to do it
 */
export type StanceStatus = 'allowed' | 'unguarded' | 'forbidden' | 'unavailable';

/** Whether a host permits a sharing model, and the evidence for it. */
export interface Stance {
  status: StanceStatus;
  /** Two concurrent calls are undefined behaviour whatever they do, although nothing prevents them. */
  undefinedBehaviour?: true;
  /** One sentence for the user. */
  text: string;
  /** Where the runtime says so: URL of its documentation, source file or issue. */
  source: string;
}

/**
 * How a host names the parts of a remedy: its lock, how the embedder reaches the memory, how instances are pooled and
 * memory is reserved. To be put into sentences; the names of functions are those of the host's own documentation.
 */
export interface RemedyWords {
  /** What is held around a critical section, to go after `hold`. */
  lock: string;
  /** The embedder's own accesses of the guest's memory, to go into a list of steps. */
  write: string;
  read: string;
  /** How to get instances, imperative, without a full stop. */
  pool: string;
  /** A function object of the host runs one call at a time, so that callers of one instance need one each. */
  functionObjects?: true;
  /**
   * Memory that does not move when it grows, a sentence with what that leaves open; undefined where the host has no means.
   * `bounded`: the memory declares a maximum.
   */
  reserve(bounded: boolean): string | undefined;
}

/**
 * Names in the files of a project that tell of this host. A pattern must match the whole name; a profile has only the
 * ones that exist in its world.
 */
export interface DetectionPatterns {
  /** Module path in a go.mod. */
  goModule?: RegExp;
  /** Crate in a Cargo.toml. */
  crate?: RegExp;
  /** Package in a package.json. */
  npmPackage?: RegExp;
  /** Package that a project of .NET references; case does not matter there. */
  nugetPackage?: RegExp;
  /** Package that a project in Python depends on, in lower case with single hyphens. */
  pythonPackage?: RegExp;
  /** Header that a C or C++ source includes, as it stands between quotes or angle brackets. */
  header?: RegExp;
  /** Word anywhere in a CMakeLists.txt, and what it stands for in the reason. */
  cmake?: { word: RegExp; shown: string };
  /** The host of any project that has a package.json, where nothing tells more. */
  anyPackageJson?: true;
  /**
   * Where one file names several hosts the highest layer is the host, because it runs the others below it: Extism is
   * built on wazero. 0 unless given; hosts of one layer go by the order of the table.
   */
  layer?: number;
}

/** A language for which there are templates of wrappers. */
export type TemplateLanguage = 'c' | 'go' | 'rust' | 'typescript' | 'python';

/** In which language, and for which runtime, code is generated for the embedders of a host. */
export type HostTemplate =
  | {
      language: TemplateLanguage;
      /** The runtime whose API the code uses. */
      runtime: string;
      /** What a user of another host has to know about it, whole sentences. */
      note: string | undefined;
    }
  /** Why there is no code for this host, one sentence. */
  | { refusal: string };

/** How one host treats the subject of a rule. */
export interface HostNote {
  /** What the host does, one or two sentences in Markdown; a row of the rule's page. */
  text: string;
  /** Where the host's own documentation, sources or maintainers say so. */
  sources: readonly { label: string; url: string }[];
  /** Versions and machine, where it was seen in runs: `v1.9, Go 1.23, amd64`. */
  measured?: string;
}

/**
 * Operations of two concurrent calls on one instance that damage the host itself.
 * - `memory-growth`: `memory.grow` of an unshared memory during an access to it
 * - `table-growth`: `table.grow` during an access to the table
 * - `segment-drop`: `data.drop` or `elem.drop` during an instruction that copies from the segment
 * - `ref-func`: `ref.func` executed by both
 * - `overlapping-calls`: any two calls, whatever they do
 */
export type HostHazardKind = 'memory-growth' | 'table-growth' | 'segment-drop' | 'ref-func' | 'overlapping-calls';

/** What such an operation does to the host. */
export interface HostHazard {
  /** What meets, a noun phrase without an article for one line: `growth of a memory during an access to it`. */
  name: string;
  /** What happens inside the host and what can become of it, one or two sentences. */
  text: string;
  /** Where the host's sources, documentation or maintainers say so. */
  sources: readonly { label: string; url: string }[];
  /** Versions and machine, where it was seen in runs. */
  measured?: string;
}

/** A named runtime, as the analysis, the advice, the detection and the code generator see it. */
export interface HostProfile {
  /** As in the setting `wasmHazards.host` and after `--host`; the key of its row in `index.ts`. */
  id: string;
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
  /** What a caller must know that waits in `memory.atomic.wait`: a clause to go after a semicolon. */
  waitText?: string;
  /**
   * Instances import memories, globals and tables from one common instance unless the embedder takes care, so that
   * even isolated callers share what the module imports.
   */
  importsShared: boolean;
  /** Operations of concurrent calls that damage the host itself, whatever the guest computes; by kind. */
  hostHazards: Readonly<Partial<Record<HostHazardKind, HostHazard>>>;
  /** Functions of WASI whose state the host does not guard against concurrent calls. */
  unguardedWasi: readonly string[];
  /** What to do, by kind: one or two imperative sentences that name the API of this host. */
  advice: Readonly<Record<AdviceKind, string>>;
  remedy: RemedyWords;
  detection: DetectionPatterns;
  template: HostTemplate;
  /** What the host does about the subject of each rule, by rule id; `otherwise` for rules without a note of their own. */
  notes: Readonly<Record<string, HostNote>> & { readonly otherwise: HostNote };
}

/** Why the calls of a model must not run concurrently on a host, whatever they do: its own sentence; else undefined. */
export function exclusionOf({ stance }: Pick<HostProfile, 'stance'>, model: SharingModel): string | undefined {
  const { status, text, undefinedBehaviour } = stance[model];
  return status === 'forbidden' || status === 'unavailable' || undefinedBehaviour === true ? text : undefined;
}

/**
 * The definition of a rule: its metadata, the accesses or modules that it matches, and the sentences of its findings.
 * Each rule has a file here, a row in `index.ts`, and a page in `docs/rules/`.
 */

import type { HostNote, HostProfile, SharingModel } from '../../hosts/profile.ts';
import { type Message, message } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import type { Cell, Effect } from '../cells.ts';

/** As in the setting `wasmHazards.rules.<id>`; `off` reports nothing. */
export type Severity = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** Worst first, so that `indexOf` compares. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint', 'off'];

/** Rules of one group are about the same state; Problems shows one entry for each export and group. */
export type RuleGroup =
  | 'growth'
  | 'globals'
  | 'stack'
  | 'memory'
  | 'atomics'
  | 'tables'
  | 'segments'
  | 'references'
  | 'host';

/** What every rule says of itself. */
interface RuleHead {
  /** As in settings and ignore comments, and the name of the rule's page. */
  id: string;
  group: RuleGroup;
  /**
   * Follows from measurements on the default host: a broken sandbox or a crash is an error, a lost update a warning, a
   * stale read or an open question information.
   */
  defaultSeverity: Severity;
  /** A few words, for lists and menus; shown with `translated`. */
  title: Message;
  /** One sentence, shown with `translated`; the rule's page opens with it. */
  summary: Message;
  /** What exports with such a finding do, for one export and for several; shown with `translated`. */
  phrase: readonly [one: Message, many: Message];
  /** Sharing models under which callers share what the rule is about; imported state may be shared under more. */
  models: readonly SharingModel[];
  /** Whether the rule applies to the host; if omitted, it applies to every host. */
  concerns?(profile: HostProfile): boolean;
  /** What holds on every host whose profile does not say otherwise: what the specification requires. */
  anyHost?: HostNote;
}

/** What else is known about an access. */
export interface Meeting {
  /** The access goes to a fixed address, and so does an atomic access that it conflicts with. */
  meetsAtomics: boolean;
}

/** The input of the sentences of a finding. */
export interface Finding {
  module: Module;
  profile: HostProfile;
  model: SharingModel;
  effect: Effect;
  /** Nothing but the growth of the memory or table conflicts with the access. */
  meetsOnlyGrowth: boolean;
}

/** Exports that must not be called concurrently, for a rule with its own sentence about them. */
export interface Parties {
  /** The export that the finding is about: `` `grow` ``. */
  subject: string;
  /** All that conflict with it, itself included if it does; follows `Do not call`: `` `grow` or `f` ``. */
  names: string;
  /** Where they meet, ` on the same instance`; may be empty. A placeholder of whole sentences. */
  place: string;
}

/** For `statement`: says what is done, and nothing of how. */
export const PLAIN_STATEMENT = message('{0} {1} ({2}).');

/** A rule about an access of an export that conflicts with an access of some export. */
export interface AccessRule extends RuleHead {
  /** Whether the access falls under this rule. No access falls under two. */
  matches(effect: Effect, meeting: Meeting): boolean;
  /** Set for reads: not reported for an export that also writes the same state. */
  yieldsToWrites?: true;
  /** Set if the finding is about state of the host: a lock around the state of the module does not help. */
  ofHost?: true;
  /** What is done, without subject: `` writes mutable global `$counter` ``. By default the words of the access. */
  action?(finding: Finding): string;
  /**
   * Says that the export `{0}` does the action `{1}` on the path `{2}`, and how, one sentence. By default what fits a
   * write or a read.
   */
  statement?(finding: Finding): Message;
  /**
   * What goes wrong.
   * - `can`: a verb phrase for `{1}` in `Two concurrent calls{0} can {1}.`, already translated
   * - `sentence`: whole sentences about the parties
   * - `always`: a whole sentence that does not depend on other exports and states its own confidence
   */
  outcome:
    | { can(finding: Finding): string }
    | { sentence(finding: Finding, parties: Parties): string }
    | { always(finding: Finding): string };
}

/** What a rule about modules finds. */
export interface ModuleFinding {
  cell: Cell;
  /** Byte offset in the binary. */
  offset: number;
  /** Whole sentence. */
  message: string;
}

/** What instantiation writes to memories that other instances may already be using. */
export interface InstantiationWrites {
  /** The start function, or the export through which hosts initialise an instance. */
  by: 'start' | '_initialize';
  /** What is written, at least one cell: parts of memories that instances have in common. */
  cells: Cell[];
  /** Byte offset of the first write. */
  offset: number;
  /**
   * `always`: in every instance, for no value of memory decides, direct calls lead there, the address is fixed. `once`:
   * where the old value of an atomic read-modify-write decides, and nothing that instantiation does waits for another.
   */
  often: 'always' | 'perhaps' | 'once';
  /** Names of exports that use what is written. */
  against: string[];
}

/** The input of a rule about modules. */
export interface ModuleSubject {
  module: Module;
  model: SharingModel;
  /** Whether some function of the module grows a memory. */
  growsItself: boolean;
  /** Undefined if instantiation writes to no common memory, or only what all instances wait for. */
  instantiation: InstantiationWrites | undefined;
}

/** A rule about the module as a whole, which reports it once. */
export interface ModuleRule extends RuleHead {
  find(subject: ModuleSubject): ModuleFinding | undefined;
}

/** A rule of either kind. */
export type Rule = AccessRule | ModuleRule;

/** Sources that notes of several rules cite. */
export const THREADS_PROPOSAL = {
  label: 'threads proposal',
  url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
};

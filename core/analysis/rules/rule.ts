/**
 * What a rule is: what it is called, which accesses or modules it finds, and the words of its findings. One file a rule,
 * one row in `index.ts`, one page in `docs/rules/`.
 */
import type { HostNote, HostProfile, SharingModel } from '../../hosts/profile.ts';
import type { Module } from '../../wasm/module.ts';
import type { Cell, Effect } from '../cells.ts';

/** As in the setting `wasmHazards.rules.<id>`; `off` reports nothing. */
export type Severity = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** Worst first, so that `indexOf` compares. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint', 'off'];

/** Rules of one group speak of the same state; Problems shows one entry an export and group. */
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
   * What was measured on the default host decides: a broken sandbox or a crash is an error, a lost
   * update a warning, a stale read or an open question information.
   */
  defaultSeverity: Severity;
  /** A few words, for lists and menus. */
  title: string;
  /** One sentence; the rule's page opens with it. */
  summary: string;
  /** What exports with such a finding do: of one export, of several. */
  phrase: readonly [one: string, many: string];
  /** Sharing models under which callers share what the rule is about; imported state may be shared under more. */
  models: readonly SharingModel[];
  /** Whether the rule is about something that the host has; about all hosts unless given. */
  concerns?(profile: HostProfile): boolean;
  /** What holds on every host that does not say otherwise: what the specification asks for. */
  anyHost?: HostNote;
}

/** What is known of an access beside the access itself. */
export interface Meeting {
  /** It goes to a fixed address, as does an atomic access that it conflicts with. */
  meetsAtomics: boolean;
}

/** What the words of a finding are made of. */
export interface Finding {
  module: Module;
  profile: HostProfile;
  effect: Effect;
  /** Nothing but the growth of the memory or table conflicts with the access. */
  meetsOnlyGrowth: boolean;
}

/** Whose calls must not meet, for a rule that says so in a sentence of its own. */
export interface Parties {
  /** All parties, to go after `No call of`: `` itself or `f` ``. */
  names: string;
  /** Where they meet, ` on one instance`; may be empty. */
  place: string;
}

/** A rule about an access of an export that conflicts with an access of some export. */
export interface AccessRule extends RuleHead {
  /** Whether the access falls under this rule. No access falls under two. */
  matches(effect: Effect, meeting: Meeting): boolean;
  /** A read says nothing new about an export that writes the same state. */
  yieldsToWrites?: true;
  /** State of the host: no lock of the embedder around state of the module answers the finding. */
  ofHost?: true;
  /** What is done, without subject: `` writes mutable global `$counter` ``. The words of the access unless given. */
  action?(finding: Finding): string;
  /** How it is done, to go right behind the action. Unless given, what fits a write or a read. */
  manner?(finding: Finding): string;
  /**
   * What goes wrong.
   * - `can`: to go after `can`, with the parties before it
   * - `sentence`: whole sentences about the parties
   * - `always`: a whole sentence that does not depend on who else is there, and that says by itself how sure it is
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

/** What rules about modules look at. */
export interface ModuleSubject {
  module: Module;
  model: SharingModel;
  /** Some function of the module grows a memory. */
  growsItself: boolean;
}

/** A rule about the module as a whole, which reports it once. */
export interface ModuleRule extends RuleHead {
  find(subject: ModuleSubject): ModuleFinding | undefined;
}

export type Rule = AccessRule | ModuleRule;

/** Sources that notes of several rules cite. */
export const THREADS_PROPOSAL = {
  label: 'threads proposal',
  url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
};

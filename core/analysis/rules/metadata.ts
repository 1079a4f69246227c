/**
 * The rules: what each is called, how severe it is unless the user says otherwise, and the page that
 * explains it. Pure data; the rules themselves are in the other files of this folder. A test holds
 * this list and `docs/rules/` together one to one.
 */

import type { HostNote } from '../../hosts/profile.ts';

/** As in the setting `wasmHazards.rules.<id>`; `off` reports nothing. */
export type Severity = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** Worst first, so that `indexOf` compares. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint', 'off'];

export type RuleId =
  | 'memory-grow'
  | 'segment-drop'
  | 'global-write'
  | 'stack-pointer'
  | 'static-memory-write'
  | 'memory-write'
  | 'mixed-atomics'
  | 'table-write'
  | 'ref-func'
  | 'active-segment-shared-memory'
  | 'global-read'
  | 'memory-read'
  | 'table-read'
  | 'host-call'
  | 'growable-memory'
  | 'unknown-code';

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

export interface RuleMetadata {
  id: RuleId;
  /** A few words, for lists and menus. */
  title: string;
  group: RuleGroup;
  /**
   * What was measured on the default host decides: a broken sandbox or a crash is an error, a lost
   * update a warning, a stale read or an open question information.
   */
  defaultSeverity: Severity;
  /** One sentence; the rule's page opens with it. */
  summary: string;
  /** Path of the page in the repository and in the extension. */
  docs: string;
  /** What holds on every host that does not say otherwise: what the specification asks for. */
  anyHost?: HostNote;
}

const rule = (
  id: RuleId,
  group: RuleGroup,
  defaultSeverity: Severity,
  title: string,
  summary: string,
  anyHost?: HostNote,
): RuleMetadata => ({ id, title, group, defaultSeverity, summary, docs: `docs/rules/${id}.md`, anyHost });

const THREADS_PROPOSAL = {
  label: 'threads proposal',
  url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
};
const INSTANTIATION = {
  label: 'instantiation',
  url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation',
};

/** All rules, worst default severity first. */
export const RULES: Readonly<Record<RuleId, RuleMetadata>> = {
  'memory-grow': rule(
    'memory-grow',
    'growth',
    'error',
    'Grows an unshared memory',
    'An export reaches `memory.grow` of a memory that is not shared.',
  ),
  'segment-drop': rule(
    'segment-drop',
    'segments',
    'error',
    'Drops a segment that others apply',
    'An export drops a passive segment that an export copies from, or copies from one that an export drops.',
  ),
  'global-write': rule(
    'global-write',
    'globals',
    'warning',
    'Writes a mutable global',
    'An export writes a mutable global that is not the shadow stack pointer.',
  ),
  'stack-pointer': rule(
    'stack-pointer',
    'stack',
    'warning',
    'Uses the one shadow stack',
    'An export uses the shadow stack, of which an instance has only one.',
  ),
  'static-memory-write': rule(
    'static-memory-write',
    'memory',
    'warning',
    'Writes memory at a fixed address',
    'An export writes memory at an address that is the same in every call.',
  ),
  'memory-write': rule(
    'memory-write',
    'memory',
    'warning',
    'Writes memory at an address of the caller',
    'An export writes memory at an address that comes from its caller or that the analysis does not know.',
  ),
  'mixed-atomics': rule(
    'mixed-atomics',
    'atomics',
    'warning',
    'Mixes plain and atomic accesses',
    'An export accesses plainly what another access treats as atomic.',
    { text: 'As the threads proposal says.', sources: [THREADS_PROPOSAL] },
  ),
  'table-write': rule(
    'table-write',
    'tables',
    'warning',
    'Writes or grows a table',
    'An export writes slots of a table or grows it.',
  ),
  'ref-func': rule(
    'ref-func',
    'references',
    'warning',
    'Executes ref.func on wazero',
    'An export executes `ref.func`, which on wazero changes an unlocked list of the host.',
  ),
  'active-segment-shared-memory': rule(
    'active-segment-shared-memory',
    'segments',
    'warning',
    'Active data in a shared memory',
    'The module copies an active data segment into an imported shared memory each time it is instantiated.',
    { text: 'It is what the specification asks for.', sources: [INSTANTIATION, THREADS_PROPOSAL] },
  ),
  'global-read': rule(
    'global-read',
    'globals',
    'information',
    'Reads a global that others write',
    'An export reads a mutable global that an export writes.',
  ),
  'memory-read': rule(
    'memory-read',
    'memory',
    'information',
    'Reads memory that others write',
    'An export reads memory that an export can write at the same time.',
  ),
  'table-read': rule(
    'table-read',
    'tables',
    'information',
    'Reads a table that others write',
    'An export reads or calls through a slot of a table that an export can change.',
  ),
  'host-call': rule(
    'host-call',
    'host',
    'information',
    'Calls the host',
    'An export calls an imported function, whose effects the analysis cannot see.',
  ),
  'growable-memory': rule(
    'growable-memory',
    'growth',
    'information',
    'The host can grow the memory',
    'The host can grow an unshared memory of the module although no export reaches `memory.grow`.',
  ),
  'unknown-code': rule(
    'unknown-code',
    'host',
    'information',
    'Reaches code that is not known',
    'An export can reach code that the analysis does not know.',
  ),
};

export const RULE_IDS = Object.keys(RULES) as RuleId[];

export const isRuleId = (text: string): text is RuleId => Object.hasOwn(RULES, text);

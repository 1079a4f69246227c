/** Rules as predicates, to go after a number of exports. */
import type { RuleId } from './rules/metadata.ts';

const PHRASES: Readonly<Record<RuleId, readonly [one: string, many: string]>> = {
  'memory-grow': ['grows an unshared memory', 'grow an unshared memory'],
  'segment-drop': ['drops a segment that is also copied from', 'drop a segment that is also copied from'],
  'global-write': ['writes a mutable global', 'write a mutable global'],
  'stack-pointer': ['uses the one shadow stack', 'use the one shadow stack'],
  'static-memory-write': ['writes memory at a fixed address', 'write memory at a fixed address'],
  'memory-write': ['writes memory at an address of the caller', 'write memory at an address of the caller'],
  'mixed-atomics': ['mixes plain and atomic accesses', 'mix plain and atomic accesses'],
  'table-write': ['writes or grows a table', 'write or grow a table'],
  'ref-func': ['executes ref.func', 'execute ref.func'],
  'active-segment-shared-memory': ['copies active data into a shared memory', 'copy active data into a shared memory'],
  'global-read': ['reads a global that others write', 'read a global that others write'],
  'memory-read': ['reads memory that others change', 'read memory that others change'],
  'table-read': ['reads a table that others change', 'read a table that others change'],
  'host-call': ['calls the host', 'call the host'],
  'growable-memory': ['can have its memory grown by the host', 'can have their memory grown by the host'],
  'unknown-code': ['reaches code that is not known', 'reach code that is not known'],
};

/** `writes a mutable global` for one export, `write a mutable global` for several. */
export const rulePhrase = (rule: RuleId, exports: number): string => PHRASES[rule][exports === 1 ? 0 : 1];

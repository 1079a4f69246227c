/** The table of rules: a row for each, worst default severity first. Everything else about rules is derived from it. */
import { translated } from '../../text/l10n.ts';
import type { Effect } from '../cells.ts';
import { activeSegmentSharedMemory } from './activeSegmentSharedMemory.ts';
import { globalRead } from './globalRead.ts';
import { globalWrite } from './globalWrite.ts';
import { growableMemory } from './growableMemory.ts';
import { hostCall } from './hostCall.ts';
import { memoryGrow } from './memoryGrow.ts';
import { memoryRead } from './memoryRead.ts';
import { memoryWrite } from './memoryWrite.ts';
import { mixedAtomics } from './mixedAtomics.ts';
import { refFunc } from './refFunc.ts';
import type { AccessRule, Meeting, ModuleRule, Rule } from './rule.ts';
import { segmentDrop } from './segmentDrop.ts';
import { stackPointer } from './stackPointer.ts';
import { startWritesSharedMemory } from './startWritesSharedMemory.ts';
import { staticMemoryWrite } from './staticMemoryWrite.ts';
import { tableRead } from './tableRead.ts';
import { tableWrite } from './tableWrite.ts';
import { unknownCode } from './unknownCode.ts';

const TABLE = {
  'memory-grow': memoryGrow,
  'segment-drop': segmentDrop,
  'global-write': globalWrite,
  'stack-pointer': stackPointer,
  'static-memory-write': staticMemoryWrite,
  'memory-write': memoryWrite,
  'mixed-atomics': mixedAtomics,
  'table-write': tableWrite,
  'ref-func': refFunc,
  'active-segment-shared-memory': activeSegmentSharedMemory,
  'start-writes-shared-memory': startWritesSharedMemory,
  'global-read': globalRead,
  'memory-read': memoryRead,
  'table-read': tableRead,
  'host-call': hostCall,
  'growable-memory': growableMemory,
  'unknown-code': unknownCode,
} as const satisfies Readonly<Record<string, Rule>>;

/** Id of a rule, as in settings and ignore comments. */
export type RuleId = keyof typeof TABLE;

/** All rules by id. */
export const RULES: Readonly<Record<RuleId, Rule>> = TABLE;

/** All rule ids, in the order of the table. */
export const RULE_IDS = Object.keys(TABLE) as readonly RuleId[];

/** Whether a text is the id of a rule. */
export const isRuleId = (text: string): text is RuleId => Object.hasOwn(TABLE, text);

const isAccessRule = (rule: Rule): rule is AccessRule => 'matches' in rule;

/** The rule about accesses of this id; undefined for a rule about modules. */
export function accessRule(id: RuleId): AccessRule | undefined {
  const rule = RULES[id];
  return isAccessRule(rule) ? rule : undefined;
}

/** Rules about modules. */
export const MODULE_RULES: readonly (readonly [RuleId, ModuleRule])[] = RULE_IDS.flatMap((id) => {
  const rule = RULES[id];
  return isAccessRule(rule) ? [] : [[id, rule] as const];
});

/** The rule that an access falls under, given that it conflicts with one of some export. */
export const ruleOf = (effect: Effect, meeting: Meeting): RuleId | undefined =>
  RULE_IDS.find((id) => accessRule(id)?.matches(effect, meeting));

/** Path of a rule's page in the repository and in the extension. */
export const pageOf = (id: RuleId): string => `docs/rules/${id}.md`;

/** `writes a mutable global` for one export, `write a mutable global` for several. */
export const rulePhrase = (id: RuleId, exports: number): string => translated(RULES[id].phrase[exports === 1 ? 0 : 1]);

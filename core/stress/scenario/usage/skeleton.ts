/**
 * A protocol to begin a scenario file with: each caller allocates and fills the blocks that an export takes, calls it,
 * reads what it answers, and frees the blocks. Guesses, for people to correct.
 */
import { Cursor, DecodeFailure } from '../../../wasm/cursor.ts';
import { nextInstruction } from '../../../wasm/immediates.ts';
import type { Module } from '../../../wasm/module.ts';
import { Op } from '../../../wasm/ops.ts';
import { skipLocals } from '../../../wasm/skip.ts';
import { I32, I64 } from '../../../wasm/types.ts';
import type { CallerForm } from '../callerForms.ts';
import { isCall, resultNames, type Step } from '../steps.ts';
import { functionType } from './functionType.ts';
import { Objects } from './objects.ts';
import { needsObjects, type Role, type Usage, type UsageFacts, usagesOf } from './roles.ts';

/** Texts that the two callers give, of equal length. */
const TEXTS = ['Lena', 'Mira'] as const;

/**
 * Two callers of the exports at two positions of `Analysis.exports`; undefined where neither takes a block or an object,
 * so that plain calls say as much.
 * @param usages how exports are called; the best guess for others
 */
export function skeletonOf(
  facts: UsageFacts,
  usages: ReadonlyMap<number, Usage>,
  a: number,
  b: number,
): CallerForm[] | undefined {
  const steps = [a, b].map((position) => protocolOf(facts, usages.get(position), position));
  const [first, second] = steps;
  if (facts.allocation === undefined || (first === undefined && second === undefined)) return undefined;
  if (a === b) return [{ steps: first ?? [] }, { like: 0, with: otherText(first ?? []) }];
  const plain = (position: number): Step[] => callSteps(facts, usagesOf(facts, position)[0], position);
  return [{ steps: first ?? plain(a) }, { steps: second ?? plain(b) }];
}

/** The text of the second caller in place of that of the first, as far as the steps have it. */
function otherText(steps: readonly Step[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const step of steps)
    if (!isCall(step) && 'write' in step && typeof step.utf8 === 'string' && step.utf8.includes(TEXTS[0]))
      found[step.utf8] = step.utf8.replace(TEXTS[0], TEXTS[1]);
  return found;
}

function protocolOf(facts: UsageFacts, known: Usage | undefined, position: number): Step[] | undefined {
  const { allocation } = facts;
  if (allocation === undefined || position === allocation.allocate || position === allocation.free) return undefined;
  const guess = known !== undefined && needsObjects(known) ? known : usagesOf(facts, position)[0];
  const usage: Usage = { ...guess, text: 'word', roles: guess.roles.map((role, i) => asText(role, i, guess.roles)) };
  return needsObjects(usage) ? callSteps(facts, usage, position) : undefined;
}

/** A block that is only read, with its length beside it, is taken for text. */
const asText = (role: Role, i: number, roles: readonly Role[]): Role =>
  role.kind === 'block' && !role.writes && !role.zeroed && hasLength(roles, i) ? { kind: 'text' } : role;

const hasLength = (roles: readonly Role[], i: number): boolean =>
  roles.some((role) => role.kind === 'length' && role.of === i);

/** All steps of one call. */
function callSteps(facts: UsageFacts, usage: Usage, position: number): Step[] {
  const { module, analysis } = facts;
  const { func } = analysis.exports[position];
  const made = new Objects(facts);
  const [name, ...args] = made.call(position, usage, '', 0, 1);
  const read = answerOf(module, facts, func);
  const sized = usage.roles.some((role, i) => role.kind === 'text' && hasLength(usage.roles, i));
  const steps: Step[] = [
    ...made.setup.map((step) => (sized ? withoutZero(step) : step)),
    read === undefined ? [name, ...args] : { call: name, args, as: ANSWER },
    ...(read === undefined ? [] : [read]),
    ...made.reads,
  ];
  return renamed([...steps, ...(usage.consumes ? [] : released(facts, made.setup))]);
}

/** The length says where the text ends. */
const withoutZero = (step: Step): Step =>
  !isCall(step) && 'write' in step && typeof step.utf8 === 'string'
    ? { ...step, utf8: step.utf8.replace(/\0$/, '') }
    : step;

const ANSWER = 'r';

/** How the answer of a function is read: text behind a packed address and length, or behind memory that it allocated. */
function answerOf(module: Module, { useOf }: UsageFacts, func: number): Step | undefined {
  const { results } = functionType(module, func);
  if (results.length !== 1) return undefined;
  if (results[0] === I64 && packs(module, func))
    return { read: `$${ANSWER} >> 32`, length: `$${ANSWER} & 0xffffffff`, type: 'utf8', as: 'answer' };
  return results[0] === I32 && useOf(func).returnsMemory
    ? { read: `$${ANSWER}`, type: 'utf8', as: 'answer' }
    : undefined;
}

/** Whether a function puts two halves together, as `(address << 32) | length`. */
function packs(module: Module, func: number): boolean {
  const d = func - module.functions.imported;
  if (d < 0) return false;
  const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
  let [shifts, joins] = [false, false];
  try {
    skipLocals(c);
    while (c.pos < module.functions.bodyEnd[d]) {
      const { id } = nextInstruction(c);
      shifts ||= id === Op.i64_shl;
      joins ||= id === Op.i64_or || id === Op.i64_add;
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return shifts && joins;
}

/** Frees what the steps before the call allocated, last first. */
function released({ allocation }: UsageFacts, before: readonly Step[]): Step[] {
  if (allocation === undefined) return [];
  return before
    .flatMap((step): Step[] => {
      const [name] = resultNames(step);
      if (isCall(step) || !('call' in step) || step.call !== allocation.name || name === undefined) return [];
      const bytes = Math.max(...(step.args ?? []).map(Number));
      const call = allocation.release(`$${name}`, bytes);
      return call === undefined ? [] : [call];
    })
    .reverse();
}

/** Names as a person would give them: `$Text` is `$text`. */
function renamed(steps: readonly Step[]): Step[] {
  const names = new Map(steps.flatMap((step) => resultNames(step).map((name) => [name, nicer(name)] as const)));
  const inText = (text: string): string =>
    text.replace(/\$(\w+)/g, (whole, name: string) => (names.has(name) ? `$${names.get(name)}` : whole));
  const inValue = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => inValue(one, key));
    if (typeof value !== 'string' || key === 'utf8') return value;
    return key === 'as' ? (names.get(value) ?? value) : inText(value);
  };
  return steps.map((step) =>
    isCall(step)
      ? (inValue(step) as Step)
      : (Object.fromEntries(Object.entries(step).map(([key, value]) => [key, inValue(value, key)])) as unknown as Step),
  );
}

function nicer(name: string): string {
  const plain = name.replace(/^_+/, '');
  return plain === '' ? name : plain[0].toLowerCase() + plain.slice(1);
}

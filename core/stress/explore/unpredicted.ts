/**
 * What a run shows about the analysis: races and wrong outcomes of calls that conflict only under conditions on their
 * arguments, which these arguments do not meet.
 */

import { type CallArguments, meetsWith } from '../../analysis/conditions/callConflicts.ts';
import { conditionOf } from '../../analysis/queries.ts';
import { t } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { I32, I64, type ValType } from '../../wasm/types.ts';
import type { Caller, CallerCall } from '../run/caller.ts';
import { evaluated } from '../scenario/contents.ts';
import { ExpressionError } from '../scenario/evaluation.ts';
import type { Value } from '../scenario/expression.ts';
import { isExpression } from '../scenario/stepForms.ts';
import { type Argument, callIn, resultNames } from '../scenario/steps.ts';
import type { Session } from '../session/session.ts';
import type { Exploration } from './exploration.ts';
import type { EngineDefect } from './result.ts';

/** Findings about the analysis that are told. */
const MAX_TOLD = 5;

/** A call of an export with what is known of its arguments. */
interface KnownCall {
  position: number;
  label: string;
  args: CallArguments;
}

/**
 * How two calls stand by the analysis, with their arguments.
 * - `conflict`: they may conflict, or it cannot be said
 * - `through`: only if their objects lead to the same memory
 * - `none`: they cannot conflict
 */
type Stand = 'conflict' | 'through' | 'none';

/** Defects of the analysis, and notes where different objects share memory that they lead to. */
export function unpredicted(session: Session, exploration: Exploration): { defects: EngineDefect[]; notes: string[] } {
  const defects: EngineDefect[] = [];
  const notes = new Set<string>();
  const { scenario, analysis } = session;
  // What functions of the user do is no effect of an export.
  const observed = scenario.imports === 'stub' && Object.keys(scenario.behaviours).length === 0;
  if (!observed || analysis.model !== session.model || analysis.partial !== undefined) return { defects, notes: [] };
  const tell = (what: string, schedule: string, stand: Stand, [a, b]: readonly [KnownCall, KnownCall]): void => {
    const names = a.position === b.position ? t('two calls of {0}', a.label) : t('{0} and {1}', a.label, b.label);
    if (stand === 'none' && defects.length < MAX_TOLD)
      defects.push({
        kind: 'not-predicted',
        text: t('{0} of {1} was found, which by the analysis do not conflict with these arguments', what, names),
        schedule,
      });
    if (stand === 'through' && notes.size < MAX_TOLD)
      notes.add(
        t(
          '{0} of {1} was found although they get different objects: the objects share memory that they point to. They are thread-compatible only as long as objects do not.',
          `${what[0].toUpperCase()}${what.slice(1)}`,
          names,
        ),
      );
  };
  for (const { kind, cell, a, b, schedule } of exploration.races) {
    if (kind === 'host') continue;
    const calls = [a, b].map(({ caller, call }) => knownCall(session, session.callers[caller], call));
    const [left, right] = calls;
    if (left === undefined || right === undefined) continue;
    tell(t('a race on {0}', cell), schedule, standOf(session, left, right), [left, right]);
  }
  const [wrong] = exploration.wrong;
  if (wrong !== undefined && exploration.races.length === 0) {
    const surest = surestOf(session);
    if (surest !== undefined)
      tell(t('an outcome that no serial order gives'), wrong.schedule, surest.stand, surest.calls);
  }
  return { defects, notes: [...notes] };
}

/** How the calls of all callers stand to each other, if no two of them may conflict; undefined if some may. */
function surestOf(session: Session): { stand: Stand; calls: readonly [KnownCall, KnownCall] } | undefined {
  const lists = session.callers.map((caller) => caller.calls.map((_, call) => knownCall(session, caller, call)));
  // Accesses of the host between calls are no effects of an export.
  if (lists.some((list) => list.includes(undefined))) return undefined;
  const known = lists as KnownCall[][];
  let found: { stand: Stand; calls: readonly [KnownCall, KnownCall] } | undefined;
  for (const [i, list] of known.entries()) {
    for (const a of list) {
      for (const b of known.slice(i + 1).flat()) {
        const { analysis } = session;
        // Calls without any conflict say nothing about conditions.
        if (conditionOf(analysis, a.position, b.position) === undefined) continue;
        const stand = standOf(session, a, b);
        if (stand === 'conflict') return undefined;
        if (found === undefined || stand === 'through') found = { stand, calls: [a, b] };
      }
    }
  }
  return found;
}

function standOf({ analysis }: Session, a: KnownCall, b: KnownCall): Stand {
  const condition = conditionOf(analysis, a.position, b.position);
  if (condition === undefined || condition === 'always') return 'conflict';
  const left = meetsWith(analysis, a.position, a.args, b.position, b.args);
  if (left.length === 0) return 'none';
  const differ = left.every(({ condition: one }) => {
    if (one === 'always' || one.when !== 'same-object') return false;
    const [mine, theirs] = [a.args[one.parameters[0]], b.args[one.parameters[1]]];
    return mine !== undefined && theirs !== undefined && mine !== theirs;
  });
  return differ && left.some(({ condition: one }) => one !== 'always' && one.through) ? 'through' : 'conflict';
}

/** Call number `call` of a caller; undefined for what is no call of an export. */
function knownCall({ module, analysis }: Session, caller: Caller, call: number): KnownCall | undefined {
  const made = caller.calls[call];
  if (made === undefined || made.func < 0) return undefined;
  const position = analysis.exports.findIndex(({ func }) => func === made.func);
  const type = module.types[module.functions.typeIndex[made.func]]?.composite;
  if (position < 0 || type?.kind !== 'func') return undefined;
  const { exportIndex } = analysis.exports[position];
  return {
    position,
    label: quoted(exportLabel(module.exports[exportIndex])),
    args: argumentsOf(caller, made, type.params),
  };
}

function argumentsOf(caller: Caller, { args, step }: CallerCall, params: readonly ValType[]): CallArguments {
  const given = step === undefined ? undefined : callIn(step);
  // Names that a caller gives itself have another value in each execution.
  const own = new Set(caller.calls.flatMap((one) => (one.step === undefined ? [] : resultNames(one.step))));
  const named = (name: string): Value | undefined => (own.has(name) ? undefined : caller.namedBefore.get(name));
  return params.map((type, i) => {
    const value = given === undefined ? args[i] : argumentValue(given[i + 1], named);
    if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
    if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
    return type === I32 ? Number(value) : type === I64 ? BigInt(value) : undefined;
  });
}

/** The value of an argument; undefined where it is not known before the call. */
function argumentValue(argument: Argument | undefined, named: (name: string) => Value | undefined): Value | undefined {
  if (argument === undefined) return undefined;
  if (!isExpression(argument)) return typeof argument === 'string' ? integerIn(argument) : argument;
  try {
    const { done, value } = evaluated(argument)(named).next();
    // Anything else is a number that has to be read from memory.
    return done === true ? value : undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

const integerIn = (text: string): Value | undefined => (/^-?\d+$/.test(text) ? BigInt(text) : undefined);

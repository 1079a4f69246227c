/**
 * Effects of imported functions, declared in a scenario: what a function reads and writes in the guest's memory, what it
 * answers, and which of its calls belong to outcomes. The real function is not called.
 */
import { t } from '../../text/l10n.ts';
import { checkContent, checkNumber } from './stepForms.ts';
import { type ContentKey, READ_TYPES, type ReadType } from './steps.ts';

/** Bytes that a function writes: never more than `max`. Addresses and numbers can be expressions with `$0`, `$1`, ... */
export interface EffectWrite extends Partial<Record<ContentKey, number | string>> {
  at: number | string;
  max?: number | string;
}

/** Bytes that a function reads; `type` says how an observed call shows them. */
export interface EffectRead {
  at: number | string;
  length: number | string;
  type?: ReadType & ('utf8' | 'bytes');
}

/** A result, or one for each result of the function: a number, an expression, or null for a reference. */
export type EffectResult = number | string | null;

/** What a call does, in the order reads, writes, answer. */
export interface ImportEffects {
  /** Zero, or null, without it. */
  returns?: EffectResult | EffectResult[];
  writes?: EffectWrite[];
  reads?: EffectRead[];
  /** The call ends with a trap of this message. */
  traps?: string;
}

/** The effects of an import, which can differ by caller and by call. */
export interface DeclaredEffects extends ImportEffects {
  /** In place of the effects above, those of caller 0, 1, ...; of the last one for further callers. */
  perCaller?: (ImportEffects & { sequence?: ImportEffects[] })[];
  /** In place of the effects above, those of a caller's first, second, ... call; of the last one for further calls. */
  sequence?: ImportEffects[];
  /** Calls belong to the outcome, with their arguments or, where `reads` says so, with what was read. */
  observe?: boolean;
}

/** Keys of a call's effects, and all keys that declare effects. */
const OF_CALLS: readonly string[] = ['returns', 'writes', 'reads', 'traps'];
export const EFFECT_KEYS: readonly string[] = [...OF_CALLS, 'perCaller', 'sequence', 'observe'];

/** Most alternatives of a list. */
const MAX_ALTERNATIVES = 1000;
/** Most bytes that one effect reads or writes. */
export const MAX_EFFECT_BYTES = 1 << 20;

/** Whether effects are declared, so that the real function or a stand-in is not called. */
export const declaresEffects = (behaviour: object | undefined): behaviour is DeclaredEffects =>
  behaviour !== undefined && EFFECT_KEYS.some((key) => key !== 'observe' && key in behaviour);

/** The effects of one call: those of the import, then of the caller, then of its call; a more special one takes precedence. */
export function effectsOfCall(declared: DeclaredEffects, caller: number, call: number): ImportEffects {
  const pick = <T>(list: readonly T[] | undefined, i: number): T | undefined => list?.[Math.min(i, list.length - 1)];
  const { perCaller, sequence, observe: _, ...common } = declared;
  const { sequence: ownSequence, ...own } = pick(perCaller, caller) ?? {};
  return { ...common, ...own, ...pick(ownSequence ?? sequence, call) };
}

/** All effects that a declaration can have, with the path of each. */
export function allEffects(declared: DeclaredEffects): { path: (string | number)[]; effects: ImportEffects }[] {
  const within = (
    path: (string | number)[],
    { sequence, ...effects }: ImportEffects & { sequence?: ImportEffects[] },
  ): { path: (string | number)[]; effects: ImportEffects }[] => [
    { path, effects },
    ...(sequence ?? []).map((one, i) => ({ path: [...path, 'sequence', i], effects: one })),
  ];
  const { perCaller, ...common } = declared;
  return [...within([], common), ...(perCaller ?? []).flatMap((one, i) => within(['perCaller', i], one))];
}

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks the form of one key that declares effects. */
export function checkEffect(key: string, value: unknown, path: Path, report: Report): void {
  switch (key) {
    case 'returns':
      if (Array.isArray(value)) value.forEach((one: unknown, i) => void checkResult(one, [...path, i], report));
      else checkResult(value, path, report);
      return;
    case 'writes':
      list(value, path, report, t('an object with "at" and its bytes, as {"at": "$0", "utf8": "/a"}'), checkWrite);
      return;
    case 'reads':
      list(value, path, report, t('an object with "at" and "length", as {"at": "$0", "length": "$1"}'), checkRead);
      return;
    case 'traps':
      if (typeof value !== 'string') report(path, t('traps must be the message of the trap'));
      return;
    case 'observe':
      if (typeof value !== 'boolean') report(path, t('observe must be true or false'));
      return;
    case 'sequence':
    case 'perCaller':
      alternatives(key, value, path, report);
  }
}

function alternatives(key: 'sequence' | 'perCaller', value: unknown, path: Path, report: Report): void {
  const keys = key === 'sequence' ? OF_CALLS : [...OF_CALLS, 'sequence'];
  list(value, path, report, t('an object with {0}', keys.join(', ')), (one, at) => {
    for (const [name, said] of Object.entries(one))
      if (keys.includes(name)) checkEffect(name, said, [...at, name], report);
      else report([...at, name], t('each item of {0} takes only {1}', key, keys.join(', ')));
  });
  if (Array.isArray(value) && value.length === 0) report(path, t('{0} must not be empty', key));
}

function list(
  value: unknown,
  path: Path,
  report: Report,
  form: string,
  check: (one: Json, path: Path, report: Report) => void,
): void {
  const key = String(path.at(-1));
  if (!Array.isArray(value)) report(path, t('{0} must be a list; each item is {1}', key, form));
  else if (value.length > MAX_ALTERNATIVES) report(path, t('{0} can have at most {1} items', key, MAX_ALTERNATIVES));
  else
    value.forEach((one: unknown, i) => {
      if (isObject(one)) check(one, [...path, i], report);
      else report([...path, i], t('each item of {0} is {1}', key, form));
    });
}

function checkResult(value: unknown, path: Path, report: Report): void {
  if (value !== null) checkNumber(value, path, report);
}

function checkWrite(write: Json, path: Path, report: Report): void {
  for (const key of Object.keys(write))
    if (!WRITE_KEYS.has(key)) report([...path, key], t('a write takes only {0}', [...WRITE_KEYS].join(', ')));
  checkNumber(write.at, [...path, 'at'], report);
  checkSize(write.max, [...path, 'max'], report);
  checkContent(write, path, report);
}

const WRITE_KEYS: ReadonlySet<string> = new Set([
  'at',
  'max',
  ...['utf8', 'hex', 'base64'],
  ...['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'],
]);

function checkRead(read: Json, path: Path, report: Report): void {
  for (const key of Object.keys(read))
    if (key !== 'at' && key !== 'length' && key !== 'type')
      report([...path, key], t('a read takes only at, length and type'));
  checkNumber(read.at, [...path, 'at'], report);
  if (read.length === undefined) report(path, t('a read needs "length", the number of its bytes'));
  else checkSize(read.length, [...path, 'length'], report);
  if (read.type !== undefined && read.type !== 'utf8' && read.type !== 'bytes')
    report([...path, 'type'], t('type must be one of {0}', READ_TYPES.slice(0, 2).join(', ')));
}

function checkSize(value: unknown, path: Path, report: Report): void {
  if (value === undefined) return;
  if (typeof value !== 'number') checkNumber(value, path, report);
  else if (!(Number.isInteger(value) && value >= 0 && value <= MAX_EFFECT_BYTES))
    report(
      path,
      t('{0} must be a whole number from 0 to {1}, or an expression', String(path.at(-1)), MAX_EFFECT_BYTES),
    );
}

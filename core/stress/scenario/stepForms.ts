/** Checks the form of steps in a scenario file, whatever the module. */

import type { LifePer } from '../../analysis/life/lifeModel.ts';
import { t } from '../../text/l10n.ts';
import { type CallerForm, MAX_REPEAT } from './callerForms.ts';
import { parseExpression } from './expression.ts';
import { CONTENT_KEYS, READ_TYPES } from './steps.ts';

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NAME = /^[A-Za-z_]\w{0,99}$/;

/** A code unit of a surrogate pair without the other one. */
const HALF = /\p{Surrogate}/u;

const stepForm = (): string =>
  t('a step must be a call ["export", ...arguments], or an object with "call", "write", "read" or "expect"');

/** Checks a list of steps. */
export function checkSteps(value: unknown, path: Path, report: Report): void {
  if (!Array.isArray(value)) {
    report(path, t('{0} must be a list of calls, each ["export", ...arguments]', path.join('.')));
    return;
  }
  value.forEach((step: unknown, i) => void checkStep(step, [...path, i], report));
}

/** Checks a life that is neither `auto` nor `none`: a list of steps, of which calls may say how often they run. */
export function checkLife(value: unknown, report: Report): void {
  if (!Array.isArray(value)) {
    report(
      ['life'],
      t('life must be "auto", "none", or a list of the steps that the module needs before its API works'),
    );
    return;
  }
  value.forEach((step: unknown, i) => {
    if (!isObject(step) || !('call' in step)) {
      checkStep(step, ['life', i], report);
      return;
    }
    const { per, ...rest } = step;
    checkStep(rest, ['life', i], report);
    if (per !== undefined && !PERS.some((one) => one === per))
      report(['life', i, 'per'], t('per must be one of {0}', PERS.join(', ')));
  });
}

const PERS: readonly LifePer[] = ['memory', 'instance', 'thread'];

/** Checks one caller: a list of steps, `{"steps": [...]}` or `{"like": 0}`. */
export function checkCaller(value: unknown, path: Path, callers: readonly unknown[], report: Report): void {
  if (Array.isArray(value)) {
    checkSteps(value, path, report);
    if (value.length === 0) report(path, t('a caller must make at least one call'));
    return;
  }
  if (!isObject(value) || 'steps' in value === 'like' in value) {
    report(
      path,
      t('a caller must be a list of steps, {"steps": [...]}, or {"like": n} for the steps of another caller'),
    );
    return;
  }
  const known = 'steps' in value ? ['steps', 'repeat'] : ['like', 'with', 'repeat'];
  for (const key of Object.keys(value))
    if (!known.includes(key)) report([...path, key], t('such a caller takes only {0}', known.join(', ')));
  const { repeat, steps, like } = value;
  if (repeat !== undefined && !(Number.isInteger(repeat) && Number(repeat) >= 1 && Number(repeat) <= MAX_REPEAT))
    report([...path, 'repeat'], t('repeat must be a whole number from 1 to {0}', MAX_REPEAT));
  if ('steps' in value) {
    checkSteps(steps, [...path, 'steps'], report);
    if (Array.isArray(steps) && steps.length === 0)
      report([...path, 'steps'], t('a caller must make at least one call'));
    return;
  }
  const other = typeof like === 'number' ? callers[like] : undefined;
  if (!Array.isArray(other) && !(isObject(other) && 'steps' in other))
    report([...path, 'like'], t('like must be the number of a caller that lists its steps; the first caller is 0'));
  const values = value.with;
  if (values !== undefined && !(isObject(values) && Object.values(values).every(isValue)))
    report([...path, 'with'], t('with must be an object of values and what takes their place, as {"Lena": "Mira"}'));
}

const isValue = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** Steps and repetitions of a caller of any form, for limits. */
export function countSteps(caller: unknown, callers: readonly unknown[]): number {
  if (Array.isArray(caller)) return caller.length;
  if (!isObject(caller)) return 0;
  const form = caller as unknown as Exclude<CallerForm, unknown[]>;
  const times = typeof form.repeat === 'number' ? form.repeat : 1;
  const steps = 'steps' in form ? form.steps : stepsIn(callers[form.like]);
  return (Array.isArray(steps) ? steps.length : 0) * times;
}

const stepsIn = (caller: unknown): unknown => (isObject(caller) ? caller.steps : caller);

function checkStep(step: unknown, path: Path, report: Report): void {
  if (Array.isArray(step)) {
    if (typeof step[0] !== 'string') report(path, t('a call must be ["export", ...arguments]'));
    else step.slice(1).forEach((argument: unknown, k) => void checkArgument(argument, [...path, k + 1], report));
    return;
  }
  if (!isObject(step)) {
    report(path, stepForm());
    return;
  }
  const kinds = Object.keys(FORMS).filter((kind) => kind in step);
  if (kinds.length !== 1) report(path, stepForm());
  else FORMS[kinds[0]](step, path, report);
}

const FORMS: Readonly<Record<string, (step: Json, path: Path, report: Report) => void>> = {
  call(step, path, report) {
    only(step, ['call', 'args', 'as'], path, report);
    if (typeof step.call !== 'string') report([...path, 'call'], t('call must be the name of an export'));
    if (step.args !== undefined && !Array.isArray(step.args)) report([...path, 'args'], t('args must be a list'));
    else
      (Array.isArray(step.args) ? step.args : []).forEach(
        (argument: unknown, k: number) => void checkArgument(argument, [...path, 'args', k], report),
      );
    if (!Array.isArray(step.as)) checkName(step.as, path, report);
    else if (step.as.length === 0 || new Set(step.as).size < step.as.length)
      report([...path, 'as'], t('a list of names needs one name for each result, each another'));
    else for (const name of step.as) checkName(name, path, report);
  },
  write(step, path, report) {
    only(step, ['write', 'memory', ...CONTENT_KEYS], path, report);
    checkNumber(step.write, [...path, 'write'], report);
    checkContent(step, path, report);
    checkMemory(step.memory, path, report);
  },
  read(step, path, report) {
    only(step, ['read', 'length', 'type', 'as', 'memory'], path, report);
    checkNumber(step.read, [...path, 'read'], report);
    const sized = step.type === undefined || step.type === 'utf8' || step.type === 'bytes';
    if (!READ_TYPES.some((type) => type === step.type) && step.type !== undefined)
      report([...path, 'type'], t('type must be one of {0}', READ_TYPES.join(', ')));
    if (step.length !== undefined) {
      if (sized) checkNumber(step.length, [...path, 'length'], report);
      else report([...path, 'length'], t('a read of type {0} takes no length', String(step.type)));
    } else if (step.type === 'bytes') report(path, t('a read of bytes needs a length'));
    checkName(step.as, path, report);
    checkMemory(step.memory, path, report);
  },
  expect(step, path, report) {
    only(step, ['expect'], path, report);
    checkText(step.expect, [...path, 'expect'], report);
  },
};

/** Checks that exactly one key of a write gives its bytes. */
export function checkContent(step: Json, path: Path, report: Report): void {
  const given = CONTENT_KEYS.filter((key) => key in step);
  if (given.length !== 1) {
    report(path, t('a write needs exactly one of {0}', CONTENT_KEYS.join(', ')));
    return;
  }
  const [key] = given;
  const value = step[key];
  const at = [...path, key];
  if (key === 'utf8' || key === 'hex' || key === 'base64') {
    if (typeof value !== 'string') report(at, t('{0} must be a string', key));
    else if (key === 'utf8' && HALF.test(value))
      report(at, t('utf8 has half of a surrogate pair, which is no UTF-8: complete it, or give the bytes with "hex"'));
    else if (key === 'hex' && !/^(?:[\da-f]{2})*$/i.test(value.replace(/\s/g, '')))
      report(at, t('hex must be pairs of hexadecimal digits, as "00ff"'));
    else if (key === 'base64' && !/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/.test(value))
      report(at, t('base64 must be text in base64, as "aGk="'));
  } else checkNumber(value, at, report);
}

function only(step: Json, keys: readonly string[], path: Path, report: Report): void {
  for (const key of Object.keys(step))
    if (!keys.includes(key)) report([...path, key], t('a step with {0} takes only {1}', keys[0], keys.join(', ')));
}

function checkArgument(argument: unknown, path: Path, report: Report): void {
  if (argument !== null && typeof argument !== 'number' && typeof argument !== 'string')
    report(path, t('an argument must be a number, a string or null'));
  else if (isExpression(argument)) checkText(argument, path, report);
}

/** Whether an argument is an expression of named results rather than a number as text. */
export const isExpression = (argument: unknown): argument is string =>
  typeof argument === 'string' && argument.includes('$');

/** A number or an expression. */
export function checkNumber(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'string') report(path, t('{0} must be a number or an expression', String(path.at(-1))));
  else checkText(value, path, report);
}

/** An expression; see expression.ts. */
export function checkText(value: unknown, path: Path, report: Report): void {
  if (typeof value !== 'string') {
    report(path, t('{0} must be an expression', String(path.at(-1))));
    return;
  }
  const parsed = parseExpression(value);
  if ('message' in parsed) report(path, parsed.message);
}

function checkName(name: unknown, path: Path, report: Report): void {
  if (name === undefined) return;
  if (typeof name !== 'string' || !NAME.test(name))
    report([...path, 'as'], t('a name consists of letters, digits and _, and does not begin with a digit'));
}

function checkMemory(memory: unknown, path: Path, report: Report): void {
  if (memory !== undefined && typeof memory !== 'string' && !(Number.isInteger(memory) && Number(memory) >= 0))
    report([...path, 'memory'], t('memory must be the name of an exported memory or its index'));
}

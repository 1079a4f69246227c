/**
 * What a scenario says of imported functions beside where they come from: which of them suspend their caller, which call
 * exports of the module back before they return, what they read, write and answer, and which host is emulated.
 */
import { t } from '../../text/l10n.ts';
import { checkEffect, type DeclaredEffects, EFFECT_KEYS } from './importEffects.ts';
import { nearest } from './nearest.ts';
import { PRESET_IDS, type PresetChoice, type PresetId } from './presetIds.ts';

/** A call as scenarios write it, see `Call` in scenario.ts. */
type CallForm = [name: string, ...args: (number | string | null)[]];

/** What one imported function does. */
export interface ImportBehaviour extends DeclaredEffects {
  /** Other calls can run before it returns: JSPI, Asyncify, an async host function. */
  suspends?: boolean;
  /** Exports of the same instance that it calls, in order, before it returns; `"$0"` is its own first argument. */
  calls?: CallForm[];
}

/** By `module.name` of the import. */
export type ImportBehaviours = Readonly<Record<string, ImportBehaviour>>;

/** What a caller is about, for presets whose host has requests. The body is the input of a plugin, too. */
export interface ImportRequest {
  method?: string;
  uri?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  config?: Readonly<Record<string, string>>;
}

/** `imports` as a scenario file has it: a JavaScript module, presets and their requests, and behaviours by `module.name`. */
export type ImportsFile =
  | 'stub'
  | Readonly<Record<string, string | readonly string[] | readonly ImportRequest[] | ImportBehaviour>>;

/** Keys of `imports` that are no names of imports. */
const OWN_KEYS: readonly string[] = ['module', 'preset', 'requests'];

/** The JavaScript module that gives functions for the imports; else stubs. */
export function moduleChoice(file: ImportsFile | undefined): 'stub' | { module: string } {
  const module = typeof file === 'object' ? file.module : undefined;
  return typeof module === 'string' ? { module } : 'stub';
}

/**
 * The presets of `imports`: those that it names, none for stubs, none beside a JavaScript module that has everything; else
 * those that fit.
 */
export function presetsIn(file: ImportsFile | undefined): PresetChoice {
  if (file === undefined) return 'auto';
  if (file === 'stub') return [];
  const { preset } = file;
  if (preset === undefined) return typeof file.module === 'string' ? [] : 'auto';
  if (preset === 'auto') return 'auto';
  const names = Array.isArray(preset) ? preset : [preset];
  return names.filter((name): name is PresetId => PRESET_IDS.some((id) => id === name));
}

/** The requests of the callers among `imports`. */
export function requestsIn(file: ImportsFile | undefined): readonly ImportRequest[] {
  const requests = typeof file === 'object' ? file.requests : undefined;
  return Array.isArray(requests) ? requests : [];
}

/** The behaviours among `imports`. */
export function behavioursOf(file: ImportsFile | undefined): ImportBehaviours {
  if (typeof file !== 'object') return {};
  const entries = Object.entries(file).filter(
    (entry): entry is [string, ImportBehaviour] => typeof entry[1] === 'object' && !OWN_KEYS.includes(entry[0]),
  );
  return Object.fromEntries(entries);
}

/** Names of the imports where another call can come in between. */
export const interruptingImports = (behaviours: ImportBehaviours): string[] =>
  Object.entries(behaviours).flatMap(([name, { suspends, calls }]) =>
    suspends === true || (calls?.length ?? 0) > 0 ? [name] : [],
  );

/** Names of the exports that imports call back. */
export const calledBackIn = (behaviours: ImportBehaviours): string[] =>
  Object.values(behaviours).flatMap(({ calls = [] }) => calls.map(([name]) => name));

/** An argument `$n`: the n-th argument of the import, n from 0; undefined for any other argument. */
export function argumentReference(argument: number | string | null): number | undefined {
  return typeof argument === 'string' && /^\$\d{1,4}$/.test(argument) ? Number(argument.slice(1)) : undefined;
}

type Report = (path: (string | number)[], message: string) => void;

const importsForm = (): string =>
  t(
    'imports is "stub", or an object with {"module": "file.js"} for functions of JavaScript, {"preset": "name"} for an emulated host and, by "module.name", with what an import does, as {"returns": 2}',
  );

const KEYS: readonly string[] = ['suspends', 'calls', ...EFFECT_KEYS];

/** Checks the form of `imports`; `checkCalls` checks a list of calls. */
export function checkImports(
  value: unknown,
  report: Report,
  checkCalls: (value: unknown, path: (string | number)[], report: Report) => void,
): void {
  if (value === 'stub') return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(['imports'], importsForm());
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) report(['imports'], importsForm());
  for (const [name, one] of entries) {
    const path = ['imports', name];
    if (name === 'module' && typeof one === 'string') continue;
    if (name === 'preset') checkPreset(one, path, report);
    else if (name === 'requests') checkRequests(one, path, report);
    else if (name === 'module' || typeof one !== 'object' || one === null || Array.isArray(one))
      report(path, importsForm());
    else checkBehaviour(one as Record<string, unknown>, path, report, checkCalls);
  }
}

function checkBehaviour(
  one: Readonly<Record<string, unknown>>,
  path: (string | number)[],
  report: Report,
  checkCalls: Parameters<typeof checkImports>[2],
): void {
  if (Object.keys(one).length === 0) report(path, t('an import needs one of {0}', KEYS.join(', ')));
  for (const [key, said] of Object.entries(one)) {
    if (key === 'suspends') {
      if (typeof said !== 'boolean') report([...path, key], t('suspends must be true or false'));
    } else if (key === 'calls') checkCalls(said, [...path, key], report);
    else if (EFFECT_KEYS.includes(key)) checkEffect(key, said, [...path, key], report);
    else report([...path, key], t('an import can have only {0}', KEYS.join(', ')));
  }
}

function checkPreset(value: unknown, path: (string | number)[], report: Report): void {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  names.forEach((name, i) => {
    const at = Array.isArray(value) ? [...path, i] : path;
    const known = typeof name === 'string' && PRESET_IDS.some((id) => id === name);
    if (known || ((name === 'auto' || name === 'none') && !Array.isArray(value))) return;
    const near = typeof name === 'string' ? nearest(name, PRESET_IDS) : undefined;
    const hint = near === undefined ? '' : t('; did you mean {0}', near);
    report(at, t('the preset must be auto, none, or one or a list of {0}{1}', PRESET_IDS.join(', '), hint));
  });
}

function checkRequests(value: unknown, path: (string | number)[], report: Report): void {
  const form = t('requests must be a list with method, uri, headers, body and config of each caller');
  if (!Array.isArray(value) || value.length === 0) {
    report(path, form);
    return;
  }
  const isText = (one: unknown): boolean => typeof one === 'string';
  const isObject = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  value.forEach((request: unknown, i) => {
    if (!isObject(request)) {
      report([...path, i], form);
      return;
    }
    for (const [key, said] of Object.entries(request)) {
      const good =
        key === 'headers' || key === 'config'
          ? isObject(said) && Object.values(said).every(isText)
          : ['method', 'uri', 'body'].includes(key) && isText(said);
      if (!good)
        report(
          [...path, i, key],
          t('a request takes method, uri and body (strings), headers and config (objects of strings)'),
        );
    }
  });
}

/** Scenario files: reads them and checks them against a module. */
import { type ParseError, parse as parseTolerantly, printParseErrorCode } from 'jsonc-parser';
import { HOST_IDS, type HostId, isHostId } from '../../hosts/index.ts';
import { SHARING_MODELS } from '../../hosts/profile.ts';
import { displayable } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { isRef, V128 } from '../../wasm/types.ts';
import { argumentProblem, typeName } from './arguments.ts';
import { argumentReference, checkImports } from './importBehaviour.ts';
import { instantiationProblem, isInstantiation } from './instantiation.ts';
import { type Call, completeScenario, MAX_CALLERS, MAX_CALLS, type Scenario, type ScenarioFile } from './scenario.ts';
import { UNITS } from './units.ts';

/** What is wrong in a scenario and where: a path of keys and indices (`['callers', 0, 1, 2]`) into its JSON. */
export interface ScenarioProblem {
  path: (string | number)[];
  message: string;
}

/** Longest text of a scenario file. */
const MAX_TEXT = 1_000_000;

/** Most problems that are reported for a file: each becomes a mark in the editor. */
const MAX_PROBLEMS = 100;

/** Largest values of a budget. */
const MOST: Readonly<Record<string, number>> = { seconds: 86_400, schedules: 1e9, preemptions: 16 };

type Report = (path: (string | number)[], message: string) => void;
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks of the keys of a scenario file, each for a value that is there. */
const KEYS: Readonly<Record<string, (value: unknown, report: Report) => void>> = {
  $schema: (value, report) => text(value, ['$schema'], report),
  module: (value, report) => text(value, ['module'], report),
  host: (value, report) => {
    if (typeof value !== 'string' || !isHostId(value))
      report(['host'], `the host must be one of ${HOST_IDS.join(', ')}`);
  },
  model: (value, report) => {
    if (value !== 'auto' && !SHARING_MODELS.some((model) => model === value))
      report(['model'], `the sharing model must be one of auto, ${SHARING_MODELS.join(', ')}`);
  },
  setup: (value, report) => calls(value, ['setup'], report),
  probe: (value, report) => calls(value, ['probe'], report),
  callers: (value, report) => {
    if (!Array.isArray(value) || value.length === 0)
      report(['callers'], 'callers must be a list with the calls of each caller');
    else if (value.length > MAX_CALLERS)
      report(['callers'], `${value.length} callers exceed the limit of ${MAX_CALLERS}`);
    else
      value.forEach((list, i) => {
        calls(list, ['callers', i], report);
        if (Array.isArray(list) && list.length === 0) report(['callers', i], 'a caller must make at least one call');
      });
  },
  stacks: (value, report) => {
    const values = Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
    if (value !== 'equal' && value !== 'own' && !values)
      report(['stacks'], 'stacks must be "equal", "own", or a list with the stack pointer of each caller');
  },
  unit: (value, report) => {
    if (value !== 'auto' && !UNITS.some((unit) => unit === value))
      report(['unit'], `unit must be one of auto, ${UNITS.join(', ')}`);
  },
  imports: (value, report) => checkImports(value, report, calls),
  wasi: wasi,
  budget: (value, report) => {
    if (!isObject(value)) report(['budget'], 'budget must be an object with seconds, schedules and preemptions');
    else
      for (const [key, number] of Object.entries(value)) {
        const most = Object.hasOwn(MOST, key) ? MOST[key] : undefined;
        if (most === undefined)
          report(['budget', key], `the budget has no ${displayable(key)}; it takes seconds, schedules and preemptions`);
        else if (
          typeof number !== 'number' ||
          !(number >= 0) ||
          number > most ||
          (key !== 'seconds' && !Number.isInteger(number))
        )
          report(['budget', key], `${key} must be a number from 0 to ${most}`);
      }
  },
  seed: (value, report) => {
    if (!Number.isSafeInteger(value)) report(['seed'], 'the seed must be a whole number');
  },
};

function text(value: unknown, path: (string | number)[], report: Report): void {
  if (typeof value !== 'string') report(path, `${path.join('.')} must be a string`);
}

function wasi(value: unknown, report: Report): void {
  if (!isObject(value)) {
    report(['wasi'], 'wasi must be an object with clock, random, args and env');
    return;
  }
  for (const [key, grant] of Object.entries(value)) {
    const good =
      key === 'clock' || key === 'random'
        ? typeof grant === 'boolean'
        : key === 'args'
          ? Array.isArray(grant) && grant.every((one) => typeof one === 'string')
          : key === 'env' && isObject(grant) && Object.values(grant).every((one) => typeof one === 'string');
    if (!good)
      report(
        ['wasi', key],
        'wasi takes clock and random (true or false), args (a list of strings) and env (an object of strings)',
      );
  }
}

function calls(value: unknown, path: (string | number)[], report: Report): void {
  if (!Array.isArray(value)) {
    report(path, `${path.join('.')} must be a list of calls, each ["export", ...arguments]`);
    return;
  }
  value.forEach((call: unknown, i) => {
    if (!Array.isArray(call) || typeof call[0] !== 'string')
      report([...path, i], 'a call must be ["export", ...arguments]');
    else
      call.slice(1).forEach((argument: unknown, k) => {
        if (argument !== null && typeof argument !== 'number' && typeof argument !== 'string')
          report([...path, i, k + 1], 'an argument must be a number, a string or null');
      });
  });
}

/** Checks the form of parsed JSON and reports all problems. */
export function checkForm(json: unknown): { file: ScenarioFile } | { problems: ScenarioProblem[] } {
  const problems: ScenarioProblem[] = [];
  const report: Report = (path, message) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, message });
  };
  if (!isObject(json)) return { problems: [{ path: [], message: 'a scenario must be a JSON object with "callers"' }] };
  const count = countCalls(json);
  if (count > MAX_CALLS)
    return { problems: [{ path: [], message: `${count} calls exceed the limit of ${MAX_CALLS}` }] };
  for (const [key, value] of Object.entries(json)) {
    const check = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (check === undefined)
      report([key], `a scenario has no ${displayable(key)}; it takes ${Object.keys(KEYS).slice(1).join(', ')}`);
    else check(value, report);
  }
  if (json.callers === undefined) report([], '"callers" is missing: a list with the calls of each caller');
  if (problems.length > 0) return { problems };
  const { $schema: _, ...file } = json;
  return { file: file as unknown as ScenarioFile };
}

function countCalls({ setup, callers, probe }: Json): number {
  const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
  const lists = Array.isArray(callers) ? callers.slice(0, MAX_CALLERS + 1) : [];
  return length(setup) + length(probe) + lists.reduce<number>((sum, list) => sum + length(list), 0);
}

/** Checks a scenario's calls against the exports of its module: names, arity, types of arguments. */
export function checkCalls(
  scenario: Pick<Scenario, 'setup' | 'callers' | 'probe' | 'behaviours'>,
  module: Module,
): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const check = (list: readonly Call[], path: (string | number)[]): void => {
    list.forEach((call, i) => {
      if (!isInstantiation(call)) problems.push(...callProblems(call, module, [...path, i]));
      else {
        const place = path[0] === 'setup' || path[0] === 'probe' ? path[0] : i === 0 ? 'first' : 'later';
        const message = instantiationProblem(call, place, module);
        if (message !== undefined) problems.push({ path: [...path, i, 0], message });
      }
    });
  };
  check(scenario.setup, ['setup']);
  scenario.callers.forEach((list, i) => void check(list, ['callers', i]));
  check(scenario.probe, ['probe']);
  for (const [name, { calls: back = [] }] of Object.entries(scenario.behaviours)) {
    const path = ['imports', name];
    const imported = module.imports.filter((i) => i.kind === 'func').find((i) => `${i.module}.${i.name}` === name);
    if (imported === undefined) problems.push({ path, message: noImport(name, module) });
    else
      back.forEach(
        (call, i) => void problems.push(...callbackProblems(call, imported.index, module, [...path, 'calls', i])),
      );
  }
  return problems;
}

function noImport(name: string, module: Module): string {
  const names = module.imports.filter((i) => i.kind === 'func').map((i) => `${i.module}.${i.name}`);
  const near = nearest(name, names);
  return `the module imports no function ${displayable(name)}${near === undefined ? '' : `; did you mean ${displayable(near)}`}`;
}

/** A call that an import makes: arguments `$n` are arguments of the import, of the type of the parameter. */
function callbackProblems(call: Call, imported: number, module: Module, path: (string | number)[]): ScenarioProblem[] {
  const type = (func: number) => module.types[module.functions.typeIndex[func]]?.composite;
  const own = type(imported);
  const [name, ...args] = call;
  const target = type(module.exports.find((e) => e.kind === 'func' && e.name === name)?.index ?? -1);
  const problems: ScenarioProblem[] = [];
  // In place of a reference, zero is a fitting number and null a fitting reference.
  const filled = args.map((argument, i) => {
    const reference = argumentReference(argument);
    if (reference === undefined || own?.kind !== 'func') return argument;
    const param = own.params[reference];
    const wanted = target?.kind === 'func' ? target.params[i] : undefined;
    if (param === undefined)
      problems.push({
        path: [...path, i + 1],
        message: `the import takes ${own.params.length} arguments, so there is no $${reference}`,
      });
    else if (wanted !== undefined && param !== wanted)
      problems.push({
        path: [...path, i + 1],
        message: `$${reference} is ${typeName(param)}, not ${typeName(wanted)}`,
      });
    return wanted !== undefined && isRef(wanted) ? null : 0;
  });
  return [...problems, ...callProblems([name, ...filled], module, path)];
}

function callProblems([name, ...args]: Call, module: Module, path: (string | number)[]): ScenarioProblem[] {
  const exported = module.exports.find((e) => e.name === name);
  if (exported === undefined) {
    const near = nearest(
      name,
      module.exports.filter((e) => e.kind === 'func').map((e) => e.name),
    );
    const hint = near === undefined ? '' : `; did you mean ${displayable(near)}`;
    return [{ path: [...path, 0], message: `the module has no export ${displayable(name)}${hint}` }];
  }
  if (exported.kind !== 'func')
    return [{ path: [...path, 0], message: `the export ${displayable(name)} is a ${exported.kind}, not a function` }];
  const type = module.types[module.functions.typeIndex[exported.index]]?.composite;
  if (type?.kind !== 'func')
    return [{ path: [...path, 0], message: `the export ${displayable(name)} has no known type` }];
  if (type.results.includes(V128))
    return [
      { path: [...path, 0], message: `${displayable(name)} returns a v128, which cannot be passed to JavaScript` },
    ];
  if (args.length !== type.params.length) {
    const wanted = `(${type.params.map(typeName).join(', ')})`;
    return [
      { path, message: `${displayable(name)} takes ${type.params.length} arguments ${wanted}, not ${args.length}` },
    ];
  }
  return args.flatMap((argument, i) => {
    const message = argumentProblem(argument, type.params[i]);
    return message === undefined ? [] : [{ path: [...path, i + 1], message }];
  });
}

/** The most similar name, if it is similar enough. */
function nearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > 100) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const other of names.slice(0, 5000)) {
    if (Math.abs(other.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), other.toLowerCase());
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** Parses the text of a scenario file and completes it; problems have paths. */
export function parseScenario(
  text: string,
  host: HostId,
  suspending: readonly string[] = [],
): { scenario: Scenario } | { problems: ScenarioProblem[] } {
  // Editors on Windows put a byte order mark first.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (json.length > MAX_TEXT)
    return { problems: [{ path: [], message: 'the scenario is longer than a million characters' }] };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { problems: [{ path: [], message: notJson(json) }] };
  }
  const checked = checkForm(parsed);
  return 'problems' in checked ? checked : { scenario: completeScenario(checked.file, host, suspending) };
}

/** Where a text stops being JSON: engines give a place for some errors only. */
function notJson(json: string): string {
  const errors: ParseError[] = [];
  try {
    parseTolerantly(json, errors, { disallowComments: true });
  } catch {
    return 'not JSON, and nested too deeply to say where'; // It recurses.
  }
  const [first] = errors;
  if (first === undefined) return 'not JSON';
  const before = json.slice(0, first.offset).split(/\r\n|\r|\n/);
  const reason = printParseErrorCode(first.error).replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `not JSON at line ${before.length}, column ${before[before.length - 1].length + 1}: ${reason}`;
}

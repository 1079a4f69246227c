/** Scenario files: reads them and checks them against a module. */

import { type ParseError, parse as parseTolerantly, printParseErrorCode } from 'jsonc-parser';
import { displayable } from '../../harmless/names.ts';
import { HOST_IDS, type HostId, isHostId } from '../../hosts/index.ts';
import { SHARING_MODELS } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { checkImports } from './importBehaviour.ts';
import { completeScenario, MAX_CALLERS, MAX_CALLS, type Scenario, type ScenarioFile } from './scenario.ts';
import { checkCaller, checkLife, checkSteps, checkText, countSteps } from './stepForms.ts';
import { UNITS } from './units.ts';

/** What is wrong in a scenario and where: a path of keys and indices (`['callers', 0, 1, 2]`) into its JSON. */
export interface ScenarioProblem {
  path: (string | number)[];
  message: string;
  /** Offset in the text, where it is no JSON. */
  offset?: number;
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
      report(['host'], t('the host must be one of {0}', HOST_IDS.join(', ')));
  },
  model: (value, report) => {
    if (value !== 'auto' && !SHARING_MODELS.some((model) => model === value))
      report(['model'], t('the sharing model must be one of auto, {0}', SHARING_MODELS.join(', ')));
  },
  life: (value, report) => {
    if (value !== 'auto' && value !== 'none') checkLife(value, report);
  },
  setup: (value, report) => checkSteps(value, ['setup'], report),
  probe: (value, report) => checkSteps(value, ['probe'], report),
  callers: (value, report) => {
    if (!Array.isArray(value) || value.length === 0)
      report(['callers'], t('callers must be a list with the calls of each caller'));
    else if (value.length > MAX_CALLERS)
      report(['callers'], t('{0} callers exceed the limit of {1}', value.length, MAX_CALLERS));
    else value.forEach((list: unknown, i) => void checkCaller(list, ['callers', i], value, report));
  },
  invariants: (value, report) => {
    if (!Array.isArray(value)) report(['invariants'], t('invariants must be a list of expressions'));
    else value.forEach((one: unknown, i) => void checkText(one, ['invariants', i], report));
  },
  compare: (value, report) => {
    if (value !== 'auto' && !(Array.isArray(value) && value.every((one) => typeof one === 'string')))
      report(['compare'], t('compare must be "auto", or a list of "results", "reads", "state" and names of results'));
  },
  stacks: (value, report) => {
    const values = Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
    if (value !== 'equal' && value !== 'own' && !values)
      report(['stacks'], t('stacks must be "equal", "own", or a list with the stack pointer of each caller'));
  },
  unit: (value, report) => {
    if (value !== 'auto' && !UNITS.some((unit) => unit === value))
      report(['unit'], t('unit must be one of auto, {0}', UNITS.join(', ')));
  },
  imports: (value, report) => checkImports(value, report, calls),
  wasi: wasi,
  budget: (value, report) => {
    if (!isObject(value)) report(['budget'], t('budget must be an object with seconds, schedules and preemptions'));
    else
      for (const [key, number] of Object.entries(value)) {
        const most = Object.hasOwn(MOST, key) ? MOST[key] : undefined;
        if (most === undefined)
          report(
            ['budget', key],
            t('the budget has no {0}; it takes seconds, schedules and preemptions', displayable(key)),
          );
        else if (
          typeof number !== 'number' ||
          !(number >= 0) ||
          number > most ||
          (key !== 'seconds' && !Number.isInteger(number))
        )
          report(['budget', key], t('{0} must be a number from 0 to {1}', key, most));
      }
  },
  seed: (value, report) => {
    if (!Number.isSafeInteger(value)) report(['seed'], t('the seed must be a whole number'));
  },
};

function text(value: unknown, path: (string | number)[], report: Report): void {
  if (typeof value !== 'string') report(path, t('{0} must be a string', path.join('.')));
}

function wasi(value: unknown, report: Report): void {
  if (!isObject(value)) {
    report(['wasi'], t('wasi must be an object with clock, random, args and env'));
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
        t('wasi takes clock and random (true or false), args (a list of strings) and env (an object of strings)'),
      );
  }
}

function calls(value: unknown, path: (string | number)[], report: Report): void {
  if (!Array.isArray(value)) {
    report(path, t('{0} must be a list of calls, each ["export", ...arguments]', path.join('.')));
    return;
  }
  value.forEach((call: unknown, i) => {
    if (!Array.isArray(call) || typeof call[0] !== 'string')
      report([...path, i], t('a call must be ["export", ...arguments]'));
    else
      call.slice(1).forEach((argument: unknown, k) => {
        if (argument !== null && typeof argument !== 'number' && typeof argument !== 'string')
          report([...path, i, k + 1], t('an argument must be a number, a string or null'));
      });
  });
}

/** Checks the form of parsed JSON and reports all problems. */
export function checkForm(json: unknown): { file: ScenarioFile } | { problems: ScenarioProblem[] } {
  const problems: ScenarioProblem[] = [];
  const report: Report = (path, message) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, message });
  };
  if (!isObject(json))
    return { problems: [{ path: [], message: t('a scenario must be a JSON object with "callers"') }] };
  const count = countCalls(json);
  if (count > MAX_CALLS)
    return { problems: [{ path: [], message: t('{0} calls exceed the limit of {1}', count, MAX_CALLS) }] };
  for (const [key, value] of Object.entries(json)) {
    const check = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (check === undefined)
      report([key], t('a scenario has no {0}; it takes {1}', displayable(key), Object.keys(KEYS).slice(1).join(', ')));
    else check(value, report);
  }
  if (json.callers === undefined) report([], t('"callers" is missing: a list with the calls of each caller'));
  if (problems.length > 0) return { problems };
  const { $schema: _, ...file } = json;
  return { file: file as unknown as ScenarioFile };
}

function countCalls({ life, setup, callers, probe }: Json): number {
  const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
  const lists: unknown[] = Array.isArray(callers) ? callers.slice(0, MAX_CALLERS + 1) : [];
  return (
    length(life) + length(setup) + length(probe) + lists.reduce<number>((sum, list) => sum + countSteps(list, lists), 0)
  );
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
    return { problems: [{ path: [], message: t('the scenario is longer than a million characters') }] };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { problems: [{ path: [], ...notJson(json) }] };
  }
  const checked = checkForm(parsed);
  return 'problems' in checked ? checked : { scenario: completeScenario(checked.file, host, suspending) };
}

/** Where a text stops being JSON: engines give a place for some errors only. */
function notJson(json: string): { message: string; offset?: number } {
  const errors: ParseError[] = [];
  try {
    parseTolerantly(json, errors, { disallowComments: true });
  } catch {
    return { message: t('not JSON, and nested too deeply to say where') }; // It recurses.
  }
  const [first] = errors;
  if (first === undefined) return { message: t('not JSON') };
  const before = json.slice(0, first.offset).split(/\r\n|\r|\n/);
  const reason = printParseErrorCode(first.error).replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return {
    message: t('not JSON at line {0}, column {1}: {2}', before.length, before[before.length - 1].length + 1, reason),
    offset: first.offset,
  };
}

/** Checks what a scenario calls, accesses and names against its module. */

import { displayable } from '../../harmless/names.ts';
import { t } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import type { Module } from '../../wasm/module.ts';
import { isRef, V128 } from '../../wasm/types.ts';
import { argumentProblem, typeName } from './arguments.ts';
import { effectProblems } from './checkEffects.ts';
import type { ScenarioProblem } from './checkScenario.ts';
import { argumentReference } from './importBehaviour.ts';
import { instantiationProblem, isInstantiation } from './instantiation.ts';
import { listedLife } from './lifeForms.ts';
import { nameProblems } from './namedResults.ts';
import { nearest } from './nearest.ts';
import type { Scenario } from './scenario.ts';
import { isExpression } from './stepForms.ts';
import { type Call, calledExport, callIn, isCall, resultNames, type Step } from './steps.ts';

/** Checks a scenario's calls against the exports of its module: names, arity, types of arguments. */
export function checkCalls(
  scenario: Pick<Scenario, 'life' | 'setup' | 'callers' | 'probe' | 'behaviours' | 'compare'>,
  module: Module,
): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [...nameProblems(scenario), ...memoryProblems(scenario, module)];
  const check = (list: readonly Step[], path: (string | number)[]): void => {
    list.forEach((step, i) => {
      const call = callIn(step);
      if (call === undefined) return;
      if (!isInstantiation(call)) {
        problems.push(...callProblems(call, module, [...path, i], !isCall(step)));
        problems.push(...resultProblems(step, module, [...path, i]));
      } else {
        const place =
          path[0] === 'life'
            ? 'setup'
            : path[0] === 'setup' || path[0] === 'probe'
              ? path[0]
              : i === 0
                ? 'first'
                : 'later';
        const message = instantiationProblem(call, place, module);
        if (message !== undefined) problems.push({ path: [...path, i, 0], message });
      }
    });
  };
  check(listedLife(scenario.life), ['life']);
  check(scenario.setup, ['setup']);
  scenario.callers.forEach((list, i) => void check(list, ['callers', i]));
  check(scenario.probe, ['probe']);
  for (const [name, behaviour] of Object.entries(scenario.behaviours)) {
    const { calls: back = [] } = behaviour;
    const path = ['imports', name];
    const imported = module.imports.filter((i) => i.kind === 'func').find((i) => `${i.module}.${i.name}` === name);
    if (imported === undefined) problems.push({ path, message: noImport(name, module) });
    else {
      back.forEach(
        (call, i) => void problems.push(...callbackProblems(call, imported.index, module, [...path, 'calls', i])),
      );
      const type = module.types[module.functions.typeIndex[imported.index]]?.composite;
      if (type?.kind === 'func') problems.push(...effectProblems(behaviour, type, path));
    }
  }
  return problems;
}

function noImport(name: string, module: Module): string {
  const names = module.imports.filter((i) => i.kind === 'func').map((i) => `${i.module}.${i.name}`);
  const near = nearest(name, names);
  return near === undefined
    ? t('the module imports no function {0}', displayable(name))
    : t('the module imports no function {0}; did you mean {1}', displayable(name), displayable(near));
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
        message: t('the import takes {0} arguments, so there is no {1}', own.params.length, `$${reference}`),
      });
    else if (wanted !== undefined && param !== wanted)
      problems.push({
        path: [...path, i + 1],
        message: t('{0} is {1}, not {2}', `$${reference}`, typeName(param), typeName(wanted)),
      });
    return wanted !== undefined && isRef(wanted) ? null : 0;
  });
  return [...problems, ...callProblems([name, ...filled], module, path)];
}

/** `named`: the call is written as an object, so the paths of its parts have keys. */
function callProblems(
  [name, ...args]: Call,
  module: Module,
  path: (string | number)[],
  named = false,
): ScenarioProblem[] {
  const at = [...path, named ? 'call' : 0];
  const atArgument = (i: number) => (named ? [...path, 'args', i] : [...path, i + 1]);
  const exported = module.exports.find((e) => e.name === name);
  if (exported === undefined) {
    const near = nearest(
      name,
      module.exports.filter((e) => e.kind === 'func').map((e) => e.name),
    );
    const hint = near === undefined ? '' : t('; did you mean {0}', displayable(near));
    return [{ path: at, message: t('the module has no export {0}{1}', displayable(name), hint) }];
  }
  if (exported.kind !== 'func')
    return [{ path: at, message: t('the export {0} is a {1}, not a function', displayable(name), exported.kind) }];
  const type = module.types[module.functions.typeIndex[exported.index]]?.composite;
  if (type?.kind !== 'func') return [{ path: at, message: t('the export {0} has no known type', displayable(name)) }];
  if (type.results.includes(V128))
    return [{ path: at, message: t('{0} returns a v128, which cannot be passed to JavaScript', displayable(name)) }];
  if (args.length !== type.params.length) {
    const wanted = `(${type.params.map(typeName).join(', ')})`;
    return [
      {
        path,
        message: t('{0} takes {1} arguments {2}, not {3}', displayable(name), type.params.length, wanted, args.length),
      },
    ];
  }
  return args.flatMap((argument, i) => {
    const reference = isExpression(argument) && isRef(type.params[i]);
    const message = reference
      ? t('a reference can only be null')
      : isExpression(argument)
        ? undefined
        : argumentProblem(argument, type.params[i]);
    return message === undefined ? [] : [{ path: atArgument(i), message }];
  });
}

/** Names of results that a call does not have: there must be one for each, or none. */
function resultProblems(step: Step, module: Module, path: (string | number)[]): ScenarioProblem[] {
  const names = resultNames(step);
  const name = calledExport(step);
  const func = module.exports.find((e) => e.kind === 'func' && e.name === name);
  const type = func === undefined ? undefined : module.types[module.functions.typeIndex[func.index]]?.composite;
  if (names.length === 0 || type?.kind !== 'func' || type.results.length === names.length) return [];
  const { length } = type.results;
  const advice = length > 1 ? t('; give a list of {0} names', length) : '';
  const message = t(
    '{0} returns {1}, not {2}{3}',
    displayable(name ?? ''),
    plural(length, 'result'),
    names.length,
    advice,
  );
  return [{ path: [...path, 'as'], message }];
}

/** Memories that host accesses name and the module does not have. */
function memoryProblems(
  { life, setup, callers, probe }: Pick<Scenario, 'life' | 'setup' | 'callers' | 'probe'>,
  module: Module,
): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const check = (list: readonly Step[], path: (string | number)[]): void => {
    list.forEach((step, i) => {
      if (isCall(step) || 'call' in step) return;
      const memory = 'expect' in step ? undefined : step.memory;
      if ('expect' in step || memoryOf(module, memory) !== undefined) return;
      const message =
        memory === undefined
          ? t('the module has no memory')
          : t('the module has no memory {0}', displayable(String(memory)));
      problems.push({ path: memory === undefined ? [...path, i] : [...path, i, 'memory'], message });
    });
  };
  check(listedLife(life), ['life']);
  check(setup, ['setup']);
  callers.forEach((list, i) => void check(list, ['callers', i]));
  check(probe, ['probe']);
  return problems;
}

/** Index of the memory that a host access is about: by export name or index, else the export `memory`, else the first. */
export function memoryOf(module: Module, memory: string | number | undefined): number | undefined {
  if (typeof memory === 'number') return memory < module.memories.length ? memory : undefined;
  const exported = module.exports.find((e) => e.kind === 'memory' && e.name === (memory ?? 'memory'))?.index;
  return exported ?? (memory === undefined && module.memories.length > 0 ? 0 : undefined);
}

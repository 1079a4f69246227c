/** The life of a module in a scenario: what runs before the setup, as the recogniser or the scenario says. */
import { lifeOf } from '../../analysis/life/life.ts';
import type { Life, LifePer } from '../../analysis/life/lifeModel.ts';
import type { Analysis } from '../../analysis/model.ts';
import type { Module } from '../../wasm/module.ts';
import type { LifeForm } from './lifeForms.ts';
import type { Scenario } from './scenario.ts';
import { calledExport, isCall, type Step } from './steps.ts';

/** A step before the setup. */
export interface ScenarioLifeStep {
  step: Step;
  per: LifePer;
  /** Why it runs, a sentence; undefined where the scenario lists it. */
  why: string | undefined;
  sure: 'named' | 'likely';
}

/** Steps before the setup. Steps that the scenario makes itself, in its setup or its callers, are left to it. */
export function scenarioLife(
  { life, setup, callers }: Pick<Scenario, 'life' | 'setup' | 'callers'>,
  module: Module,
  analysis: Analysis,
): ScenarioLifeStep[] {
  if (life === 'none') return [];
  const recognised = lifeOf(module, analysis);
  if (life !== 'auto') return life.map((form) => listed(form, recognised));
  const own = new Set([setup, ...callers].flat().map(calledExport));
  const needed = recognised.steps.filter(({ call, as }) => as !== undefined || !own.has(call));
  return needed
    .filter(({ as }) => as === undefined || needed.some(({ args }) => args.some((one) => uses(one, as))))
    .map(({ call, args, as, per, why, sure }) => ({
      step: as === undefined && args.every((one) => typeof one === 'number') ? [call, ...args] : { call, args, as },
      per,
      why,
      sure,
    }));
}

const uses = (argument: number | string, name: string): boolean => String(argument).includes(`$${name}`);

function listed(form: LifeForm, life: Life): ScenarioLifeStep {
  const per = perOfStep(form, life);
  if (isCall(form) || !('per' in form)) return { step: form, per, why: undefined, sure: 'named' };
  const { per: own, ...step } = form;
  return { step, per: own ?? per, why: undefined, sure: 'named' };
}

/** How often an embedder makes a call; once where the recogniser does not know it as part of the life. */
export function perOfStep(step: Step, { steps }: Life): LifePer {
  const name = calledExport(step);
  return steps.find(({ call, as }) => call === name && as === undefined)?.per ?? 'memory';
}

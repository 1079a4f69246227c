/** Plans: scenarios made from the conflict matrix when the user gave none. */

import { lifeOf } from '../../analysis/life/life.ts';
import type { Life } from '../../analysis/life/lifeModel.ts';
import type { Analysis } from '../../analysis/model.ts';
import type { HostId } from '../../hosts/index.ts';
import { t } from '../../text/l10n.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type LifeForm, lifeForms } from './lifeForms.ts';
import { passedObjects } from './passedObjects.ts';
import { Guesses } from './planGuesses.ts';
import { besideInstantiation } from './planInstantiation.ts';
import { isCallable, isWanted, type PairOptions, plannedPairs } from './planPairs.ts';
import { type Candidate, selected } from './planSelection.ts';
import { plannedCall, type Variant, variantsOf } from './planVariants.ts';
import { completeScenario, type Scenario } from './scenario.ts';
import type { Call } from './steps.ts';
import type { Unit } from './units.ts';
import { type Usage, type UsageFacts, usageFacts } from './usage/roles.ts';

/** A scenario of a plan, with the pair of exports that it is about. */
export interface PlannedScenario {
  /** Positions in `Analysis.exports`, `a <= b`. */
  a: number;
  b: number;
  /** `increment with itself, one call each`, ... */
  title: string;
  scenario: Scenario;
}

/** What to plan. */
export interface PlanOptions extends PairOptions {
  host: HostId;
  /** Patterns of `module.name` of imports that suspend. */
  suspending?: readonly string[];
  /** Concurrent callers of each scenario; two by default. */
  callers?: number;
  /** What outcomes are judged by; by default each call, and whole sequences where the plan makes them. */
  unit?: Unit | 'auto';
  /** Whole time for the plan, divided among its scenarios. */
  seconds: number;
  seed?: number;
  /** The scenarios are for the hammer, which creates all instances before its rounds. */
  hammer?: boolean;
  /** Most scenarios; Infinity for all of them. */
  limit?: number;
  /** What is known of the module for arguments; by default, what its names and its code tell. */
  facts?: UsageFacts;
  /** How to call exports, by position, where it was tried; by default, the best guess. */
  usages?: ReadonlyMap<number, Usage>;
}

/** Scenarios in the order in which to run them. */
export interface Plan {
  scenarios: PlannedScenario[];
  /** Number of pairs that have no scenario because of the limit. */
  untested: number;
  /** What was omitted and why, a sentence each. */
  notes: string[];
}

const DEFAULT_LIMIT = 24;
/**
 * Executions of a scenario, by the time that it has: few enough that most machines run them in less, so that a plan
 * answers alike each time.
 */
const SCHEDULES_A_SECOND = 20_000;
const LEAST_SCHEDULES = 8_000;

/** A scenario of a plan before it is known whether it is run. */
interface Drafted extends PlannedScenario, Candidate {
  passing: string;
  unit: Unit;
  calls: number;
}

/**
 * Every conflicting pair of exports (an export with itself included), surest first, then the pairs that meet in atomic
 * accesses: one call each, then two calls each, with equal and with distinct arguments. Before them, new instances
 * beside calls that use what instantiation writes.
 */
export function planOf(module: Module, analysis: Analysis, options: PlanOptions): Plan {
  const life = lifeOf(module, analysis);
  const all: Drafted[] = [];
  const facts = options.facts ?? usageFacts(module, analysis);
  const { usages = new Map<number, Usage>() } = options;
  const add = (pair: string, a: number, b: number, variants: readonly Variant[], own?: LifeForm[]): void => {
    const rank = all.length;
    for (const [round, { title, passing = '', callers, unit, calls, ...more }] of variants.entries()) {
      const { model, seed } = options;
      const scenario = completeScenario(
        { ...more, callers, life: own, model, unit: options.unit ?? unit, seed },
        options.host,
        options.suspending,
      );
      all.push({ a, b, title: `${pair}, ${title}`, passing, scenario, pair, rank, round, unit, calls });
    }
  };
  for (const { position, first } of options.hammer ? [] : besideInstantiation(module, analysis)) {
    const { name, func } = analysis.exports[position];
    if (!isWanted(name, name, options) || !isCallable(module, func)) continue;
    const call = plannedCall(facts, usages, position);
    const callers = Array.from({ length: Math.max(options.callers ?? 2, 2) }, (_, caller) =>
      caller === 1 ? [first, call] : [call],
    );
    const pair = t(
      '{0} with the start of an instance',
      exportLabel(module.exports[analysis.exports[position].exportIndex]),
    );
    // The initialiser that a caller makes runs before the callers, too: for the first instance.
    const variant: Variant = {
      ...{ title: t('one call each'), unit: 'call', calls: callers[0].length },
      ...{ callers, setup: [], probe: [] },
    };
    add(pair, position, position, [variant], ownLife(life, first));
  }
  const found = plannedPairs(module, analysis, options, facts.allocation?.all ?? new Set());
  for (const { a, b } of found.pairs)
    add(titleOf(module, analysis, a, b), a, b, variantsOf({ facts, usages, callers: options.callers ?? 2 }, a, b));
  const guesses = new Guesses(facts, usages);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const { some, ...bounded } = guesses.bound(inOrder(all), limit);
  const { kept, untested, notes } = selected(some, limit);
  // Scenarios that are left out because they show little leave their time to nobody.
  const seconds = Math.max(options.seconds / Math.max(Math.min(all.length, limit), 1), 0.2);
  const schedules = Math.max(Math.ceil(seconds * SCHEDULES_A_SECOND), LEAST_SCHEDULES);
  const scenarios = kept.map(({ a, b, title, passing, scenario }) => {
    const guessed = guesses.of({ a, b });
    return {
      ...{ a, b, title: `${title}${objectsText(analysis, scenario, passing)}` },
      scenario: {
        ...scenario,
        budget: { ...scenario.budget, seconds, schedules },
        ...(guessed.length === 0 ? {} : { guessed }),
      },
    };
  });
  return {
    scenarios,
    untested: untested + bounded.untested + found.untested,
    notes: [...found.notes, ...guesses.notes(scenarios), ...bounded.notes, ...notes],
  };
}

/** Where only calls with the same object conflict, whether the callers get one. `passing`: what else is said of arguments. */
function objectsText(analysis: Analysis, { callers }: Scenario, passing: string): string {
  if (passing === '') return '';
  const objects = passedObjects(analysis, callers);
  if (objects === undefined) return passing;
  return objects === 'same' ? t(', on the same object') : t(', on different objects');
}

/** Every pair with one call each comes before pairs with more calls. */
const inOrder = (all: readonly Drafted[]): Drafted[] => [
  ...all.filter(({ calls }) => calls === 1),
  ...all.filter(({ calls, unit }) => calls > 1 && unit === 'sequence'),
  ...all.filter(({ calls, unit }) => calls > 1 && unit !== 'sequence'),
];

function titleOf(module: Module, analysis: Analysis, a: number, b: number): string {
  const label = (position: number) => exportLabel(module.exports[analysis.exports[position].exportIndex]);
  return a === b ? t('{0} with itself', label(a)) : t('{0} with {1}', label(a), label(b));
}

/** What runs before callers of which one makes `call` itself: the whole life, which otherwise leaves the call to it. */
const ownLife = (life: Life, [name]: Call): LifeForm[] | undefined =>
  life.steps.some(({ call }) => call === name) ? lifeForms(life) : undefined;

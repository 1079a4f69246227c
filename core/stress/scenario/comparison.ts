/**
 * What outcomes are compared by. By default results and the state that is left; where steps pass results on as addresses
 * or handles, these differ with the order of allocations, and so does memory: then what calls and reads answer counts.
 */
import { passedOn } from './namedResults.ts';
import type { Scenario } from './scenario.ts';
import { calledExport, resultNames, type Step } from './steps.ts';

/** What an outcome consists of. */
export interface Comparison {
  /** What is left in memory, globals and tables. */
  state: boolean;
  /** The result of every step counts. */
  everything: boolean;
  /** Some step is an expectation. */
  expects: boolean;
  /** Whether the result of a step counts. Traps and failed expectations always do. */
  counts(step: Step): boolean;
}

/** Begins the result of an expectation that does not hold. */
export const FAILS = 'fails: ';

/** The result of a step as an outcome has it: one that does not count is only its name. */
export function comparedText({ counts }: Comparison, step: Step, text: string): string {
  if (counts(step) || text.startsWith('trap: ') || text.startsWith(FAILS)) return text;
  const names = resultNames(step);
  // What a host function was called with counts, whatever the result of the step is.
  const observed = calledExport(step) === undefined ? -1 : text.indexOf('; ');
  const named = names.length === 0 ? '-' : names.map((name) => `$${name}`).join(' ');
  return `${named}${observed < 0 ? '' : text.slice(observed)}`;
}

/** The comparison that a scenario asks for. */
export function comparisonOf(scenario: Pick<Scenario, 'callers' | 'setup' | 'probe' | 'compare'>): Comparison {
  const { compare, callers, setup, probe } = scenario;
  const expects = [setup, ...callers, probe].some((steps) => steps.some((step) => 'expect' in step));
  if (compare === 'auto') {
    const passed = passedOn(scenario);
    return {
      state: passed.size === 0,
      everything: passed.size === 0,
      expects,
      counts: (step) => !resultNames(step).some((name) => passed.has(name)),
    };
  }
  const wanted = new Set(compare);
  return {
    state: wanted.has('state'),
    everything: false,
    expects,
    counts: (step) => {
      if (resultNames(step).some((name) => wanted.has(name))) return true;
      if (calledExport(step) !== undefined) return wanted.has('results');
      // Writes and expectations always answer the same.
      return 'read' in step ? wanted.has('reads') : true;
    },
  };
}

/** Scenario files: reading, and holding against a module. Pure. */
import type { HostId } from '../../../../server/src/analysis/hosts/profile.ts';
import type { Module } from '../../../../server/src/wasm/module.ts';
import type { Scenario, ScenarioFile } from './scenario.ts';

/** What is wrong in a scenario and where: a path of keys and indices (`['callers', 0, 1, 2]`) into its JSON. */
export interface ScenarioProblem {
  path: (string | number)[];
  message: string;
}

/** Checks the form of parsed JSON; every problem, not only the first. */
export declare function checkForm(json: unknown): { file: ScenarioFile } | { problems: ScenarioProblem[] };

/** Checks a scenario's calls against the exports of its module: names, arity, types of arguments. */
export declare function checkCalls(scenario: Pick<Scenario, 'setup' | 'callers' | 'probe'>, module: Module): ScenarioProblem[];

/** Parses the text of a scenario file and completes it; problems have paths. */
export declare function parseScenario(text: string, host: HostId): { scenario: Scenario } | { problems: ScenarioProblem[] };

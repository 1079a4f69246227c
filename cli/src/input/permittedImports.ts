/** Whether the JavaScript module that a scenario names may be run. */
import { displayable } from '../../../core/harmless/names.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { importsPlace } from '../../../node/stress/importsPlace.ts';
import { type Io, UsageError } from '../io.ts';

/** How code outside of a scenario's folder comes to be run. */
export interface ImportsPermission {
  /** From `--allow-imports`. */
  allowImports: boolean;
  /** Asks the user; undefined where nobody can answer. */
  ask: Io['ask'];
}

/** Longest path in a message, in characters. */
const SHOWN = 200;

/**
 * Absolute path of the module; undefined where the scenario names none. What is in the scenario's folder comes with it and
 * is run; for code elsewhere on the machine the user is asked.
 * @param scenario and its file, its folder, and the place in the file that names the module
 * @throws UsageError where the module is outside, and nobody has allowed it
 */
export async function permittedImports(
  scenario: Scenario | undefined,
  { folder, scenarioFile, at }: { folder: string; scenarioFile: string; at: string | undefined },
  { allowImports, ask }: ImportsPermission,
): Promise<string | undefined> {
  if (scenario === undefined || scenario.imports === 'stub') return undefined;
  const { path, outside } = importsPlace(scenario.imports.module, folder);
  if (!outside || allowImports) return path;
  const shown = displayable(path, SHOWN);
  const file = displayable(scenarioFile, SHOWN);
  if (ask !== undefined && (await ask(`${file} names code outside of its folder: ${shown}\nRun it? [y/N]`)))
    return path;
  const advice = ask === undefined ? '; move it into that folder, or pass --allow-imports to run it' : '';
  throw new UsageError(
    `${at ?? file}: ${shown} is outside of the folder of the scenario, so its code was not run${advice}`,
  );
}

/** For tests: cases, each in a folder with modules as text and the scenario files to run on them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StressResult } from '../explore/result.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { explored, type RunMore, stable } from './run.ts';

const CASES = join(import.meta.dirname, '../explore/cases');

/** Source of a module of a case: `lost-wake-up/module.wat`. */
export const caseSource = (path: string): string => readFileSync(join(CASES, path), 'utf8');

/** Scenario files of all cases: `lost-wake-up/scenario.stress.json`. */
export const caseFiles = (): string[] => globSync('*/*.stress.json', { cwd: CASES }).sort();

/** What `<folder>/<name>.stress.json` gives; `changes` replaces properties of the scenario. */
export function exploredCase(
  folder: string,
  name: string,
  changes: Partial<ScenarioFile> = {},
  more: RunMore = {},
): Promise<StressResult> {
  const file = JSON.parse(caseSource(`${folder}/${name}.stress.json`)) as ScenarioFile;
  return explored(caseSource(`${folder}/${file.module}`), { model: 'auto', ...file, ...changes }, more);
}

/** Whether ten runs of a case give equal results. */
export async function isRepeatable(
  folder: string,
  name: string,
  changes: Partial<ScenarioFile> = {},
): Promise<boolean> {
  const first = JSON.stringify(stable(await exploredCase(folder, name, changes)));
  for (let i = 1; i < 10; i++)
    if (JSON.stringify(stable(await exploredCase(folder, name, changes))) !== first) return false;
  return true;
}

/** Modules to look for contradictions in, with the scenarios that stand beside them. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { ROOT } from '../paths.ts';

/** A module, and scenario files about it. */
export interface ExaminedInput {
  /** Path below the root of the repository, or as given. */
  name: string;
  bytes: Uint8Array;
  scenarios: ScenarioFile[];
}

/** Folders of the repository with modules in text form. */
const OWN = ['test-fixtures', '{core,node,server,cli}/**/cases', 'core/analysis/testing/wazero/modules'];

/** Files of the repository: fixtures, cases, and the modules with verdicts of a real runtime. */
export const ownFiles = (): string[] =>
  OWN.flatMap((folder) => globSync(`${folder}/**/*.wat`, { cwd: ROOT }))
    .filter((path) => !/\.golden\.|node_modules/.test(path))
    .map((path) => join(ROOT, path))
    .sort();

/** All modules in a folder, or the file itself. */
export const filesOf = (path: string): string[] =>
  /\.(wat|wasm)$/.test(path) ? [path] : globSync(`${path}/**/*.{wat,wasm}`).sort();

/** Undefined for a text that does not compile: there are fixtures of broken texts. */
export async function inputOf(path: string): Promise<ExaminedInput | undefined> {
  const name = path.startsWith(ROOT) ? path.slice(ROOT.length + 1) : path;
  let bytes: Uint8Array;
  try {
    bytes = path.endsWith('.wat') ? await parse(readFileSync(path, 'utf8')) : new Uint8Array(readFileSync(path));
  } catch (error) {
    if (path.endsWith('.wat') && existsSync(path)) return undefined;
    throw error;
  }
  const scenarios = globSync('*.stress.json', { cwd: dirname(path) })
    .map((file) => JSON.parse(readFileSync(join(dirname(path), file), 'utf8')) as ScenarioFile)
    .filter(({ module, imports }) => module === basename(path) && typeof imports !== 'string');
  return { name, bytes, scenarios };
}

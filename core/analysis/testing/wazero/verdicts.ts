/** Verdicts from real wazero for tests and benchmarks; README.md in this folder says what the fields mean. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** A call: export and arguments, an i64 as text. */
export type WazeroCall = [name: string, ...args: (number | string | null)[]];

/** A scenario with the verdict of real wazero; see README.md in this folder. */
export interface WazeroScenario {
  id: string;
  /** File in `modules`. */
  module: string;
  setup: WazeroCall[];
  probe: WazeroCall[];
  /** By caller; null where the scenario has no such variant. */
  callers: WazeroCall[][];
  callersTwice: WazeroCall[][] | null;
  three: WazeroCall[][] | null;
  dataRace: boolean;
  kinds: string[];
  serializable: boolean;
  benign: boolean;
  verdict: 'safe' | 'race' | 'race-benign' | 'non-atomic';
  reason: string;
  goRaceDetector: { stock: string };
}

/** Folder of the verdicts and of the modules they are about. */
export const WAZERO_FOLDER = import.meta.dirname;

/** All scenarios of `verdicts.json`. */
export const WAZERO_SCENARIOS: readonly WazeroScenario[] = JSON.parse(
  readFileSync(join(WAZERO_FOLDER, 'verdicts.json'), 'utf8'),
);

/** The binary of a module of a scenario. */
export const wazeroModule = (name: string): Promise<Uint8Array> =>
  parse(readFileSync(join(WAZERO_FOLDER, 'modules', name), 'utf8'));

/** Violations of the rules of the structure. */

import type { ImportOfFile } from './sourceFile.ts';

/** A violation. */
export interface Fault {
  /** The file, name or import that is at fault, without line numbers. */
  readonly key: string;
  /** Message with file and line. */
  readonly text: string;
}

/** The fault of a forbidden import. */
export function importFault(path: string, { line, path: target }: ImportOfFile): Fault {
  return { key: `${path} imports ${target}`, text: `${path}:${line} imports ${target}` };
}

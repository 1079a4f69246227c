/** What breaks a rule of the structure. */

import type { ImportOfFile } from './sourceFile.ts';

export interface Fault {
  /** The file, name or import that is at fault, without line numbers. */
  readonly key: string;
  /** For people, with file and line. */
  readonly text: string;
}

/** An import that should not be. */
export function importFault(path: string, { line, path: target }: ImportOfFile): Fault {
  return { key: `${path} imports ${target}`, text: `${path}:${line} imports ${target}` };
}

/** Binaries as they were read: bytes shared with the analysis worker, and what identifies them. */

import { t } from '../text/l10n.ts';

/** The contents of a `.wasm` file and what identifies them. */
export interface Binary {
  /** On a SharedArrayBuffer where threads share memory; never written after this object exists. */
  bytes: Uint8Array;
  /** Digest of the contents: files with equal contents share one analysis. */
  hash: string;
  /** Modification time, ms since 1970. */
  mtime: number;
}

/** Why a file could not be read. */
export type ReadProblem = 'missing' | 'directory' | 'changing' | 'too-large' | 'denied';

/** A file that cannot be read; `message` is one sentence for the user that names the file. */
export class ReadFailure extends Error {
  readonly problem: ReadProblem;

  constructor(problem: ReadProblem, message: string) {
    super(message);
    this.name = 'ReadFailure';
    this.problem = problem;
  }
}

/** Largest file that is read, in bytes; larger ones are refused before anything is allocated. */
export const MAX_BINARY_BYTES = 1 << 30;

/** The failure for a file of more bytes. */
export function tooLargeFile(name: string, size: number): ReadFailure {
  return new ReadFailure(
    'too-large',
    t(
      '{0} has {1} bytes; files over {2} bytes are not analysed. Strip debug sections first.',
      name,
      size,
      MAX_BINARY_BYTES,
    ),
  );
}

/** Last segment of a URI's path, decoded. */
export function fileName(uri: string): string {
  const path = uri.replace(/[?#].*$/s, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // Not percent-encoded after all: show it unchanged.
  }
}

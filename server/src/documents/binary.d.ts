/** A binary as it was read: bytes shared with the analysis worker, and what identifies them. */
export interface Binary {
  /** On a SharedArrayBuffer, never written after this object exists. */
  bytes: Uint8Array;
  /** Digest of the contents: equal bytes share one analysis wherever they lie. */
  hash: string;
  /** Modification time, ms since 1970. */
  mtime: number;
}
/** Why a file gave no bytes. */
export type ReadProblem = 'missing' | 'directory' | 'changing' | 'too-large' | 'denied';
/** A file that cannot be read; `message` is one sentence for the user that names the file. */
export declare class ReadFailure extends Error {
  readonly problem: ReadProblem;
  constructor(problem: ReadProblem, message: string);
}
/** Larger files are refused before anything is allocated. Bytes. */
export declare const MAX_BINARY_BYTES: number;
/** Last segment of a URI's path, decoded. */
export declare function fileName(uri: string): string;

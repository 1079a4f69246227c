/** The state of a binary: a module that features can query, or a text that says why there is none. */
import type { ReadProblem } from '../../../../core/source/binary.ts';
import type { ModuleDocument } from '../moduleDocument.ts';

/** The outcome of the last run for a binary. */
export type BinaryState = ModuleState | UnreadableState;

/** A binary that was read and decoded, perhaps with errors. `bytes` is its size, `mtime` is in ms since 1970. */
export interface ModuleState {
  kind: 'module';
  doc: ModuleDocument;
  bytes: number;
  mtime: number;
  /** Time of decoding and analysis. */
  milliseconds: number;
}

/** A binary without a module to query: `text`, all comments, is shown in its place. */
export interface UnreadableState {
  kind: 'unreadable';
  uri: string;
  textUri: string;
  /** `analysis`: the file could be read but not decoded. */
  problem: ReadProblem | 'analysis';
  /** One sentence that names the file. */
  message: string;
  text: string;
  bytes: number;
  mtime: number;
}

/** What the editor shows for the binary: the disassembly, or the text that stands in for it. */
export const textOf = (state: BinaryState): string => (state.kind === 'module' ? state.doc.text : state.text);

/** A text that consists of comments, one line per argument. */
export const comment = (...lines: string[]): string =>
  lines.map((line) => (line === '' ? ';;\n' : `;; ${line}\n`)).join('');

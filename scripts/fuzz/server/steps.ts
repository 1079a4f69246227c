/** What a client does to a server, as data: the input of fuzzing and of the soak. */
import type { Random } from '../../../core/testing/random.ts';

/** A place in a text, as fractions of its lines and of the characters of the line: valid in any text. */
export interface Somewhere {
  line: number;
  character: number;
}

/** A step of a session. `doc` is the number of a document. */
export type SessionStep =
  | { do: 'open'; doc: number; text: number }
  | { do: 'edit'; doc: number; at: Somewhere; remove: number; insert: string }
  /** Takes an edit of the document back. */
  | { do: 'undo'; doc: number }
  | { do: 'replace'; doc: number; text: number }
  | { do: 'close'; doc: number }
  | { do: 'ask'; doc: number; what: string; at: Somewhere }
  | { do: 'binary'; file: number }
  | { do: 'changed'; file: number }
  | { do: 'settings'; settings: number };

/** Documents that a session has open at most. */
export const DOCUMENTS = 3;

/** Requests about a document. */
export const QUESTIONS = [
  'textDocument/hover',
  'textDocument/definition',
  'textDocument/references',
  'textDocument/codeLens',
  'textDocument/documentSymbol',
  'textDocument/inlayHint',
  'textDocument/codeAction',
  'textDocument/prepareCallHierarchy',
  'wasmHazards/matrix',
  'wasmHazards/report',
  'wasmHazards/moduleItems',
  'wasmHazards/stressModule',
  'wasmHazards/exportsAt',
] as const;

const INSERTED = [
  ' ',
  '\n',
  '(nop)',
  'nop ',
  '(',
  ')',
  '(func (export "new") (memory.grow (i32.const 1)) drop)\n',
  '(global $g2 (mut i32) (i32.const 1))\n',
  '(drop (i32.load (i32.const 8)))\n',
  ';; a comment\n',
  ';; wasm-hazards-ignore\n',
  '\r\n',
  'é😀',
  '"',
];

const somewhere = (next: Random): Somewhere => ({ line: next(1000) / 1000, character: next(1000) / 1000 });

/** A step at random. `texts`, `files`, `settings`: how many there are. */
export function randomStep(next: Random, texts: number, files: number, settings: number): SessionStep {
  const doc = next(DOCUMENTS);
  const kind = next(24);
  if (kind < 2) return { do: 'open', doc, text: next(texts) };
  if (kind < 11)
    return { do: 'edit', doc, at: somewhere(next), remove: next(3) * next(6), insert: INSERTED[next(INSERTED.length)] };
  if (kind < 15) return { do: 'undo', doc };
  if (kind < 21) return { do: 'ask', doc, what: QUESTIONS[next(QUESTIONS.length)], at: somewhere(next) };
  if (kind === 21) return { do: 'binary', file: next(files) };
  if (kind === 22)
    return next(4) === 0 ? { do: 'settings', settings: next(settings) } : { do: 'changed', file: next(files) };
  return next(2) === 0 ? { do: 'close', doc } : { do: 'replace', doc, text: next(texts) };
}

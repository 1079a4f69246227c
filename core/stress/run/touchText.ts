/** The text of what an operation touches, and how a reader of results finds such a text in a sentence. */
import { hex } from '../../wasm/printer/numbers.ts';
import { MemoryState } from './memoryState.ts';
import type { Touch } from './operation.ts';

/** `memory[0] 0x80..0x84`, `$counter`. */
export const touchText = ({ state, start, end }: Pick<Touch, 'state' | 'start' | 'end'>): string =>
  state instanceof MemoryState ? bytesText(state, start, end) : state.name;

/** `memory[0] 0x80..0x84`; `memory[0] 0x80` for one byte, or where an address is what matters. */
export const bytesText = ({ name }: { name: string }, start: number, end = start): string =>
  `${name} ${hex(start)}${end - start > 1 ? `..${hex(end)}` : ''}`;

/** A text of `bytesText` in a longer one, and what it says. */
export interface TouchInText {
  /** Where it begins, and its characters. */
  at: number;
  length: number;
  memory: string;
  start: number;
  end: number;
}

/** The places of memories, by their names, that a text names; in their order. */
export function touchesIn(text: string, memories: readonly string[]): TouchInText[] {
  // A name may contain anything, so it is looked for as it is.
  const found = memories.flatMap((memory) => {
    const touches: TouchInText[] = [];
    for (let at = text.indexOf(`${memory} 0x`); at >= 0; at = text.indexOf(`${memory} 0x`, at + 1)) {
      const match = RANGE.exec(text.slice(at + memory.length, at + memory.length + LONGEST));
      if (match === null) continue;
      const start = Number(match[1]);
      const length = memory.length + match[0].length;
      touches.push({ at, length, memory, start, end: match[2] === undefined ? start + 1 : Number(match[2]) });
    }
    return touches;
  });
  return found.sort((a, b) => a.at - b.at || b.length - a.length).filter(apart);
}

/** Texts that overlap stand for one: a memory's name may end with that of another. */
const apart = (one: TouchInText, nth: number, all: readonly TouchInText[]): boolean =>
  nth === 0 || all.slice(0, nth).every(({ at, length }) => one.at >= at + length);

/** The bytes between the first and the last of those that `cells` name; undefined unless all are of one memory. */
export function touchSpan(cells: readonly string[]): string | undefined {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  let name: string | undefined;
  for (const cell of cells) {
    const at = cell.lastIndexOf(' 0x');
    const match = at < 0 ? null : RANGE.exec(cell.slice(at));
    if (match === null || match[0].length !== cell.length - at) return undefined;
    if (name !== undefined && name !== cell.slice(0, at)) return undefined;
    name = cell.slice(0, at);
    start = Math.min(start, Number(match[1]));
    end = Math.max(end, match[2] === undefined ? Number(match[1]) + 1 : Number(match[2]));
  }
  return name === undefined ? undefined : bytesText({ name }, start, end);
}

const RANGE = /^ (0x[0-9a-f]+)(?:\.\.(0x[0-9a-f]+))?/;
/** Characters of a range, two addresses of 64 bits. */
const LONGEST = 40;

/**
 * Translates between an analysed text and the current one: positions of requests to the former, ranges
 * of answers to the latter.
 */
import { positionOf, type TextRange } from '../../../../core/text/lines.ts';
import { EditMap } from './editMap.ts';

type Position = TextRange['start'];

/** Positions of the current text. */
export interface CurrentText {
  offsetAt(position: Position): number;
  positionAt(offset: number): Position;
}

/** An analysed text. Whoever changes the current text must add each edit to `edits`. */
export class MovedText {
  readonly text: string;
  readonly lineStarts: Uint32Array;
  readonly edits = new EditMap();
  readonly #now: CurrentText;

  constructor(text: string, lineStarts: Uint32Array, now: CurrentText) {
    this.text = text;
    this.lineStarts = lineStarts;
    this.#now = now;
  }

  /** Undefined for positions in text typed since. */
  toOld(position: Position): Position | undefined {
    if (this.edits.isEmpty) return position;
    const at = this.edits.toOld(this.#now.offsetAt(position));
    return at === undefined ? undefined : positionOf(this.lineStarts, at);
  }

  /** The range of the analysed text that encloses a range of the current one. */
  rangeToOld({ start, end }: TextRange): TextRange {
    if (this.edits.isEmpty) return { start, end };
    const old = (position: Position, step: number): Position => {
      for (let at = this.#now.offsetAt(position); at >= 0; at += step) {
        const found = this.edits.toOld(at);
        if (found !== undefined) return positionOf(this.lineStarts, Math.min(found, this.text.length));
      }
      return { line: 0, character: 0 };
    };
    return { start: old(start, -1), end: old(end, 1) };
  }

  /** Undefined when nothing of the range is left. */
  rangeToNow(range: TextRange): TextRange | undefined {
    if (this.edits.isEmpty) return range;
    const found = this.edits.rangeToNew(this.#old(range.start), this.#old(range.end));
    return found && { start: this.#now.positionAt(found[0]), end: this.#now.positionAt(found[1]) };
  }

  positionToNow(position: Position): Position {
    return this.edits.isEmpty ? position : this.#now.positionAt(this.edits.toNew(this.#old(position), 'before'));
  }

  /**
   * `value` with all its ranges and positions translated, except those of other documents
   * (`{ uri, range }`). Objects whose range is gone are dropped from their list.
   */
  move<T>(value: T, uri: string): T | undefined {
    return this.edits.isEmpty ? value : (this.#moved(value, uri) as T | undefined);
  }

  #moved(value: unknown, uri: string): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      return value.map((item) => this.#moved(item, uri)).filter((item) => item !== undefined);
    }
    if (isRange(value)) return this.rangeToNow(value);
    if (isPosition(value)) return this.positionToNow(value);
    const entries: [string, unknown][] = [];
    if ('uri' in value && 'range' in value && value.uri !== uri) return value;
    for (const [key, item] of Object.entries(value)) {
      const moved = LEFT_ALONE.has(key) ? item : this.#moved(item, uri);
      if (moved === undefined && item !== undefined) return undefined;
      entries.push([key, moved]);
    }
    return Object.fromEntries(entries);
  }

  #old({ line, character }: Position): number {
    return line < this.lineStarts.length ? this.lineStarts[line] + character : this.text.length;
  }
}

/**
 * Not translated: commands of lenses and data of diagnostics are about the binary; edits, and diagnostics
 * that came with the request, already belong to the current text.
 */
const LEFT_ALONE: ReadonlySet<string> = new Set(['command', 'data', 'diagnostics', 'edit']);

const isPosition = (value: object): value is Position => 'line' in value && 'character' in value;
const isRange = (value: object): value is TextRange =>
  'start' in value && 'end' in value && typeof value.start === 'object' && typeof value.end === 'object';

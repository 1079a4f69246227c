/**
 * The rows of all line programs, by address. Rows are not kept: the first question runs every program once and notes
 * where each sequence of addresses begins in the section; a question runs the sequence that it is about. A sequence is
 * a function as a rule.
 */

import { t } from '../../text/l10n.ts';
import { allSteps, type Steps } from '../steps.ts';
import { type LineFiles, readLineFiles } from './lineFiles.ts';
import { type LineHeader, readLineHeader } from './lineHeader.ts';
import { runLines } from './lineProgram.ts';
import { countUpTo, NumberList } from './numberList.ts';
import { DwarfReader } from './reader.ts';
import type { DwarfSections } from './sections.ts';
import { SequenceRowList, type SequenceRows } from './sequenceRows.ts';

/** The sequences of living code, ascending by their first address. */
interface Sequences {
  /** First address of each, and the address behind it. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Where it begins in `.debug_line`. */
  readonly from: Uint32Array;
  /** Index of its program. */
  readonly program: Uint32Array;
}

/** The rows of one file in all sequences, ascending by address, with the address behind the code of each. */
interface FileRows {
  readonly path: string;
  readonly address: Uint32Array;
  readonly end: Uint32Array;
  readonly line: Uint32Array;
}

/** A row as far as it says something of the source. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
  /** Undefined where it is unknown. */
  readonly column: number | undefined;
}

/** A range of addresses `[start, end)`. */
export type AddressRange = readonly [start: number, end: number];

/** Sequences and tables of files that are kept; both are read again when they are needed again. */
const MOST_KEPT = { rows: 1 << 16, tables: 128 };

/** Rows that are read in one step; a step ends with a sequence. */
const ROWS_PER_STEP = 8192;

/** Sequences that begin before an address and may reach it: they do not overlap, unless the module is broken. */
const MOST_OVERLAPPING = 4;

export class LineTable {
  readonly #sections: DwarfSections;
  /** The directory of a unit by its line program. */
  readonly #directoryOf: (program: number) => string | undefined;
  #programs: readonly LineHeader[] = [];
  #byOffset: ReadonlyMap<number, number> = new Map();
  #sequences: Sequences | undefined;
  #isOfOtherCode = false;
  readonly #rows = new Map<number, SequenceRows>();
  #rowsKept = 0;
  readonly #files = new Map<number, LineFiles>();
  #rowsOfFile: FileRows | undefined;
  #paths: string[] | undefined;

  /** @param directoryOf the unit's `DW_AT_comp_dir` by the offset of its line program */
  constructor(sections: DwarfSections, directoryOf: (program: number) => string | undefined) {
    this.#sections = sections;
    this.#directoryOf = directoryOf;
  }

  /** The line of the code at an address; undefined where there is none. */
  at(address: number): LinePlace | undefined {
    const { start, end, program } = this.#all();
    const last = countUpTo(start, address);
    for (let sequence = last - 1; sequence >= Math.max(last - MOST_OVERLAPPING, 0); sequence--) {
      if (address >= end[sequence]) continue;
      const rows = this.#rowsOf(sequence);
      const row = rows.at(address);
      const file = row < 0 || rows.line(row) === 0 ? undefined : this.#file(program[sequence], rows.file(row));
      if (file === undefined) return undefined;
      return { file, line: rows.line(row), column: rows.column(row) || undefined };
    }
    return undefined;
  }

  /** The addresses whose line is `line` of a file, ascending. */
  rangesOf(file: string, line: number): AddressRange[] {
    if (this.#rowsOfFile?.path !== file) this.#rowsOfFile = this.#readFile(file);
    const { address, end, line: lines } = this.#rowsOfFile;
    const ranges: AddressRange[] = [];
    for (const [row, one] of lines.entries()) if (one === line) ranges.push([address[row], end[row]]);
    return ranges;
  }

  /** All rows of a file: an editor asks for one line after the other. */
  #readFile(path: string): FileRows {
    const { start, end, program } = this.#all();
    const [address, line, until] = [0, 0, 0].map(() => new NumberList());
    const numbersOf = new Map<number, Set<number>>();
    for (const one of this.#programs.keys()) {
      const { first, paths } = this.#filesOf(one);
      const numbers = paths.flatMap((other, i) => (other === path ? [i + first] : []));
      if (numbers.length > 0) numbersOf.set(one, new Set(numbers));
    }
    for (let sequence = 0; sequence < start.length; sequence++) {
      const numbers = numbersOf.get(program[sequence]);
      if (numbers === undefined) continue;
      const rows = this.#rowsOf(sequence);
      for (let row = 0; row < rows.length; row++) {
        if (!numbers.has(rows.file(row))) continue;
        const next = row + 1 < rows.length ? rows.address(row + 1) : end[sequence];
        if (next <= rows.address(row)) continue;
        address.push(rows.address(row));
        line.push(rows.line(row));
        until.push(next);
      }
    }
    return { path, address: address.done(), line: line.done(), end: until.done() };
  }

  /** The path of file `number` of the line program at an offset. */
  fileOf(offset: number, number: number): string | undefined {
    this.#all();
    const program = this.#byOffset.get(offset);
    return program === undefined ? undefined : this.#file(program, number);
  }

  /** Whether most lines are not of this code: somebody has changed the module, and left its debug information. */
  isOfOtherCode(): boolean {
    this.#all();
    return this.#isOfOtherCode;
  }

  /** Every path of every table, sorted. */
  paths(): string[] {
    this.#paths ??= allSteps(this.#readPaths());
    return this.#paths;
  }

  /** Does what the first questions need. */
  *prepare(): Steps<void> {
    this.#sequences ??= yield* this.#readSequences();
    this.#paths ??= yield* this.#readPaths();
  }

  *#readPaths(): Steps<string[]> {
    this.#all();
    const paths = new Set<string>();
    for (const program of this.#programs.keys()) {
      for (const path of this.#filesOf(program).paths) paths.add(path);
      yield;
    }
    return [...paths].sort();
  }

  #file(program: number, number: number): string | undefined {
    const { first, paths } = this.#filesOf(program);
    return paths[number - first];
  }

  #filesOf(program: number): LineFiles {
    const known = this.#files.get(program);
    if (known !== undefined) return known;
    const header = this.#programs[program];
    const directory = this.#directoryOf(header.offset);
    const files = this.#sections.attempt(() => readLineFiles(this.#sections, header, directory)) ?? {
      first: 1,
      paths: [],
    };
    if (this.#files.size >= MOST_KEPT.tables) this.#files.clear();
    this.#files.set(program, files);
    return files;
  }

  #rowsOf(sequence: number): SequenceRows {
    const known = this.#rows.get(sequence);
    if (known !== undefined) return known;
    const { from, program } = this.#all();
    const list = new SequenceRowList();
    this.#sections.attempt(() =>
      runLines(this.#programs[program[sequence]], from[sequence], (row) => {
        if (!row.endSequence) list.push(row);
        return !row.endSequence;
      }),
    );
    const rows = list.done();
    if (this.#rowsKept + rows.length > MOST_KEPT.rows) {
      this.#rows.clear();
      this.#rowsKept = 0;
    }
    this.#rows.set(sequence, rows);
    this.#rowsKept += rows.length;
    return rows;
  }

  #all(): Sequences {
    this.#sequences ??= allSteps(this.#readSequences());
    return this.#sequences;
  }

  *#readSequences(): Steps<Sequences> {
    const [start, end, from, program] = [0, 0, 0, 0].map(() => new NumberList());
    const section = this.#sections.get('.debug_line');
    const { code } = this.#sections;
    /** Sequences that do not end where a function does, and those that reach beyond the code. */
    let [strange, beyond] = [0, 0];
    const programs: LineHeader[] = [];
    const byOffset = new Map<number, number>();

    /** Notes the sequences of a program from `begin`, where one begins; returns where to go on, undefined at the end. */
    const readSome = (header: LineHeader, index: number, begin: number): number | undefined => {
      let [low, rows] = [-1, 0];
      let more: number | undefined;
      runLines(header, begin, (row, next) => {
        rows++;
        if (low === -1) low = row.address;
        if (!row.endSequence) return true;
        // The linker sets the addresses of functions that it removed to 0 or to the largest ones.
        if (low > 0 && low < code.size && row.address > code.size) beyond++;
        if (low > 0 && row.address > low && row.address <= code.size) {
          if (!code.isEnd(row.address)) strange++;
          start.push(low);
          end.push(row.address);
          from.push(begin);
          program.push(index);
        }
        [begin, low] = [next, -1];
        if (rows < ROWS_PER_STEP) return true;
        more = next;
        return false;
      });
      return more;
    };

    for (let r = section && new DwarfReader(section); r !== undefined && !r.atEnd(); ) {
      const reader = r;
      const header = this.#sections.attempt(() => readLineHeader(reader));
      yield;
      if (header === undefined) continue;
      const index = programs.push(header) - 1;
      byOffset.set(header.offset, index);
      for (let at: number | undefined = header.start; at !== undefined; ) {
        const begin: number = at;
        at = this.#sections.attempt(() => readSome(header, index, begin));
        if (at !== undefined) yield;
      }
    }
    // Optimisers that keep debug information move some ends of functions, too.
    this.#isOfOtherCode = strange + beyond > (start.length + beyond) / 2;
    if (this.#isOfOtherCode || beyond > 0) {
      const message = this.#isOfOtherCode
        ? t(
            'the lines are those of other code: a tool changed the module after it was compiled and left the debug information as it was (wasm-opt keeps it up to date with -g)',
          )
        : t(
            'some lines are those of other code: a tool changed the module after it was compiled and left the debug information as it was (wasm-opt keeps it up to date with -g)',
          );
      this.#sections.report({ message, section: '.debug_line', offset: 0 });
    }
    if (this.#isOfOtherCode) {
      for (const list of [start, end, from, program]) list.length = 0;
    }
    this.#programs = programs;
    this.#byOffset = byOffset;
    return sorted({ start: start.done(), end: end.done(), from: from.done(), program: program.done() });
  }
}

function sorted({ start, end, from, program }: Sequences): Sequences {
  const order = Uint32Array.from(start.keys()).sort((a, b) => start[a] - start[b] || a - b);
  const by = (list: Uint32Array): Uint32Array => order.map((i) => list[i]);
  return { start: by(start), end: by(end), from: by(from), program: by(program) };
}

/** The debug information that compilers of C, C++, Rust, Zig and TinyGo write into a module: DWARF, versions 2 to 5. */
import type { Module } from '../../wasm/module.ts';
import { instructionsIn } from '../instructions.ts';
import type { DebugInfo, DebugProblem, SourceFunction, SourceLine, SourceVariable } from '../model.ts';
import type { Steps } from '../steps.ts';
import { type Entry, entryAt } from './entry.ts';
import { DwarfInfo } from './info.ts';
import { callPlace, callsAt, type InlinedCall, inlinedCalls } from './inlined.ts';
import { pathInType } from './layout.ts';
import { type LinePlace, LineTable } from './lineTable.ts';
import { declarationOf, qualifiedName } from './names.ts';
import { DwarfSections } from './sections.ts';
import { typeText } from './types.ts';
import type { DwarfUnit, EntryPlace } from './unit.ts';
import { type PlacedVariable, VariableTable } from './variables.ts';

/**
 * The DWARF of a module; undefined if there is none.
 * @param from the module with the debug sections, where a tool has put them into another file
 */
export function dwarfOf(module: Module, from: Module = module): Dwarf | undefined {
  const sections = new DwarfSections(module, from);
  const has = ['.debug_line', '.debug_info'].some((name) => sections.get(name) !== undefined);
  return has ? new Dwarf(module, sections) : undefined;
}

/** Functions whose inlined calls are kept: questions about one function come together. */
const MOST_FUNCTIONS = 64;

/** A function with code, as `placeOf` needs it. */
interface KnownFunction {
  readonly entry: Entry;
  readonly name: string | undefined;
  readonly calls: readonly InlinedCall[];
}

class Dwarf implements DebugInfo {
  readonly origin = 'dwarf';
  readonly #module: Module;
  readonly #sections: DwarfSections;
  readonly #lines: LineTable;
  readonly #functions = new Map<string, KnownFunction | undefined>();
  #known: DwarfInfo | undefined;
  #variables: VariableTable | undefined;
  #directories: ReadonlyMap<number, string | undefined> | undefined;

  constructor(module: Module, sections: DwarfSections) {
    this.#module = module;
    this.#sections = sections;
    this.#lines = new LineTable(sections, (program) => this.#directoryOf(program));
  }

  placeOf(offset: number): SourceLine | undefined {
    const address = offset - this.#sections.code.start;
    const line = this.#lines.at(address);
    if (line === undefined) return undefined;
    return this.#sections.attempt(() => this.#withFunctions(line, address)) ?? line;
  }

  variableAt(address: number, memory = 0): SourceVariable | undefined {
    // C and its relatives know one memory.
    if (memory !== 0) return undefined;
    this.#variables ??= new VariableTable(this.#module, this.#info);
    const variable = this.#variables.at(address);
    return variable === undefined
      ? undefined
      : this.#sections.attempt(() => this.#describedVariable(variable, address - variable.start));
  }

  functionAt(index: number): SourceFunction | undefined {
    const start = this.#module.functions.bodyStart[index - this.#module.functions.imported];
    if (start === undefined || start === 0) return undefined;
    const place = this.#functionAround(start - this.#sections.code.start);
    if (place === undefined) return undefined;
    return this.#sections.attempt(() => {
      const entry = entryAt(place);
      const name = entry === undefined ? undefined : qualifiedName(this.#info, entry);
      return entry === undefined || name === undefined ? undefined : { name, ...this.#declaration(entry) };
    });
  }

  offsetsOf(file: string, line: number): readonly number[] {
    const codeStart = this.#sections.code.start;
    const ranges = this.#lines.rangesOf(file, line);
    return instructionsIn(
      this.#module,
      ranges.map(([start, end]) => [start + codeStart, end + codeStart]),
    );
  }

  files(): readonly string[] {
    return this.#lines.paths();
  }

  problems(): readonly DebugProblem[] {
    return this.#sections.problems();
  }

  /** Does in steps what the first questions would do at once. */
  *prepare(): Steps<void> {
    yield* this.#lines.prepare();
    yield* this.#info.prepare();
    this.#variables ??= new VariableTable(this.#module, this.#info);
    yield* this.#variables.prepare();
  }

  get #info(): DwarfInfo {
    this.#known ??= new DwarfInfo(this.#sections);
    return this.#known;
  }

  #directoryOf(program: number): string | undefined {
    this.#directories ??= new Map(
      this.#info.units.all.flatMap((unit) => {
        const root = this.#info.rootOf(unit);
        return root?.lines === undefined ? [] : [[root.lines, root.directory]];
      }),
    );
    return this.#directories.get(program);
  }

  #fileOf(unit: DwarfUnit, number: number): string | undefined {
    const lines = this.#info.rootOf(unit)?.lines;
    return lines === undefined ? undefined : this.#lines.fileOf(lines, number);
  }

  #declaration(entry: Entry): { file?: string; line?: number } {
    return declarationOf(entry, (unit, number) => this.#fileOf(unit, number));
  }

  /** A line with its function, and the calls that the function was inlined by. */
  #withFunctions(line: LinePlace, address: number): SourceLine {
    const place = this.#functionAround(address);
    const known = place === undefined ? undefined : this.#functionOf(place);
    if (known === undefined) return line;
    const calls = callsAt(known.calls, address);
    // A call stands in the function around it: the next inlined one, at last the one with the code.
    const names = [...calls.map(({ entry }) => qualifiedName(this.#info, entry)), known.name];
    const inlined = calls.flatMap(({ entry }, i): SourceLine[] => {
      const call = callPlace(entry);
      const file = call === undefined ? undefined : this.#fileOf(entry.unit, call.file);
      return call === undefined || file === undefined ? [] : [{ ...call, file, function: names[i + 1] }];
    });
    return { ...line, function: names[0], inlined: inlined.length > 0 ? inlined : undefined };
  }

  #functionAround(address: number): EntryPlace | undefined {
    return this.#info.functionAt(address, () => !this.#lines.isOfOtherCode());
  }

  #functionOf(place: EntryPlace): KnownFunction | undefined {
    const key = `${place.unit.index}:${place.offset}`;
    if (this.#functions.has(key)) return this.#functions.get(key);
    const known = this.#sections.attempt(() => {
      const entry = entryAt(place);
      if (entry === undefined) return undefined;
      const calls = this.#sections.attempt(() => inlinedCalls(entry, this.#info.baseOf(place.unit))) ?? [];
      return { entry, name: qualifiedName(this.#info, entry), calls };
    });
    if (this.#functions.size >= MOST_FUNCTIONS) this.#functions.clear();
    this.#functions.set(key, known);
    return known;
  }

  #describedVariable(variable: PlacedVariable, distance: number): SourceVariable | undefined {
    const { entry, type, start, size, skipped, threadLocal } = variable;
    const info = this.#info;
    const name = qualifiedName(info, entry);
    if (name === undefined) return undefined;
    return {
      name,
      path: this.#sections.attempt(() => pathInType(info, type, skipped + distance)) ?? '',
      type: type === undefined ? undefined : this.#sections.attempt(() => typeText(info, type)),
      start,
      size,
      ...(threadLocal ? { threadLocal } : {}),
      ...this.#sections.attempt(() => this.#declaration(entry)),
    };
  }
}

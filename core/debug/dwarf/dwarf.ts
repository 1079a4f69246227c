/** The debug information that compilers of C, C++, Rust, Zig and TinyGo write into a module: DWARF, versions 2 to 5. */

import { displayable } from '../../harmless/names.ts';
import { t } from '../../text/l10n.ts';
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
import type { ReadHalf, Skeleton } from './skeleton.ts';
import { typeText } from './types.ts';
import type { DwarfUnit, EntryPlace } from './unit.ts';
import { type PlacedVariable, VariableTable } from './variables.ts';

/**
 * The DWARF of a module; undefined if there is none.
 * @param from the module with the debug sections, where a tool has put them into another file
 * @param readHalf how to read files with the other halves of units
 */
export function dwarfOf(module: Module, from: Module = module, readHalf: ReadHalf = noHalf): Dwarf | undefined {
  const sections = new DwarfSections(module, from);
  const has = ['.debug_line', '.debug_info'].some((name) => sections.get(name) !== undefined);
  return has ? new Dwarf(module, sections, readHalf) : undefined;
}

const noHalf: ReadHalf = ({ file }) => ({
  problem: t('the functions and variables of this unit are in {0}, which is not read', displayable(file)),
});

/** Most files with other halves that are read. */
const MOST_HALVES = 1000;

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
  readonly #readHalf: ReadHalf;
  #skeletons: readonly Skeleton[] | undefined;
  /** The other halves of units, by the name of their file; undefined where it cannot be read. */
  readonly #halves = new Map<string, Dwarf | undefined>();

  /** @param lines the lines in the module, for the other half of a unit */
  constructor(module: Module, sections: DwarfSections, readHalf: ReadHalf, lines?: LineTable) {
    this.#module = module;
    this.#sections = sections;
    this.#readHalf = readHalf;
    this.#lines = lines ?? new LineTable(sections, (program) => this.#directoryOf(program));
  }

  /** The files with other halves of units that questions will need. */
  halves(): readonly Skeleton[] {
    this.#skeletons ??= this.#info.skeletons().slice(0, MOST_HALVES);
    return this.#skeletons;
  }

  #half(skeleton: Skeleton): Dwarf | undefined {
    const key = `${skeleton.directory}\0${skeleton.file}\0${skeleton.id}`;
    if (this.#halves.has(key) || this.#halves.size >= MOST_HALVES) return this.#halves.get(key);
    const read = this.#readHalf(skeleton);
    const half = 'problem' in read ? read : this.#halfIn(read.half, skeleton);
    if ('problem' in half)
      this.#sections.report({ message: half.problem, section: '.debug_info', offset: this.#halves.size });
    this.#halves.set(key, 'problem' in half ? undefined : half);
    return this.#halves.get(key);
  }

  #halfIn(file: Module, skeleton: Skeleton): Dwarf | { problem: string } {
    const sections = new DwarfSections(this.#module, file, { sections: this.#sections, skeleton });
    const half = new Dwarf(this.#module, sections, noHalf, this.#lines);
    const ids = half.#info.units.all.map((unit) => half.#info.rootOf(unit)?.id ?? skeleton.id);
    const name = displayable(skeleton.file);
    if (ids.length === 0) return { problem: t('{0} has no debug information', name) };
    if (ids.some((id) => id !== skeleton.id)) return { problem: t('{0} belongs to another build of the module', name) };
    return half;
  }

  #halfAt(address: number): Dwarf | undefined {
    const skeleton = this.#info.skeletonAt(address);
    return skeleton && this.#half(skeleton);
  }

  placeOf(offset: number): SourceLine | undefined {
    const address = offset - this.#sections.code.start;
    const line = this.#lines.at(address);
    if (line === undefined) return undefined;
    const half = this.#halfAt(address);
    if (half !== undefined) return half.placeOf(offset);
    return this.#sections.attempt(() => this.#withFunctions(line, address)) ?? line;
  }

  variableAt(address: number, memory = 0): SourceVariable | undefined {
    // C and its relatives know one memory.
    if (memory !== 0) return undefined;
    this.#variables ??= new VariableTable(this.#module, this.#info);
    const variable = this.#variables.at(address);
    if (variable !== undefined)
      return this.#sections.attempt(() => this.#describedVariable(variable, address - variable.start));
    for (const skeleton of this.halves()) {
      const found = this.#half(skeleton)?.variableAt(address);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  functionAt(index: number): SourceFunction | undefined {
    const start = this.#module.functions.bodyStart[index - this.#module.functions.imported];
    if (start === undefined || start === 0) return undefined;
    const address = start - this.#sections.code.start;
    const half = this.#halfAt(address);
    if (half !== undefined) return half.functionAt(index);
    const place = this.#functionAround(address);
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
    const all: (Dwarf | undefined)[] = [this, ...this.#halves.values()];
    return all.flatMap((one) => (one === undefined ? [] : one.#sections.problems()));
  }

  /** Does in steps what the first questions would do at once. */
  *prepare(): Steps<void> {
    yield* this.#lines.prepare();
    yield* this.#info.prepare();
    this.#variables ??= new VariableTable(this.#module, this.#info);
    yield* this.#variables.prepare();
    for (const skeleton of this.halves()) yield* this.#half(skeleton)?.prepare() ?? [];
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

/** The debug information that compilers of C, C++, Rust, Zig and TinyGo write into a module: DWARF, versions 2 to 5. */
import type { Module } from '../../wasm/module.ts';
import { instructionsIn } from '../instructions.ts';
import type { DebugInfo } from '../model.ts';
import { LineTable } from './lineTable.ts';
import { DwarfSections } from './sections.ts';
import { Units } from './units.ts';

/**
 * The DWARF of a module; undefined if there is none.
 * @param from the module with the debug sections, where a tool has put them into another file
 */
export function dwarfOf(module: Module, from: Module = module): DebugInfo | undefined {
  const sections = new DwarfSections(module, from);
  if (sections.get('.debug_line') === undefined && sections.get('.debug_info') === undefined) return undefined;
  const { codeStart } = sections;
  let units: Units | undefined;
  let directories: Map<number, string | undefined> | undefined;
  const allUnits = (): Units => {
    units ??= new Units(sections);
    return units;
  };
  const directoryOf = (program: number): string | undefined => {
    directories ??= new Map(
      allUnits().all.flatMap((unit) => {
        const root = allUnits().rootOf(unit);
        return root?.lines === undefined ? [] : [[root.lines, root.directory]];
      }),
    );
    return directories.get(program);
  };
  const lines = new LineTable(sections, directoryOf);
  return {
    origin: 'dwarf',
    placeOf: (offset) => lines.at(offset - codeStart),
    variableAt: () => undefined,
    functionAt: () => undefined,
    offsetsOf: (file, line) =>
      instructionsIn(
        module,
        lines.rangesOf(file, line).map(([start, end]) => [start + codeStart, end + codeStart]),
      ),
    files: () => lines.paths(),
    problems: () => sections.problems(),
  };
}

/** The sections of DWARF in a module, as tool-conventions' `Dwarf.md` has them: custom sections of the usual names. */
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import type { DebugProblem } from '../model.ts';
import { ModuleCode } from './code.ts';
import { type DebugSection, DwarfFailure } from './reader.ts';
import { isSharedByHalves, nameOfHalf, type Skeleton } from './skeleton.ts';

const CUSTOM = 0;

/** Most problems that are kept: the first ones are what somebody can act on. */
const MOST_PROBLEMS = 50;

/** The debug sections of one module, where its code is, and what was found wrong. */
export class DwarfSections {
  readonly #sections: ReadonlyMap<string, DebugSection>;
  readonly #problems: DebugProblem[] = [];
  /** Where the code is that they tell of. */
  readonly code: ModuleCode;

  /** What the half in the module says, if these are the sections of the other half of a unit. */
  readonly skeleton: Skeleton | undefined;

  /**
   * @param from the module with the debug sections, where that is another one
   * @param main for the other half of a unit, which `from` then has: the sections in the module
   */
  constructor(module: Module, from: Module = module, main?: { sections: DwarfSections; skeleton: Skeleton }) {
    this.code = main?.sections.code ?? new ModuleCode(module);
    this.skeleton = main?.skeleton;
    const sections = new Map<string, DebugSection>();
    if (main !== undefined)
      for (const [name, section] of main.sections.#sections) if (isSharedByHalves(name)) sections.set(name, section);
    for (const { id, name: written, start, end } of from.sections) {
      const name = main === undefined ? written : (nameOfHalf(written) ?? '');
      if (id !== CUSTOM || !name.startsWith('.debug_') || sections.has(name)) continue;
      sections.set(name, { name: written, bytes: from.bytes.subarray(start, end) });
    }
    this.#sections = sections;
  }

  get(name: string): DebugSection | undefined {
    return this.#sections.get(name);
  }

  /** @throws DwarfFailure if there is no such section, which `who` needs */
  need(name: string, who: DebugSection, offset: number): DebugSection {
    const section = this.#sections.get(name);
    if (section === undefined) throw new DwarfFailure(t('there is no section {0}', name), who.name, offset);
    return section;
  }

  /** Runs a part of the reading; what fails becomes a problem, and the answer is undefined. */
  attempt<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof DwarfFailure)) throw error;
      this.report(error);
      return undefined;
    }
  }

  report({ message, section, offset }: DebugProblem): void {
    const known = this.#problems.some((one) => one.offset === offset && one.section === section);
    if (known || this.#problems.length >= MOST_PROBLEMS) return;
    this.#problems.push({ message, section, offset });
  }

  problems(): readonly DebugProblem[] {
    return this.#problems;
  }
}

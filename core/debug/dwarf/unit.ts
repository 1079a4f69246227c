/** A unit of `.debug_info` or `.debug_types`, and the places in units that entries refer to. */
import type { Abbreviations } from './abbreviations.ts';
import type { UnitFormat } from './forms.ts';
import type { DebugSection } from './reader.ts';
import type { DwarfSections } from './sections.ts';

/** What one file was compiled to, or a type that several of them share. */
export interface DwarfUnit extends UnitFormat {
  readonly sections: DwarfSections;
  /** All units, for references from one to another. */
  readonly units: UnitFinder;
  /** Index among all units. */
  readonly index: number;
  readonly section: DebugSection;
  /** Offsets in the section: of the header, of the first entry, and of the byte behind the unit. */
  readonly offset: number;
  readonly entries: number;
  readonly end: number;
  readonly abbreviations: Abbreviations;
  /** Offset in the section of the type that the unit is there for; undefined for units of files. */
  readonly type: number | undefined;
  /** Where the lists begin that indices into `.debug_str_offsets`, `.debug_addr` and `.debug_rnglists` count from. */
  readonly textBase: number;
  readonly addressBase: number;
  readonly rangesBase: number;
}

/** An entry, by its offset in the section of its unit. */
export interface EntryPlace {
  readonly unit: DwarfUnit;
  readonly offset: number;
}

/** Finds what references lead to. */
export interface UnitFinder {
  /** The unit that an offset of `.debug_info` lies in. */
  at(offset: number): DwarfUnit | undefined;
  /** The type with a signature, which is eight bytes as one text. */
  ofType(signature: string): EntryPlace | undefined;
}

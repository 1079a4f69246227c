/** One pass over the entries of a unit: its functions, its variables with fixed places, and its scopes. */

import { t } from '../../text/l10n.ts';
import type { Steps } from '../steps.ts';
import type { Abbreviation } from './abbreviations.ts';
import { Attribute } from './constants.ts';
import { Entry } from './entry.ts';
import { DwarfForm, skipForm } from './forms.ts';
import type { AddressRange } from './lineTable.ts';
import { startsFixedPlace } from './location.ts';
import { NumberList } from './numberList.ts';
import { type RangeBudget, rangesOfEntry } from './ranges.ts';
import { DwarfReader } from './reader.ts';
import { EntryTag } from './tags.ts';
import type { DwarfUnit } from './unit.ts';

/** What a unit contains, as offsets of entries in its section. */
export interface UnitContents {
  /** Functions with code, a range in each place, ascending by address: `[start, end)` and the entry. */
  readonly functions: { readonly start: Uint32Array; readonly end: Uint32Array; readonly entry: Uint32Array };
  /** Variables whose location may be fixed. */
  readonly variables: Uint32Array;
  /**
   * Entries that give names to what is in them, in the order of the section, with the offset behind their children and
   * the index of the scope around them plus one, 0 at the top.
   */
  readonly scopes: { readonly entry: Uint32Array; readonly end: Uint32Array; readonly outer: Uint32Array };
}

/** What the pass does with entries of an abbreviation. */
const Role = { none: 0, scope: 1, function: 2, variable: 3 } as const;

const SCOPES: ReadonlySet<number> = new Set([
  EntryTag.namespace,
  EntryTag.module,
  EntryTag.structure_type,
  EntryTag.class_type,
  EntryTag.union_type,
  EntryTag.subprogram,
]);

/** Attributes that an entry has its name from. */
const NAMING = [Attribute.name, Attribute.specification, Attribute.abstract_origin, Attribute.linkage_name];

function roleOf({ tag, hasChildren, attributes }: Abbreviation): number {
  const has = (attribute: number): boolean => attributes.includes(attribute);
  // Variables without a name are texts of the source.
  if (tag === EntryTag.variable && has(Attribute.location) && NAMING.some(has)) return Role.variable;
  if (tag === EntryTag.subprogram && (has(Attribute.low_pc) || has(Attribute.ranges))) return Role.function;
  return hasChildren && SCOPES.has(tag) ? Role.scope : Role.none;
}

/** Entries that are read in one step. */
const ENTRIES_PER_STEP = 32_768;

/** Reads a unit. What cannot be read is reported; what was read before is kept. */
export function* scanUnit(unit: DwarfUnit, base: number, budget: RangeBudget): Steps<UnitContents> {
  const [start, end, entry, variables, scopes, outer] = [0, 0, 0, 0, 0, 0].map(() => new NumberList());
  const scopeEnds: number[] = [];
  const roles = new Map<Abbreviation, number>();
  /** For each entry whose children are read: the scope that it is, or -1. */
  const open: number[] = [];
  /** The scope around the next entry plus one. */
  let around = 0;
  const { sections } = unit;
  const r: DwarfReader = new DwarfReader(unit.section, unit.entries, unit.end);

  /** Reads the entries of one step. Returns whether there are more. */
  const readSome = (): boolean => {
    for (let left = ENTRIES_PER_STEP; !r.atEnd(); left--) {
      if (left === 0) return true;
      const offset = r.pos;
      const code = r.uleb();
      if (code === 0) {
        const closed = open.pop();
        if (closed !== undefined && closed >= 0) {
          scopeEnds[closed] = r.pos;
          around = outer.at(closed);
        }
        if (open.length === 0) return false;
        continue;
      }
      const abbreviation = unit.abbreviations.get(code);
      if (abbreviation === undefined) r.fail(t('abbreviation {0} is not in the table of the unit', code), offset);
      let role = roles.get(abbreviation);
      if (role === undefined) {
        role = roleOf(abbreviation);
        roles.set(abbreviation, role);
      }
      if (role === Role.function) {
        const found = new Entry(unit, offset, abbreviation, r);
        for (const [low, high] of sections.attempt(() => functionRanges(found, base, budget)) ?? []) {
          start.push(low);
          end.push(high);
          entry.push(offset);
        }
      } else if (role === Role.variable) {
        if (locationMayBeFixed(abbreviation)) variables.push(offset);
      } else if (abbreviation.size >= 0) r.skip(abbreviation.size);
      else for (const form of abbreviation.forms) skipForm(r, form, unit);
      if (!abbreviation.hasChildren) {
        if (open.length === 0) return false;
        continue;
      }
      const isScope = role === Role.scope || role === Role.function;
      open.push(isScope ? scopes.length : -1);
      if (!isScope) continue;
      scopeEnds.push(unit.end);
      scopes.push(offset);
      outer.push(around);
      around = scopes.length;
    }
    return false;
  };

  /** Skips a variable, with a look at its location. */
  const locationMayBeFixed = ({ attributes, forms }: Abbreviation): boolean => {
    let fixed = false;
    for (let i = 0; i < forms.length; i++) {
      const at = r.pos;
      skipForm(r, forms[i], unit);
      if (attributes[i] !== Attribute.location) continue;
      // The first operation is behind the length, which is one byte of all but the longest locations.
      const size = BLOCK_LENGTHS.get(forms[i]);
      fixed = size !== undefined && r.pos > at + size && startsFixedPlace(r.bytes[at + size]);
    }
    return fixed;
  };

  while (sections.attempt(readSome) === true) yield;
  return {
    functions: ascending({ start: start.done(), end: end.done(), entry: entry.done() }),
    variables: variables.done(),
    scopes: { entry: scopes.done(), end: Uint32Array.from(scopeEnds), outer: outer.done() },
  };
}

/** The ranges of a function. Binaryen gives some functions an end beyond all code: those end with their body. */
function functionRanges(entry: Entry, base: number, budget: RangeBudget): AddressRange[] {
  const ranges = rangesOfEntry(entry, base, budget);
  const low = ranges.length === 0 ? entry.address(Attribute.low_pc) : undefined;
  const end = low === undefined || low === 0 ? undefined : entry.unit.sections.code.endOf(low);
  return low === undefined || end === undefined ? ranges : [[low, end]];
}

/** Bytes of the length of a location, by its form. */
const BLOCK_LENGTHS: ReadonlyMap<number, number> = new Map<number, number>([
  [DwarfForm.exprloc, 1],
  [DwarfForm.block, 1],
  [DwarfForm.block1, 1],
  [DwarfForm.block2, 2],
  [DwarfForm.block4, 4],
]);

function ascending({ start, end, entry }: UnitContents['functions']): UnitContents['functions'] {
  const order = Uint32Array.from(start.keys()).sort((a, b) => start[a] - start[b]);
  const by = (list: Uint32Array): Uint32Array => order.map((i) => list[i]);
  return { start: by(start), end: by(end), entry: by(entry) };
}

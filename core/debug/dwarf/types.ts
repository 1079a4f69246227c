/** Types as far as they are simple: their text, their size, and what lies at a distance in them. */
import { Attribute } from './constants.ts';
import { type Entry, entryAt } from './entry.ts';
import type { DwarfInfo } from './info.ts';
import { languageOf, qualifiedName } from './names.ts';
import { EntryTag, SourceLanguage } from './tags.ts';

/** Deepest type: structures in structures, pointers to pointers. */
const DEEPEST = 24;

/** Longest text of a type, in characters. */
const LONGEST = 120;

/** Types that are another type with a property that does not change where anything lies. */
const SAME_LAYOUT: ReadonlySet<number> = new Set([
  EntryTag.typedef,
  EntryTag.const_type,
  EntryTag.volatile_type,
  EntryTag.restrict_type,
  EntryTag.atomic_type,
]);

const WORDS: ReadonlyMap<number, string> = new Map<number, string>([
  [EntryTag.const_type, 'const'],
  [EntryTag.volatile_type, 'volatile'],
  [EntryTag.restrict_type, 'restrict'],
  [EntryTag.atomic_type, '_Atomic'],
]);

const POINTERS: ReadonlyMap<number, string> = new Map<number, string>([
  [EntryTag.pointer_type, '*'],
  [EntryTag.reference_type, '&'],
  [EntryTag.rvalue_reference_type, '&&'],
]);

/** How C calls its types. */
const C_WORDS: ReadonlyMap<number, string> = new Map<number, string>([
  [EntryTag.structure_type, 'struct'],
  [EntryTag.union_type, 'union'],
  [EntryTag.enumeration_type, 'enum'],
]);

const C_PLUS_PLUS: ReadonlySet<number> = new Set([
  SourceLanguage.cPlusPlus,
  SourceLanguage.cPlusPlus11,
  SourceLanguage.cPlusPlus14,
  SourceLanguage.cPlusPlus17,
  SourceLanguage.cPlusPlus20,
]);

/** Languages that write the type's name without a word for its kind. */
const hasBareNames = (language: number): boolean =>
  C_PLUS_PLUS.has(language) ||
  language === SourceLanguage.rust ||
  language === SourceLanguage.go ||
  language === SourceLanguage.zig;

/** The type that an entry has, or that a type is made of. @throws DwarfFailure */
export function typeOfEntry(entry: Entry): Entry | undefined {
  for (const one of entry.chain()) {
    const place = one.reference(Attribute.type);
    if (place !== undefined) return definitionOf(entryAt(place));
  }
  return undefined;
}

/** The type itself, where an entry only says which unit has it. */
function definitionOf(type: Entry | undefined): Entry | undefined {
  const place = type?.reference(Attribute.signature);
  return place === undefined ? type : entryAt(place);
}

/** A declared type as its language writes it; undefined where it is not simple. @throws DwarfFailure */
export function typeText(info: DwarfInfo, type: Entry, depth = 0): string | undefined {
  if (depth > DEEPEST) return undefined;
  const text = partText(info, type, depth);
  return text === undefined || text.length > LONGEST ? undefined : text;
}

function partText(info: DwarfInfo, type: Entry, depth: number): string | undefined {
  const { tag } = type;
  const language = languageOf(info, type.unit);
  const name = type.text(Attribute.name);
  if (tag === EntryTag.array_type) {
    // The words of other languages are in the name.
    if (name !== undefined) return name;
    const item = typeOfEntry(type);
    const text = item === undefined ? undefined : typeText(info, item, depth + 1);
    if (text === undefined) return undefined;
    const counts = dimensionsOf(type).map((count) => count ?? '');
    if (language === SourceLanguage.rust) return counts.reduceRight((inner: string, n) => `[${inner}; ${n}]`, text);
    // The dimensions of an inner array are behind those of this one.
    const inner = text.indexOf('[');
    const own = counts.map((count) => `[${count}]`).join('');
    return inner === -1 ? `${text}${own}` : `${text.slice(0, inner)}${own}${text.slice(inner)}`;
  }
  const word = WORDS.get(tag);
  const pointer = POINTERS.get(tag);
  if (word !== undefined || pointer !== undefined) {
    if (name !== undefined) return name;
    const target = typeOfEntry(type);
    const text = target === undefined ? 'void' : typeText(info, target, depth + 1);
    if (text === undefined || text.includes('[')) return undefined;
    if (pointer !== undefined) return /[*&]$/.test(text) ? `${text}${pointer}` : `${text} ${pointer}`;
    return /[*&]$/.test(text) ? `${text}${word}` : `${word} ${text}`;
  }
  if (name === undefined) return undefined;
  if (C_PLUS_PLUS.has(language) && !SIMPLE_NAMES.has(tag)) return qualifiedName(info, type);
  const kind = hasBareNames(language) ? undefined : C_WORDS.get(tag);
  return kind === undefined ? name : `${kind} ${name}`;
}

const SIMPLE_NAMES: ReadonlySet<number> = new Set([EntryTag.base_type, EntryTag.unspecified_type]);

/** The type behind names and qualifiers. @throws DwarfFailure */
export function plainType(type: Entry | undefined): Entry | undefined {
  for (let depth = 0; type !== undefined && SAME_LAYOUT.has(type.tag); depth++) {
    if (depth > DEEPEST) return undefined;
    type = typeOfEntry(type);
  }
  return type;
}

/** Size of a type in bytes; undefined where the debug information does not say. @throws DwarfFailure */
export function sizeOfType(declared: Entry | undefined, depth = 0): number | undefined {
  const type = plainType(declared);
  if (type === undefined || depth > DEEPEST) return undefined;
  const size = type.number(Attribute.byte_size);
  if (size !== undefined) return size;
  if (POINTERS.has(type.tag)) return type.unit.addressSize;
  if (type.tag !== EntryTag.array_type) return undefined;
  const item = sizeOfType(typeOfEntry(type), depth + 1);
  return dimensionsOf(type).reduce<number | undefined>(
    (all, count) => (all === undefined || count === undefined ? undefined : all * count),
    item,
  );
}

/** Number of items in each dimension of an array; undefined where it is open. @throws DwarfFailure */
export function dimensionsOf(array: Entry): (number | undefined)[] {
  const counts: (number | undefined)[] = [];
  for (const child of childrenOf(array)) {
    if (child.tag !== EntryTag.subrange_type) continue;
    const last = child.number(Attribute.upper_bound);
    const first = child.number(Attribute.lower_bound) ?? 0;
    counts.push(child.number(Attribute.count) ?? (last === undefined ? undefined : last - first + 1));
  }
  return counts.length === 0 ? [undefined] : counts;
}

/** Most children of a type that are looked at. */
const MOST_CHILDREN = 10_000;

/** The children of an entry, without theirs. @throws DwarfFailure */
export function* childrenOf({ unit, abbreviation, next }: Entry): Generator<Entry> {
  if (!abbreviation.hasChildren) return;
  let offset = next;
  let depth = 0;
  for (let left = MOST_CHILDREN; left > 0 && offset < unit.end; left--) {
    const child = entryAt({ unit, offset });
    if (child === undefined) {
      if (depth === 0) return;
      depth--;
      offset++;
      continue;
    }
    if (depth === 0) yield child;
    if (child.abbreviation.hasChildren) depth++;
    offset = child.next;
  }
}

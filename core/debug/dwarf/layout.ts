/** Which member or element of a variable lies at a distance from its start. */
import { Attribute } from './constants.ts';
import type { Entry } from './entry.ts';
import type { DwarfInfo } from './info.ts';
import { languageOf } from './names.ts';
import { EntryTag, SourceLanguage } from './tags.ts';
import { childrenOf, dimensionsOf, plainType, sizeOfType, typeOfEntry } from './types.ts';

/** Deepest member of a member that is named. */
const DEEPEST = 16;

const PLUS_CONSTANT = 0x23;

/**
 * The path of names and indices to what lies `distance` bytes behind the start of a variable of a type: `.slots[3]`;
 * empty where there is nothing to name, such as in a number, in padding, or in one of several members of a union.
 * @throws DwarfFailure
 */
export function pathInType(info: DwarfInfo, declared: Entry | undefined, distance: number): string {
  let path = '';
  let type = plainType(declared);
  for (let depth = 0; type !== undefined && depth < DEEPEST; depth++) {
    const step: Step | undefined =
      type.tag === EntryTag.array_type ? element(type, distance) : member(info, type, distance);
    if (step === undefined) return path;
    path += step.path;
    distance = step.distance;
    type = plainType(step.type);
  }
  return path;
}

interface Step {
  readonly path: string;
  readonly type: Entry | undefined;
  /** From the start of the part. */
  readonly distance: number;
}

function element(array: Entry, distance: number): Step | undefined {
  const type = typeOfEntry(array);
  let size = sizeOfType(type);
  if (size === undefined || size === 0) return undefined;
  const sizes: number[] = [];
  // The last index counts elements, the one before it rows of them. Only the first dimension may be open.
  const counts = dimensionsOf(array);
  for (const [i, count] of [...counts.entries()].reverse()) {
    sizes.unshift(size);
    if (count === undefined && i > 0) return undefined;
    size *= count ?? 1;
  }
  if (counts[0] !== undefined && distance >= size) return undefined;
  let path = '';
  for (const one of sizes) {
    path += `[${Math.floor(distance / one)}]`;
    distance %= one;
  }
  return { path, type, distance };
}

const STRUCTURES: ReadonlySet<number> = new Set([EntryTag.structure_type, EntryTag.class_type, EntryTag.union_type]);

function member(info: DwarfInfo, structure: Entry, distance: number): Step | undefined {
  if (!STRUCTURES.has(structure.tag)) return undefined;
  const members = [...childrenOf(structure)].filter(isPart);
  // Which member of a union is meant is not in the address.
  if (structure.tag === EntryTag.union_type && members.length !== 1) return undefined;
  for (const one of members) {
    const from = offsetOf(one);
    if (from === undefined || distance < from) continue;
    const type = typeOfEntry(one);
    const size = sizeOfType(type);
    if (size === undefined || distance >= from + size) continue;
    return { path: pathOf(info, structure, one, size), type, distance: distance - from };
  }
  return undefined;
}

/** Whether a child is a part of each value: a member that is not static, or a base class. */
function isPart(child: Entry): boolean {
  if (child.tag === EntryTag.inheritance) return true;
  return child.tag === EntryTag.member && !child.has(Attribute.external) && !child.has(Attribute.declaration);
}

function offsetOf(part: Entry): number | undefined {
  const bits = part.number(Attribute.data_bit_offset);
  if (bits !== undefined) return Math.floor(bits / 8);
  if (!part.has(Attribute.data_member_location)) return 0;
  const offset = part.number(Attribute.data_member_location);
  if (offset !== undefined) return offset;
  const expression = part.block(Attribute.data_member_location);
  return expression !== undefined && !expression.atEnd() && expression.u8() === PLUS_CONSTANT
    ? expression.uleb()
    : undefined;
}

/** `.name`; nothing for parts without a name, and for the insides of Rust's wrappers such as `UnsafeCell`. */
function pathOf(info: DwarfInfo, structure: Entry, part: Entry, size: number): string {
  const name = part.tag === EntryTag.member ? part.text(Attribute.name) : undefined;
  if (name === undefined || name === '') return '';
  if (languageOf(info, structure.unit) !== SourceLanguage.rust) return `.${name}`;
  const wraps = structure.number(Attribute.byte_size) === size && isOfLibrary(info, structure);
  return wraps ? '' : `.${name.replace(/^__(?=\d+$)/, '')}`;
}

const LIBRARIES: ReadonlySet<string> = new Set(['core', 'alloc', 'std']);

/** Whether a type is one of Rust's own libraries. */
function isOfLibrary(info: DwarfInfo, structure: Entry): boolean {
  let outermost: Entry | undefined;
  let scope = info.scopeAround(structure);
  for (let depth = 0; scope !== undefined && depth < DEEPEST; depth++) {
    outermost = scope;
    scope = info.scopeAround(scope);
  }
  return outermost !== undefined && LIBRARIES.has(outermost.text(Attribute.name) ?? '');
}

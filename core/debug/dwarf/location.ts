/**
 * Locations of variables that have an address for as long as the module runs. Others (locals, registers, computed
 * values) are not in a fixed place.
 */
import { addressItem } from './entry.ts';
import type { DwarfReader } from './reader.ts';
import type { DwarfUnit } from './unit.ts';

/** Operations of location expressions. */
const Operation = {
  addr: 0x03,
  const4u: 0x0c,
  const8u: 0x0e,
  plus: 0x22,
  plusConstant: 0x23,
  piece: 0x93,
  derefSize: 0x94,
  formTlsAddress: 0x9b,
  stackValue: 0x9f,
  addrx: 0xa1,
  constx: 0xa2,
  tlsAddress: 0xe0,
  wasmLocation: 0xed,
  gnuAddrIndex: 0xfb,
  gnuConstIndex: 0xfc,
} as const;

/** Kinds of `DW_OP_WASM_location`: a global, by an index in LEB128 or in four bytes, which a linker can relocate. */
const GLOBAL_KINDS = { leb: 1, fixed: 3 } as const;

/** Operations that a fixed place can begin with: a first look that spares the rest of most locations. */
export const startsFixedPlace = (operation: number): boolean => FIRST.has(operation);

const FIRST: ReadonlySet<number> = new Set([
  Operation.addr,
  Operation.const4u,
  Operation.const8u,
  Operation.addrx,
  Operation.constx,
  Operation.wasmLocation,
  Operation.gnuAddrIndex,
  Operation.gnuConstIndex,
]);

/** A fixed place of a variable, or of a part of it. */
export interface FixedPlace {
  address: number;
  /** The place is in the block that each thread has a copy of. */
  threadLocal: boolean;
  /** The global whose value the address counts from; undefined if the address is absolute. */
  base: number | undefined;
  /** What is there: `size` bytes of the variable from `skipped` on; undefined if all of it is. */
  part: { skipped: number; size: number } | undefined;
}

/**
 * The fixed places of a location: one, or several if the compiler split the variable; none if it has no fixed place.
 * @throws DwarfFailure
 */
export function fixedPlaces(r: DwarfReader, unit: DwarfUnit): FixedPlace[] {
  const places: FixedPlace[] = [];
  let skipped = 0;
  while (!r.atEnd()) {
    const place = startsFixedPlace(r.bytes[r.pos]) ? readPlace(r, unit) : undefined;
    if (r.atEnd()) return skipped === 0 && place !== undefined ? [place] : places;
    const operation = r.u8();
    if (operation === Operation.piece) {
      const size = r.uleb();
      if (place !== undefined) places.push({ ...place, part: { skipped, size } });
      skipped += size;
    } else if (operation === Operation.derefSize && place !== undefined && skipped === 0) {
      // A variable that the optimiser made smaller, such as one with two values: what is stored is less than its type.
      const size = r.u8();
      return r.bytes[r.end - 1] === Operation.stackValue ? [{ ...place, part: { skipped: 0, size } }] : [];
    } else return places;
  }
  return places;
}

/** A place at the reader's position; undefined if what is there is none. */
function readPlace(r: DwarfReader, unit: DwarfUnit): FixedPlace | undefined {
  const place: FixedPlace = { address: 0, threadLocal: false, base: undefined, part: undefined };
  let operation = r.u8();
  if (operation === Operation.wasmLocation) {
    const kind = r.u8();
    if (kind === GLOBAL_KINDS.fixed) place.base = r.u32();
    else if (kind === GLOBAL_KINDS.leb) place.base = r.uleb();
    else return undefined;
    operation = r.u8();
  }
  const constant = constantOf(operation, r, unit);
  if (constant === undefined) return undefined;
  place.address = constant;
  if (place.base !== undefined) return !r.atEnd() && r.u8() === Operation.plus ? place : undefined;
  const next = r.atEnd() ? undefined : r.bytes[r.pos];
  if (next === Operation.tlsAddress || next === Operation.formTlsAddress) {
    r.skip(1);
    return { ...place, threadLocal: true };
  }
  if (next === Operation.plusConstant) {
    r.skip(1);
    place.address += r.uleb();
  }
  return operation === Operation.const4u || operation === Operation.const8u ? undefined : place;
}

function constantOf(operation: number, r: DwarfReader, unit: DwarfUnit): number | undefined {
  switch (operation) {
    case Operation.addr:
      return r.sized(unit.addressSize);
    case Operation.const4u:
      return r.u32();
    case Operation.const8u:
      return r.u64();
    case Operation.addrx:
    case Operation.constx:
    case Operation.gnuAddrIndex:
    case Operation.gnuConstIndex:
      return addressItem(unit, r.uleb());
    default:
      return undefined;
  }
}

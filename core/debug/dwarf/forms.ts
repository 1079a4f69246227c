/** Forms: how the value of an attribute is written. */
import { t } from '../../text/l10n.ts';
import type { DwarfReader } from './reader.ts';

export const DwarfForm = {
  addr: 0x01,
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  flag: 0x0c,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  ref_addr: 0x10,
  ref1: 0x11,
  ref2: 0x12,
  ref4: 0x13,
  ref8: 0x14,
  ref_udata: 0x15,
  indirect: 0x16,
  sec_offset: 0x17,
  exprloc: 0x18,
  flag_present: 0x19,
  strx: 0x1a,
  addrx: 0x1b,
  ref_sup4: 0x1c,
  strp_sup: 0x1d,
  data16: 0x1e,
  line_strp: 0x1f,
  ref_sig8: 0x20,
  implicit_const: 0x21,
  loclistx: 0x22,
  rnglistx: 0x23,
  ref_sup8: 0x24,
  strx1: 0x25,
  strx2: 0x26,
  strx3: 0x27,
  strx4: 0x28,
  addrx1: 0x29,
  addrx2: 0x2a,
  addrx3: 0x2b,
  addrx4: 0x2c,
  GNU_addr_index: 0x1f01,
  GNU_str_index: 0x1f02,
  GNU_ref_alt: 0x1f20,
  GNU_strp_alt: 0x1f21,
} as const;

/** What the size of a value depends on. */
export interface UnitFormat {
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
}

/** Size of a value in bytes; -1 if the value says it. */
export function sizeOfForm(form: number, { version, addressSize, offsetSize }: UnitFormat): number {
  switch (form) {
    case DwarfForm.flag_present:
    case DwarfForm.implicit_const:
      return 0;
    case DwarfForm.data1:
    case DwarfForm.flag:
    case DwarfForm.ref1:
    case DwarfForm.strx1:
    case DwarfForm.addrx1:
      return 1;
    case DwarfForm.data2:
    case DwarfForm.ref2:
    case DwarfForm.strx2:
    case DwarfForm.addrx2:
      return 2;
    case DwarfForm.strx3:
    case DwarfForm.addrx3:
      return 3;
    case DwarfForm.data4:
    case DwarfForm.ref4:
    case DwarfForm.strx4:
    case DwarfForm.addrx4:
    case DwarfForm.ref_sup4:
      return 4;
    case DwarfForm.data8:
    case DwarfForm.ref8:
    case DwarfForm.ref_sig8:
    case DwarfForm.ref_sup8:
      return 8;
    case DwarfForm.data16:
      return 16;
    case DwarfForm.addr:
      return addressSize;
    case DwarfForm.ref_addr:
      return version <= 2 ? addressSize : offsetSize;
    case DwarfForm.strp:
    case DwarfForm.sec_offset:
    case DwarfForm.strp_sup:
    case DwarfForm.line_strp:
    case DwarfForm.GNU_ref_alt:
    case DwarfForm.GNU_strp_alt:
      return offsetSize;
    default:
      return -1;
  }
}

/** A constant that is not negative; undefined in other forms. */
export function readConstantForm(r: DwarfReader, form: number): number | undefined {
  switch (form) {
    case DwarfForm.data1:
      return r.u8();
    case DwarfForm.data2:
      return r.u16();
    case DwarfForm.data4:
      return r.u32();
    case DwarfForm.data8:
      return r.u64();
    case DwarfForm.udata:
      return r.uleb();
    default:
      return undefined;
  }
}

/**
 * Skips a value.
 * @throws DwarfFailure if it does not fit, or its form is not known
 */
export function skipForm(r: DwarfReader, form: number, format: UnitFormat): void {
  const size = sizeOfForm(form, format);
  if (size >= 0) {
    r.skip(size);
    return;
  }
  switch (form) {
    case DwarfForm.udata:
    case DwarfForm.sdata:
    case DwarfForm.ref_udata:
    case DwarfForm.strx:
    case DwarfForm.addrx:
    case DwarfForm.loclistx:
    case DwarfForm.rnglistx:
    case DwarfForm.GNU_addr_index:
    case DwarfForm.GNU_str_index:
      r.leb();
      return;
    case DwarfForm.string:
      r.skipText();
      return;
    case DwarfForm.block1:
      r.skip(r.u8());
      return;
    case DwarfForm.block2:
      r.skip(r.u16());
      return;
    case DwarfForm.block4:
      r.skip(r.u32());
      return;
    case DwarfForm.block:
    case DwarfForm.exprloc:
      r.skip(r.uleb());
      return;
    case DwarfForm.indirect: {
      const inner = r.uleb();
      // The standard has no second indirection, and a chain of them could be as long as the section.
      if (inner === DwarfForm.indirect || inner === DwarfForm.implicit_const)
        r.fail(t('the form of a value is not a form'));
      skipForm(r, inner, format);
      return;
    }
    default:
      r.fail(t('form 0x{0} is not known', form.toString(16)));
  }
}

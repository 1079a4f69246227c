/** Headers of line programs, versions 2 to 5: how the program is to be read. */
import { t } from '../../text/l10n.ts';
import { type DebugSection, DwarfReader } from './reader.ts';

/** What is needed to run a line program. Offsets are in `.debug_line`. */
export interface LineHeader {
  readonly section: DebugSection;
  readonly offset: number;
  readonly version: number;
  readonly offsetSize: 4 | 8;
  /** Where the tables of directories and files begin. */
  readonly tables: number;
  /** Bytes of the program: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly minInstructionLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Number of LEB128 operands of standard opcodes, from opcode 1 at index 0. */
  readonly opcodeLengths: Uint8Array;
}

/**
 * Reads the header at the reader's position, without the tables. The reader is behind the whole program afterwards,
 * even if that cannot be read.
 * @throws DwarfFailure
 */
export function readLineHeader(r: DwarfReader): LineHeader {
  const offset = r.pos;
  const h = new DwarfReader(r.section, offset, r.end);
  // Nobody knows where the next program begins if the length of this one is wrong.
  r.pos = r.end;
  const { length, offsetSize } = h.unitLength();
  const end = h.pos + length;
  h.end = end;
  r.pos = end;
  const version = h.u16();
  if (version < 2 || version > 5) h.fail(t('version {0} of line tables is not supported', version), offset);
  if (version >= 5) h.skip(2);
  const headerLength = h.sized(offsetSize);
  const start = h.pos + headerLength;
  if (start > end) h.fail(t('the header is longer than the program'), offset);
  const minInstructionLength = h.u8();
  if (version >= 4) h.skip(1);
  const defaultIsStatement = h.u8() !== 0;
  const lineBase = h.i8();
  const lineRange = h.u8();
  const opcodeBase = h.u8();
  const opcodeLengths = h.bytes.subarray(h.pos, h.pos + Math.max(opcodeBase - 1, 0));
  h.skip(opcodeLengths.length);
  return {
    ...{ section: r.section, offset, version, offsetSize, tables: h.pos, start, end },
    ...{ minInstructionLength, defaultIsStatement, lineBase, lineRange, opcodeBase, opcodeLengths },
  };
}

/** Runs line programs: one row after the other, as the standard's state machine makes them. */
import { t } from '../../text/l10n.ts';
import type { LineHeader } from './lineHeader.ts';
import { DwarfReader } from './reader.ts';

/** A row of a line table. The machine changes one object from row to row. */
export interface LineRow {
  /** Relative to the contents of the code section. */
  address: number;
  /** Index in the table of files. */
  file: number;
  /** From 1; 0 where the code has no line. */
  line: number;
  /** From 1; 0 where it is unknown. */
  column: number;
  isStatement: boolean;
  /** The row is the end of a sequence: its address is behind the code, the rest means nothing. */
  endSequence: boolean;
}

const Standard = {
  extended: 0,
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  setBasicBlock: 7,
  constAddPc: 8,
  fixedAdvancePc: 9,
  setPrologueEnd: 10,
  setEpilogueBegin: 11,
  setIsa: 12,
} as const;

const Extended = { endSequence: 1, setAddress: 2 } as const;

/**
 * Makes the rows of a program from `from`, where a sequence begins, until `accept` returns false or the program ends.
 * @param accept gets each row with the offset behind the opcode that made it; the row changes afterwards
 * @throws DwarfFailure
 */
export function runLines(header: LineHeader, from: number, accept: (row: LineRow, next: number) => boolean): void {
  const { opcodeBase, lineBase, lineRange, minInstructionLength, opcodeLengths, defaultIsStatement } = header;
  const r = new DwarfReader(header.section, from, header.end);
  const row: LineRow = { address: 0, file: 1, line: 1, column: 0, isStatement: defaultIsStatement, endSequence: false };
  const advance = (special: number): void => {
    if (lineRange === 0) r.fail(t('the line range of the header is 0'), header.offset);
    row.address += Math.trunc((special - opcodeBase) / lineRange) * minInstructionLength;
  };
  while (!r.atEnd()) {
    const opcode = r.u8();
    if (opcode >= opcodeBase) {
      advance(opcode);
      row.line += lineBase + ((opcode - opcodeBase) % lineRange);
      if (!accept(row, r.pos)) return;
      continue;
    }
    switch (opcode) {
      case Standard.extended: {
        const length = r.uleb();
        const end = r.pos + length;
        if (length === 0) break;
        if (end > r.end) r.fail(t('an operation of {0} bytes does not fit into the program', length));
        const kind = r.u8();
        if (kind === Extended.endSequence) {
          row.endSequence = true;
          if (!accept(row, end)) return;
          Object.assign(row, { address: 0, file: 1, line: 1, column: 0 });
          Object.assign(row, { isStatement: defaultIsStatement, endSequence: false });
        } else if (kind === Extended.setAddress) row.address = r.sized(length - 1);
        // What else there is, such as discriminators, is skipped.
        r.pos = end;
        break;
      }
      case Standard.copy:
        if (!accept(row, r.pos)) return;
        break;
      case Standard.advancePc:
        row.address += r.uleb() * minInstructionLength;
        break;
      case Standard.advanceLine:
        row.line += r.sleb();
        break;
      case Standard.setFile:
        row.file = r.uleb();
        break;
      case Standard.setColumn:
        row.column = r.uleb();
        break;
      case Standard.negateStatement:
        row.isStatement = !row.isStatement;
        break;
      case Standard.constAddPc:
        advance(255);
        break;
      case Standard.fixedAdvancePc:
        row.address += r.u16();
        break;
      case Standard.setBasicBlock:
      case Standard.setPrologueEnd:
      case Standard.setEpilogueBegin:
        break;
      case Standard.setIsa:
        r.leb();
        break;
      default:
        for (let left = opcodeLengths[opcode - 1]; left > 0; left--) r.leb();
    }
  }
}

/** Every row of every line program of a module, as text: what `llvm-dwarfdump --debug-line` prints of them. */
import { decodeModule } from '../../../wasm/decode.ts';
import { readLineFiles } from '../lineFiles.ts';
import { readLineHeader } from '../lineHeader.ts';
import { runLines } from '../lineProgram.ts';
import { DwarfReader } from '../reader.ts';
import { DwarfSections } from '../sections.ts';

/** Where the linker puts functions that it removed. LLVM does not print them. */
const REMOVED = 0xffff_fffe;

/** A line for each program, each of its files, and each row: address, line, column, file, flags. */
export function ourRows(bytes: Uint8Array): string[] {
  const sections = new DwarfSections(decodeModule(bytes));
  const section = sections.get('.debug_line');
  const lines: string[] = [];
  if (section === undefined) return lines;
  const r = new DwarfReader(section);
  while (!r.atEnd()) {
    const header = readLineHeader(r);
    lines.push(programLine(header.offset, header.version));
    for (const path of readLineFiles(sections, header, undefined).paths) lines.push(`file ${path}`);
    let isRemoved: boolean | undefined;
    runLines(header, header.start, ({ address, line, column, file, isStatement, endSequence }) => {
      isRemoved ??= address >= REMOVED;
      if (!isRemoved) lines.push(rowLine(address, line, column, file, isStatement, endSequence));
      if (endSequence) isRemoved = undefined;
      return true;
    });
  }
  return lines;
}

/** The line of a program: its offset and version. */
export const programLine = (offset: number, version: number): string =>
  `program 0x${offset.toString(16)} version ${version}`;

/** The line of a row. */
export const rowLine = (
  address: number,
  line: number,
  column: number,
  file: number,
  isStatement: boolean,
  endSequence: boolean,
): string =>
  // The machine of the other reader has 32 bits where a module has addresses of 32 bits.
  `0x${address.toString(16)} ${line >>> 0}:${column} file ${file}${isStatement ? ' statement' : ''}${endSequence ? ' end' : ''}`;

/** The tables of directories and files of a line program, versions 2 to 5. */
import { t } from '../../text/l10n.ts';
import { DwarfForm, readConstantForm } from './forms.ts';
import type { LineHeader } from './lineHeader.ts';
import { DwarfReader } from './reader.ts';
import type { DwarfSections } from './sections.ts';

/** The files of a line program. */
export interface LineFiles {
  /** Number of the first file: 1 before version 5. */
  readonly first: number;
  /** Paths, absolute where the unit's directory or the table says from where. */
  readonly paths: readonly string[];
}

/**
 * Reads the tables of directories and files.
 * @param directory the unit's `DW_AT_comp_dir`, which relative paths of versions before 5 begin at
 * @throws DwarfFailure
 */
export function readLineFiles(sections: DwarfSections, header: LineHeader, directory: string | undefined): LineFiles {
  const r = new DwarfReader(header.section, header.tables, header.start);
  return header.version >= 5 ? filesOfVersion5(sections, header, r, directory) : filesBefore5(r, directory);
}

function filesBefore5(r: DwarfReader, directory: string | undefined): LineFiles {
  const directories = [directory ?? ''];
  for (;;) {
    const name = r.text();
    if (name === '') break;
    directories.push(joined(directories[0], name));
  }
  const paths: string[] = [];
  for (;;) {
    const name = r.text();
    if (name === '') return { first: 1, paths };
    paths.push(joined(directories[r.uleb()] ?? '', name));
    // Time of the last change, and size.
    r.leb();
    r.leb();
  }
}

const CONTENT = { path: 1, directory: 2 } as const;

function filesOfVersion5(
  sections: DwarfSections,
  header: LineHeader,
  r: DwarfReader,
  directory: string | undefined,
): LineFiles {
  const directories: string[] = [];
  for (const { path } of readEntries(sections, header, r)) {
    directories.push(joined(directories[0] ?? directory ?? '', path));
  }
  const files = readEntries(sections, header, r);
  return { first: 0, paths: files.map(({ path, directory: index }) => joined(directories[index] ?? '', path)) };
}

interface TableEntry {
  path: string;
  directory: number;
}

function readEntries(sections: DwarfSections, header: LineHeader, r: DwarfReader): TableEntry[] {
  const formats: [content: number, form: number][] = [];
  for (let left = r.u8(); left > 0; left--) formats.push([r.uleb(), r.uleb()]);
  const start = r.pos;
  const count = r.uleb();
  if (formats.length === 0 ? count > 0 : count > r.end - r.pos) {
    r.fail(t('{0} entries do not fit into {1} bytes', count, r.end - r.pos), start);
  }
  const entries: TableEntry[] = [];
  for (let i = 0; i < count; i++) {
    const entry: TableEntry = { path: '', directory: 0 };
    for (const [content, form] of formats) {
      const value = readTableText(sections, header, r, form);
      if (content === CONTENT.path && typeof value === 'string') entry.path = value;
      else if (content === CONTENT.directory && typeof value === 'number') entry.directory = value;
    }
    entries.push(entry);
  }
  return entries;
}

const ABSOLUTE = /^(?:[\\/]|[A-Za-z]:[\\/])/;

/** `path` seen from `directory`. Steps that change nothing are left out, and no others: the rest may pass links. */
function joined(directory: string, path: string): string {
  const whole = directory === '' || ABSOLUTE.test(path) ? path : `${directory.replace(/(?<=.)[\\/]$/, '')}/${path}`;
  return whole.replaceAll(/\/(?:\.\/)+/g, '/');
}

/**
 * A value of a file table: text, or a number; undefined for blocks, such as checksums.
 * @throws DwarfFailure
 */
function readTableText(
  sections: DwarfSections,
  { offsetSize }: LineHeader,
  r: DwarfReader,
  form: number,
): string | number | undefined {
  switch (form) {
    case DwarfForm.string:
      return r.text();
    case DwarfForm.line_strp:
    case DwarfForm.strp: {
      const name = form === DwarfForm.strp ? '.debug_str' : '.debug_line_str';
      const at = r.pos;
      return new DwarfReader(sections.need(name, r.section, at), r.sized(offsetSize)).peekText();
    }
    case DwarfForm.data16:
      r.skip(16);
      return undefined;
    case DwarfForm.block:
      r.skip(r.uleb());
      return undefined;
    default:
      return readConstantForm(r, form) ?? r.fail(t('form 0x{0} is not known in a table of files', form.toString(16)));
  }
}

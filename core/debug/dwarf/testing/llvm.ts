/** LLVM's readers of DWARF, which ours is compared with: `llvm-dwarfdump` and `llvm-symbolizer`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { programLine, rowLine } from './rows.ts';

/** Why the tools cannot be used on this machine; undefined if they can. */
export function missingLlvm(): string | undefined {
  const there = (tool: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, tool)));
  return there('llvm-dwarfdump') && there('llvm-symbolizer')
    ? undefined
    : 'DWARF as LLVM reads it: llvm-dwarfdump is not installed (Debian: apt-get install llvm)';
}

/** The lines that a tool prints. @throws Error if it fails */
async function* linesOf(tool: string, args: readonly string[], input = ''): AsyncGenerator<string> {
  const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // A tool that needs no input may end before it is given none.
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') child.emit('error', error);
  });
  child.stdin.end(input);
  for await (const line of createInterface({ input: child.stdout })) yield line;
  const code = await ended;
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${code}`);
}

/** What `ourRows` answers, as LLVM reads it. */
export async function llvmRows(path: string): Promise<string[]> {
  const lines: string[] = [];
  let offset = 0;
  let directories: string[] = [];
  let [version, name] = [0, ''];
  for await (const line of linesOf('llvm-dwarfdump', ['--debug-line', path])) {
    const row = /^0x([0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +\d+ +\d+ (.*)$/.exec(line);
    if (row) {
      const [address, at, column, file, flags] = row.slice(1);
      const has = (flag: string): boolean => flags.split(' ').includes(flag);
      lines.push(
        rowLine(Number(`0x${address}`), Number(at), Number(column), Number(file), has('is_stmt'), has('end_sequence')),
      );
      continue;
    }
    const program = /^debug_line\[0x([0-9a-f]+)\]/.exec(line);
    if (program) {
      offset = Number(`0x${program[1]}`);
      directories = [];
      continue;
    }
    const header = /^ +version: (\d+)/.exec(line);
    if (header) {
      version = Number(header[1]);
      lines.push(programLine(offset, version));
      continue;
    }
    const directory = /^include_directories\[ *(\d+)\] = "(.*)"$/.exec(line);
    if (directory) {
      const number = Number(directory[1]);
      directories[number] = version >= 5 && number > 0 ? below(directories[0], directory[2]) : directory[2];
      continue;
    }
    const named = /^ +name: "(.*)"$/.exec(line);
    if (named) name = named[1];
    const indexed = /^ +dir_index: (\d+)$/.exec(line);
    if (indexed) lines.push(`file ${below(directories[Number(indexed[1])] ?? '', name)}`);
  }
  return lines;
}

const below = (directory: string, path: string): string =>
  (directory === '' || path.startsWith('/') ? path : `${directory.replace(/(?<=.)\/$/, '')}/${path}`).replaceAll(
    /\/(?:\.\/)+/g,
    '/',
  );

/** An entry as `llvm-dwarfdump --debug-info` prints it: its attributes as text. */
interface DumpedEntry {
  readonly tag: string;
  readonly attributes: Map<string, string>;
}

/** A function or variable with an address. */
export interface DumpedItem {
  readonly kind: 'function' | 'variable';
  /** In the block of each thread: where that is may be known only when the module runs. */
  readonly threadLocal?: true;
  readonly address: number;
  /** Without scopes. */
  readonly name: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

const KEPT = new Set(['DW_TAG_subprogram', 'DW_TAG_variable', 'DW_TAG_member', 'DW_TAG_compile_unit']);

/** The functions, and the variables with a fixed address, in the order of the section. */
export async function llvmItems(path: string): Promise<{ items: DumpedItem[]; hasBrokenRanges: boolean }> {
  let hasBrokenRanges = false;
  const entries = new Map<string, DumpedEntry>();
  const lists = await addressLists(path);
  let unit: DumpedEntry | undefined;
  let current: DumpedEntry | undefined;
  const units = new Map<DumpedEntry, DumpedEntry | undefined>();
  for await (const line of linesOf('llvm-dwarfdump', ['--debug-info', path])) {
    const start = /^0x([0-9a-f]+): +(DW_TAG_\w+)/.exec(line);
    if (start) {
      current = KEPT.has(start[2]) ? { tag: start[2], attributes: new Map() } : undefined;
      if (current === undefined) continue;
      if (current.tag === 'DW_TAG_compile_unit') unit = current;
      units.set(current, unit);
      entries.set(start[1], current);
      continue;
    }
    hasBrokenRanges ||= line.includes('DW_AT_high_pc\t(0x100000000)');
    const attribute = current && /^ +(DW_AT_\w+)\t\((.*)\)$/.exec(line);
    if (attribute) current?.attributes.set(attribute[1], attribute[2]);
  }
  const items: DumpedItem[] = [];
  for (const entry of entries.values()) {
    const address = addressOf(entry, units.get(entry), lists);
    // A function without an end may not have its start, either.
    if (address === undefined || entry.attributes.get('DW_AT_high_pc') === '0x100000000') continue;
    items.push({
      kind: entry.tag === 'DW_TAG_variable' ? 'variable' : 'function',
      ...(entry.attributes.get('DW_AT_location')?.includes('tls_address') ? { threadLocal: true } : {}),
      address,
      name: quoted(inherited(entries, entry, 'DW_AT_name')),
      file: quoted(inherited(entries, entry, 'DW_AT_decl_file')),
      line: Number(inherited(entries, entry, 'DW_AT_decl_line')) || undefined,
    });
  }
  return { items, hasBrokenRanges };
}

function inherited(
  entries: ReadonlyMap<string, DumpedEntry>,
  entry: DumpedEntry,
  attribute: string,
): string | undefined {
  const own = entry.attributes.get(attribute);
  const other = entry.attributes.get('DW_AT_specification') ?? entry.attributes.get('DW_AT_abstract_origin');
  const next = other === undefined ? undefined : entries.get(/^0x([0-9a-f]+)/.exec(other)?.[1] ?? '');
  return own ?? (next === undefined ? undefined : inherited(entries, next, attribute));
}

const quoted = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : /"(.*)"/s.exec(text)?.[1];

function addressOf(
  { tag, attributes }: DumpedEntry,
  unit: DumpedEntry | undefined,
  lists: ReadonlyMap<number, readonly number[]>,
): number | undefined {
  if (tag === 'DW_TAG_subprogram') {
    const low = /0x([0-9a-f]+)\)?$/.exec(attributes.get('DW_AT_low_pc') ?? '');
    return low === null ? undefined : Number(`0x${low[1]}`);
  }
  if (tag !== 'DW_TAG_variable') return undefined;
  const location = attributes.get('DW_AT_location') ?? '';
  const fixed = /^DW_OP_(?:addr|const4u) 0x([0-9a-f]+)(, DW_OP_GNU_push_tls_address)?$/.exec(location);
  if (fixed) return Number(`0x${fixed[1]}`);
  const indexed = /^DW_OP_(?:addrx|constx) 0x([0-9a-f]+)(, DW_OP_GNU_push_tls_address)?$/.exec(location);
  const base = Number(unit?.attributes.get('DW_AT_addr_base') ?? 0);
  return indexed === null ? undefined : lists.get(base)?.[Number(`0x${indexed[1]}`)];
}

/** The lists of `.debug_addr` by the base that units give. */
async function addressLists(path: string): Promise<Map<number, number[]>> {
  const lists = new Map<number, number[]>();
  let list: number[] = [];
  for await (const line of linesOf('llvm-dwarfdump', ['--debug-addr', path])) {
    const header = /^0x([0-9a-f]+): Address table header/.exec(line);
    if (header) {
      list = [];
      lists.set(Number(`0x${header[1]}`) + 8, list);
    }
    const item = /^0x([0-9a-f]+)$/.exec(line);
    if (item) list.push(Number(`0x${item[1]}`));
  }
  return lists;
}

/** A function at an address, with the place in it. */
export interface SymbolizedFrame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What LLVM says of addresses of code: the functions at each, inlined ones first. */
export async function llvmFrames(path: string, addresses: readonly number[]): Promise<SymbolizedFrame[][]> {
  const all: SymbolizedFrame[][] = [];
  let frames: SymbolizedFrame[] = [];
  let name: string | undefined;
  const input = addresses.map((address) => `0x${address.toString(16)}\n`).join('');
  const args = [`--obj=${path}`, '--output-style=LLVM', '--inlines'];
  for await (const line of linesOf('llvm-symbolizer', args, input)) {
    if (line === '') {
      all.push(frames);
      frames = [];
    } else if (name === undefined) name = line;
    else {
      const [, file, at, column] = /^(.*):(\d+):(\d+)$/.exec(line) ?? ['', line, '0', '0'];
      frames.push({ function: name, file, line: Number(at), column: Number(column) });
      name = undefined;
    }
  }
  return all;
}

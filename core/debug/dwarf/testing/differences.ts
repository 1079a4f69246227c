/** Compares our reading of a module with that of LLVM. */
import { decodeModule } from '../../../wasm/decode.ts';
import type { SourceLine } from '../../model.ts';
import { dwarfOf } from '../dwarf.ts';
import { type DumpedItem, llvmFrames, llvmItems, llvmRows, type SymbolizedFrame } from './llvm.ts';
import { ourRows } from './rows.ts';

/** What LLVM reads in a module. */
export interface LlvmReading {
  readonly rows: readonly string[];
  readonly items: readonly DumpedItem[];
  /**
   * Addresses of code, and the functions there. Of modules that an optimiser has changed with broken ranges only the
   * line, without a function: LLVM takes code without an end for everything behind its start.
   */
  readonly frames: readonly (readonly [address: number, frames: readonly SymbolizedFrame[]])[];
}

/** Addresses whose functions are compared, at most: LLVM needs a millisecond for some of them. */
const MOST_FRAMES = 4000;

/** Reads a module with LLVM's tools. */
export async function llvmReading(path: string): Promise<LlvmReading> {
  const rows = await llvmRows(path);
  const all = [...new Set(rows.flatMap((row) => (/^0x/.test(row) ? [Number(row.split(' ')[0])] : [])))];
  const step = Math.ceil(all.length / MOST_FRAMES);
  const addresses = all.filter((address, i) => i % step === 0 && address > 0 && address < 0xffff_0000);
  const { items, hasBrokenRanges } = await llvmItems(path);
  const frames = await llvmFrames(path, addresses);
  const kept = frames.map((one) => (hasBrokenRanges ? [{ ...one[0], function: '' }] : one));
  return { rows, items, frames: kept.map((one, i) => [addresses[i], one]) };
}

/** Everything in which our reading differs, the first hundred of it. */
export function differences(bytes: Uint8Array, llvm: LlvmReading): string[] {
  const found = [...rowDifferences(ourRows(bytes), llvm.rows)];
  const module = decodeModule(bytes);
  const dwarf = dwarfOf(module);
  if (dwarf === undefined) return ['there is no DWARF'];
  const codeStart = module.sections.find(({ name }) => name === 'code')?.start ?? 0;
  const functions = new Map([...module.functions.bodyStart].map((start, i) => [start, i + module.functions.imported]));
  const variables = new Map<number, DumpedItem[]>();
  for (const item of llvm.items) {
    // Texts in the source are variables without a name.
    if (item.name === undefined || item.address === 0 || item.address >= 0xffff_fff0) continue;
    const where = `${item.kind} at 0x${item.address.toString(16)}`;
    const said = `${item.name} ${item.file}:${item.line}`;
    if (item.threadLocal && module.memories.some(({ limits }) => limits.shared)) continue;
    if (item.kind === 'variable') {
      variables.set(item.address, [...(variables.get(item.address) ?? []), item]);
      continue;
    }
    const index = functions.get(item.address + codeStart);
    const ours = index === undefined ? undefined : dwarf.functionAt(index);
    if (index === undefined) found.push(`${where}: no body begins there`);
    else if (!isNamed(ours?.name, item.name) || ours?.file !== whole(item.file) || ours?.line !== item.line)
      found.push(`${where}: ${ours?.name} ${ours?.file}:${ours?.line}, LLVM: ${said}`);
  }
  for (const [address, items] of variables) {
    const ours = dwarf.variableAt(address);
    const isOne = items.some(
      ({ name, file, line }) => isNamed(ours?.name, name) && ours?.file === whole(file) && ours?.line === line,
    );
    if (!isOne || ours?.start !== address)
      found.push(`variable at 0x${address.toString(16)}: ${JSON.stringify(ours)}, LLVM: ${JSON.stringify(items)}`);
  }
  for (const [address, frames] of llvm.frames) {
    const place = dwarf.placeOf(address + codeStart);
    const difference = frameDifference(place, frames);
    if (difference !== undefined) found.push(`code at 0x${address.toString(16)}: ${difference}`);
  }
  return found.slice(0, 100);
}

function* rowDifferences(ours: readonly string[], theirs: readonly string[]): Generator<string> {
  if (ours.length !== theirs.length) yield `${ours.length} rows, LLVM: ${theirs.length}`;
  for (const [i, row] of ours.entries()) if (row !== theirs[i]) yield `row ${i}: ${row}, LLVM: ${theirs[i]}`;
}

const whole = (path: string | undefined): string | undefined => path?.replaceAll(/\/(?:\.\/)+/g, '/');

/** Whether a name with scopes is that of an entry, which has none. */
const isNamed = (ours: string | undefined, name: string | undefined): boolean =>
  ours !== undefined &&
  name !== undefined &&
  (ours.endsWith(name) || bare(ours) === bare(name) || THREAD_LOCAL_VALUES.includes(name));

/** Names of the values in variables of Rust's `thread_local!`, whose own names we give. */
const THREAD_LOCAL_VALUES: readonly string[] = ['__KEY', 'VAL', '__RUST_STD_INTERNAL_VAL'];

function frameDifference(place: SourceLine | undefined, frames: readonly SymbolizedFrame[]): string | undefined {
  const [first] = frames;
  // LLVM does not find the functions of units without ranges.
  if (first.file === '??') return undefined;
  // Code without a line has a place nowhere.
  if (first.line === 0) return place === undefined ? undefined : `${place.file}:${place.line}, LLVM has no line`;
  if (place === undefined) return `nothing, LLVM: ${first.file}:${first.line}`;
  if (first.function === '' && place.file === whole(first.file) && place.line === first.line) return undefined;
  const ours = [place, ...(place.inlined ?? [])];
  const text = (file: string, line: number, column = 0): string => `${whole(file)}:${line}:${column}`;
  const a = ours.map(({ file, line, column }) => text(file, line, column)).join(' < ');
  const known = frames.filter((frame) => frame.file !== '??');
  const b = known.map(({ file, line, column }) => text(file, line, column)).join(' < ');
  if (a !== b) return `${a}, LLVM: ${b}`;
  const wrong = ours.findIndex(
    (one, i) => one.function !== undefined && bare(one.function) !== bare(known[i].function),
  );
  return wrong === -1 ? undefined : `function ${ours[wrong].function}, LLVM: ${known[wrong].function}`;
}

/** The last part of a name, without parameters, type arguments and hashes: the readers write those in their own ways. */
function bare(name: string): string {
  let text = name.replaceAll('(anonymous namespace)', '').replace(/::h[0-9a-f]{16}$/, '');
  text = text.replace(/\(.*$/, '').replace(/\{lambda.*$/, 'lambda');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/<[^<>]*>/g, '');
  }
  return text.split('::').at(-1) ?? '';
}

/**
 * Source maps of modules, as Emscripten's `-gsource-map`, AssemblyScript's `--sourceMap` and Binaryen write them: version 3
 * with one line, in which the column is the byte offset in the file of the module.
 * Sources: tc39.es/source-map; WebAssembly tool-conventions, Debugging.md; Emscripten, tools/wasm-sourcemap.py
 */
import { TraceMap } from '@jridgewell/trace-mapping';
import { t } from '../text/l10n.ts';
import { functionAt } from '../text/moduleItems.ts';
import type { Module } from '../wasm/module.ts';
import { instructionsIn } from './instructions.ts';
import { type Mappings, NO_SOURCE, readMappings } from './mappings.ts';
import type { Steps } from './steps.ts';

/** Longest text of a map, in characters. The map of a module of 50 MB has about 20 million. */
const MOST_TEXT = 128 << 20;
/** Most mappings: each takes 16 bytes. */
const MOST_MAPPINGS = 4_000_000;
/** Most files that a map may name. */
const MOST_SOURCES = 100_000;

/** A place as the map has it: `source` is an index into `files`, line and column count from one. */
export interface MappedPlace {
  source: number;
  line: number;
  column: number;
}

/** A map that was read. */
export interface MappedSource {
  /** The paths of the sources, those with a root joined to it. */
  files: readonly string[];
  /** The mapping at or before the instruction at a byte offset, in the same function; undefined where it has no source. */
  at(offset: number): MappedPlace | undefined;
  /** Byte offsets of the instructions of a line of a source, ascending. */
  offsetsOf(source: number, line: number): number[];
  /** The sources that mappings lead to, in the order of the map. */
  used(): readonly string[];
  /** Text of a source when the module was built; undefined where the map does not carry it. */
  contentOf(source: number): string | undefined;
}

/** The parts of a map that are looked at before the library gets it. */
interface Raw {
  version?: unknown;
  sections?: unknown;
  sources?: unknown;
  sourceRoot?: unknown;
  sourcesContent?: unknown;
  mappings?: unknown;
}

/**
 * Reads a map of `module`, or says in one sentence why it cannot be used. `name`: how the module calls the map, which shows
 * the root that AssemblyScript makes up.
 */
export function* sourceMapSteps(text: string, module: Module, name: string): Steps<MappedSource | { problem: string }> {
  const raw = parsed(text);
  yield;
  if ('problem' in raw) return raw;
  const { sources, sourceRoot, sourcesContent } = raw;
  // Maps of modules have one line. Others would be thrown away, and a text of line ends only takes much memory.
  const mappings = raw.mappings.split(';', 1)[0];
  const count = countOf(mappings, ',') + 1;
  if (count > MOST_MAPPINGS)
    return { problem: t('the source map has more than {0} mappings, which is too large to read', MOST_MAPPINGS) };
  const read = yield* readMappings(mappings, count, sources.length);
  const last = read.offsets.at(-1) ?? 0;
  if (last > module.bytes.length)
    return { problem: t('the source map belongs to another build: it has byte {0}, and the module ends before', last) };
  if (!fits(read.offsets, module))
    return { problem: t('the source map belongs to another build: its places are not those of instructions') };
  // The library joins the paths of sources to their root.
  const { resolvedSources } = new TraceMap({
    ...{ version: 3, names: [], mappings: '', sources },
    sourceRoot: rootOf(sourceRoot, sources, name),
  });
  return mappedSource(read, resolvedSources, Array.isArray(sourcesContent) ? sourcesContent : [], module);
}

type Parsed = { sources: (string | null)[]; sourceRoot: unknown; sourcesContent: unknown; mappings: string };

function parsed(text: string): Parsed | { problem: string } {
  if (text.length > MOST_TEXT) return { problem: t('the source map is too large to read') };
  let raw: Raw;
  try {
    // Servers may put a line before the object, so that nobody runs it as a script.
    raw = JSON.parse(text.replace(/^\uFEFF?(?:\)\]\}'[^\n]*\n)?/, '')) as Raw;
  } catch {
    return { problem: t('the source map is not JSON') };
  }
  if (typeof raw !== 'object' || raw === null) return { problem: t('the source map is not a JSON object') };
  const { version, sections, sources, sourceRoot, sourcesContent, mappings } = raw;
  if (sections !== undefined)
    return { problem: t('the source map consists of sections, which no compiler writes for modules') };
  if (version !== 3) return { problem: t('the source map is not of version 3') };
  if (typeof mappings !== 'string') return { problem: t('the source map has no mappings') };
  if (!Array.isArray(sources) || sources.length > MOST_SOURCES)
    return { problem: t('the source map has no list of sources, or one that is too long') };
  const names = (sources as unknown[]).map((one) => (typeof one === 'string' && one !== '' ? one : null));
  return { sources: names, sourceRoot, sourcesContent, mappings };
}

/**
 * AssemblyScript invents a root, `./counter` beside `./counter.wasm.map`, so that the sources of several modules differ for
 * a browser. There is no such folder: paths of sources are relative to where the compiler ran.
 */
function rootOf(root: unknown, sources: readonly (string | null)[], name: string): string | undefined {
  if (typeof root !== 'string') return undefined;
  const stem = /([^/\\]*?)(?:\.wasm)?\.map$/.exec(name)?.[1];
  return root === `./${stem}` || sources.some((one) => one?.startsWith('~lib/')) ? undefined : root;
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** Functions that are looked at, spread over the module, their bytes, and the share of their mappings that must fit. */
const SAMPLED_FUNCTIONS = 200;
const SAMPLED_BYTES = 1 << 16;
const LEAST_FITTING = 0.9;

/**
 * Whether mappings are at instructions, or where functions begin and end: all of those that compilers write are. Of the map of
 * another build, about half are.
 */
function fits(offsets: Uint32Array, module: Module): boolean {
  const { entry, bodyStart, bodyEnd, imported } = module.functions;
  const mapped = new Set<number>();
  const step = Math.max(1, Math.floor(offsets.length / SAMPLED_FUNCTIONS));
  for (let at = 0; at < offsets.length; at += step) {
    const func = functionAt(module, offsets[at]);
    if (func !== undefined) mapped.add(func - imported);
  }
  let left = SAMPLED_BYTES;
  const sampled = [...mapped].filter((body) => {
    const size = bodyEnd[body] - entry[body];
    if (size > left && mapped.size > 1) return false;
    left -= size;
    return true;
  });
  const places = new Set(
    instructionsIn(
      module,
      sampled.map((body): [number, number] => [entry[body], bodyEnd[body]]),
    ),
  );
  let [fitting, all] = [0, 0];
  for (const body of sampled) {
    for (const edge of [entry[body], bodyStart[body], bodyEnd[body]]) places.add(edge);
    for (let at = lastAtOrBefore(offsets, entry[body] - 1) + 1; offsets[at] < bodyEnd[body]; at++, all++)
      if (places.has(offsets[at])) fitting++;
  }
  return fitting >= LEAST_FITTING * all;
}

function mappedSource(
  { offsets, sources, lines, columns }: Mappings,
  files: readonly string[],
  contents: readonly unknown[],
  module: Module,
): MappedSource {
  const { entry, bodyStart, bodyEnd, imported } = module.functions;
  return {
    files,
    at(offset) {
      const func = functionAt(module, offset);
      if (func === undefined) return undefined;
      let found = lastAtOrBefore(offsets, offset);
      // The beginning of a function, before its first instruction, is where its first mapping is.
      if (offset <= bodyStart[func - imported] && !(offsets[found] >= entry[func - imported])) found++;
      // A function without mappings has none, whatever stands before it.
      const isOwn = offsets[found] >= entry[func - imported] && offsets[found] < bodyEnd[func - imported];
      if (!isOwn || sources[found] === NO_SOURCE) return undefined;
      return { source: sources[found], line: lines[found] + 1, column: columns[found] + 1 };
    },
    offsetsOf(source, line) {
      const ranges: [number, number][] = [];
      offsets.forEach((start, at) => {
        if (sources[at] !== source || lines[at] + 1 !== line) return;
        const func = functionAt(module, start);
        if (func === undefined) return;
        const end = bodyEnd[func - imported];
        ranges.push([start, Math.min(offsets[at + 1] ?? end, end)]);
      });
      return instructionsIn(module, ranges);
    },
    used() {
      const seen = new Set(sources);
      return files.filter((_file, source) => seen.has(source));
    },
    contentOf(source) {
      const content = contents[source];
      return typeof content === 'string' ? content : undefined;
    },
  };
}

/** Index of the last of ascending numbers that is at most `value`; -1 where there is none. */
function lastAtOrBefore(ascending: Uint32Array, value: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

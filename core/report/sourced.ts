/**
 * Results of runs in words of the source. A run knows byte offsets and addresses alone; here each operation gets its line,
 * each touched cell its variable, and sentences that name an address name the variable beside it.
 */
import {
  type NamedBytes,
  namedBytes,
  namedGlobal,
  type SourceSite,
  sourceFunction,
  sourceSite,
} from '../debug/sourceWords.ts';
import type { RaceReport, StressResult } from '../stress/explore/result.ts';
import { touchesIn } from '../stress/run/touchText.ts';
import type { Place } from '../stress/run/traceRows.ts';
import { globalName, memoryName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { renamed } from './renamed.ts';

/** Who knows the source of the module that was run. */
export interface SourceAnswers {
  /** Names of the module's memories, as results call them. */
  memories: readonly string[];
  site(offset: number): SourceSite | undefined;
  /** Of the bytes `[start, end)` of a memory by its name. */
  bytes(memory: string, start: number, end: number): NamedBytes | undefined;
  /** Of a global by its name. */
  global(name: string): NamedBytes | undefined;
  /** By names of globals, how sentences call them. */
  globals: ReadonlyMap<string, string>;
  /** Name of a function in the source; undefined where only the binary names it. */
  function(index: number): string | undefined;
}

/** The answers of a module whose source is attached. */
export function answersOf(module: Module): SourceAnswers {
  const memories = module.memories.map((_, index) => memoryName(module, index));
  const globals = new Map(module.globals.map((_, index) => [globalName(module, index), namedGlobal(module, index)]));
  return {
    memories,
    global: (name) => globals.get(name),
    globals: new Map([...globals].flatMap(([name, named]) => (named ? [[name, `${named.name} (${name})`]] : []))),
    function: (index) => sourceFunction(module, index),
    site: (offset) => sourceSite(module, offset),
    bytes: (memory, start, end) => namedBytes(module, memories.indexOf(memory), start, end),
  };
}

/** What two operations met at: `counter::COUNTER (memory[0] 0x448..0x44c)`. */
export const metText = ({ cell, variable }: Pick<RaceReport, 'cell' | 'variable'>): string =>
  variable === undefined ? cell : `${variable.name} (${cell})`;

/** Name of the function that an operation is in: that of the source where it is known. Undefined for unknown code. */
export const functionOf = (
  { func, place }: Place,
  { functions }: Pick<StressResult, 'functions'>,
): string | undefined => place?.function ?? (func < 0 ? undefined : (functions[func] ?? `func[${func}]`));

/** What is not the run's to tell: what the user wrote, and values. */
const KEPT: ReadonlySet<string> = new Set([
  'scenario',
  'module',
  'cell',
  'span',
  'op',
  'read',
  'written',
  'schedule',
  'results',
  'probe',
  'order',
  'symbols',
  'imports',
  'name',
  'title',
  'memory',
  'call',
  'fresh',
  'used',
]);

/** Functions and globals that results speak of by names of the binary, with what to say instead. */
function namesIn(data: unknown, answers: SourceAnswers): Map<string, string> {
  const found = new Map(answers.globals);
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key === 'functions')
        for (const [index, name] of Object.entries(part as Record<string, string>)) {
          const known = answers.function(Number(index));
          if (known !== undefined) found.set(name, known);
        }
      else if (key !== 'trace' && !KEPT.has(key)) look(part);
    }
  };
  look(data);
  return found;
}

/** A result, or a report of several, with what is known of the source: `place`, `variable`, and names in sentences. */
export function sourced<T>(data: T, answers: SourceAnswers): T {
  const sites = new Map<number, SourceSite | undefined>();
  const site = (offset: number): SourceSite | undefined => {
    if (!sites.has(offset)) sites.set(offset, answers.site(offset));
    return sites.get(offset);
  };
  const names = namesIn(data, answers);
  const sentence = (given: string): string => {
    const text = renamed(given, names);
    return touchesIn(text, answers.memories).reduceRight((told, { at, length, memory, start, end }) => {
      const named = answers.bytes(memory, start, end);
      // What was told before is not told twice.
      if (named === undefined || told.slice(0, at).endsWith(`${named.name} (`)) return told;
      return `${told.slice(0, at)}${named.name} (${told.slice(at, at + length)})${told.slice(at + length)}`;
    }, text);
  };
  /** Names by index. */
  const functions = (names: object): object =>
    Object.fromEntries(Object.entries(names).map(([index, name]) => [index, answers.function(Number(index)) ?? name]));
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return sentence(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const told = Object.entries(value).map(([key, part]) => [
      key,
      key === 'functions' ? functions(part) : KEPT.has(key) ? part : walk(part),
    ]);
    const add = (key: string, part: unknown): unknown => part !== undefined && told.push([key, part]);
    const { func, offset, cell } = value as { func?: unknown; offset?: unknown; cell?: unknown };
    if (typeof func === 'number' && typeof offset === 'number' && offset >= 0) add('place', site(offset));
    if (typeof cell === 'string') add('variable', variableOf(cell));
    return Object.fromEntries(told);
  };
  const variableOf = (cell: string): NamedBytes | undefined => {
    const global = answers.global(cell);
    if (global !== undefined) return global;
    const [touch] = touchesIn(cell, answers.memories);
    const named = touch && answers.bytes(touch.memory, touch.start, touch.end);
    // `waiters at memory[0] 0x8` is about the variable, yet not the variable.
    return named && { ...named, name: cell.slice(0, touch.at) + named.name + cell.slice(touch.at + touch.length) };
  };
  return walk(data) as T;
}

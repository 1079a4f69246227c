/**
 * All words that the reader knows, looked up by their characters without extracting a string from the text. Mnemonics
 * have their `opId`, other keywords have numbers above all of those.
 */
import { MNEMONIC, OP_COUNT } from '../wasm/instructions.ts';

/** Number of the first keyword that is not a mnemonic. */
const BASE = 0x400;

/** Heads of module fields; their numbers come first, see `fieldBit`. */
const FIELDS = [
  'type',
  'rec',
  'import',
  'func',
  'table',
  'memory',
  'global',
  'tag',
  'export',
  'start',
  'elem',
  'data',
] as const;

/**
 * Heads of script commands that cannot be a half-written instruction.
 * https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 */
const SCRIPT = [
  'module',
  'register',
  'invoke',
  'thread',
  'component',
  'assert_return',
  'assert_trap',
  'assert_exception',
  'assert_suspension',
  'assert_exhaustion',
  'assert_malformed',
  'assert_malformed_custom',
  'assert_invalid',
  'assert_invalid_custom',
  'assert_unlinkable',
] as const;

/** The other heads of script commands. */
const COMMANDS = ['get', 'wait', 'script', 'input', 'output'] as const;

const OTHERS = [
  'param',
  'result',
  'local',
  'then',
  'do',
  'ref',
  'exact',
  'catch_ref',
  'catch_all_ref',
  'on',
  'mut',
  'struct',
  'array',
  'item',
  'offset',
  'binary',
  'quote',
  'definition',
  'instance',
  'shared',
  'i32',
  'i64',
] as const;

const KEYWORDS = [...FIELDS, ...SCRIPT, ...COMMANDS, ...OTHERS] as const;
type KeywordName = (typeof KEYWORDS)[number];

/** Numbers of the keywords that are not mnemonics (`else`, `catch`, `catch_all`, `delegate` are). */
export const Keyword = Object.fromEntries(KEYWORDS.map((name, i) => [name, BASE + i])) as Readonly<
  Record<KeywordName, number>
>;

/** Whether the number of a word is that of a mnemonic. */
export const isMnemonic = (word: number): boolean => word >= 0 && word < OP_COUNT;
/** Whether the number of a word is that of the head of a module field. */
export const isField = (word: number): boolean => word >= BASE && word < BASE + FIELDS.length;

const SCRIPT_BASE = BASE + FIELDS.length;
const COMMAND_BASE = SCRIPT_BASE + SCRIPT.length;

/** Whether the number of a word is that of a script command that cannot be a half-written instruction. */
export const isScript = (word: number): boolean => word >= SCRIPT_BASE && word < COMMAND_BASE;
/** Whether the number of a word is that of another script command. */
export const isCommand = (word: number): boolean => word >= COMMAND_BASE && word < COMMAND_BASE + COMMANDS.length;

/** Whether the number of a word is that of a head that also names the kind of an export or import. */
export const isExternalHead = (word: number): boolean =>
  word === Keyword.func ||
  word === Keyword.table ||
  word === Keyword.memory ||
  word === Keyword.global ||
  word === Keyword.tag;

/** The field head as a bit of a set; 0 for other words. */
export const fieldBit = (word: number): number => (isField(word) ? 1 << (word - BASE) : 0);
/** A set of field heads as bits. */
export const fieldBits = (...names: (typeof FIELDS)[number][]): number =>
  names.reduce((bits, name) => bits | fieldBit(Keyword[name]), 0);

/** Initial value of the FNV-1a hash of a word, which the lexer computes while it reads. */
export const HASH_SEED = 0x811c9dc5 | 0;
/** Multiplier of the FNV-1a hash. */
export const HASH_PRIME = 0x01000193;

// Open addressing: a few hundred words in thousands of slots, so most misses end at the first slot.
const SLOTS = 4096;
const slotWord = new Int16Array(SLOTS).fill(-1);
const slotText: string[] = new Array(SLOTS).fill('');

const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & (SLOTS - 1);

function add(name: string, word: number): void {
  let hash = HASH_SEED;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), HASH_PRIME);
  let slot = slotOf(hash);
  while (slotWord[slot] >= 0) {
    // For two opcodes with one mnemonic the table has the first.
    if (slotText[slot] === name) return;
    slot = (slot + 1) & (SLOTS - 1);
  }
  slotWord[slot] = word;
  slotText[slot] = name;
}

MNEMONIC.forEach((name, id) => {
  if (name !== undefined) add(name, id);
});
for (const name of KEYWORDS) add(name, Keyword[name]);

function equals(name: string, text: string, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

/** Number of the word `text.slice(start, end)` with hash `hash`, or -1. */
export function wordAt(text: string, start: number, end: number, hash: number): number {
  for (let slot = slotOf(hash); slotWord[slot] >= 0; slot = (slot + 1) & (SLOTS - 1)) {
    if (equals(slotText[slot], text, start, end - start)) return slotWord[slot];
  }
  return -1;
}

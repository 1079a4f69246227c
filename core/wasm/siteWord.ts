/** What stands at a byte offset of a module, in a word for sentences. */
import { readInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';
import type { Module } from './module.ts';

const CODE_SECTION = 10;
/** What the items of the other sections are called, by id of the section. */
const ITEMS: Readonly<Record<number, string>> = {
  2: 'import',
  4: 'table',
  5: 'memory',
  6: 'global',
  7: 'export',
  8: 'start function',
  9: 'element segment',
  11: 'data segment',
};

/**
 * Mnemonic of the instruction at byte `offset`; outside of code, what is defined there. An access need not be an
 * instruction: calling a function that is imported, exported again or put into a table touches the host, and its place is
 * the import.
 */
export function siteWord({ bytes, sections }: Pick<Module, 'bytes' | 'sections'>, offset: number): string {
  const section = sections.find(({ start, end }) => start <= offset && offset < end);
  if (section === undefined) return 'access';
  if (section.id !== CODE_SECTION) return ITEMS[section.id] ?? 'access';
  const instruction = readInstruction(bytes, offset, section.end);
  return ('id' in instruction ? MNEMONIC[instruction.id] : undefined) ?? 'access';
}

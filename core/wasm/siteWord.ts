/** What stands at a byte offset of a module, in a word for sentences. */
import { type Message, message, translated } from '../text/l10n.ts';
import { readInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';
import type { Module } from './module.ts';

const CODE_SECTION = 10;
const ACCESS = message('access');
/** What the items of the other sections are called, by id of the section. */
const ITEMS: Readonly<Record<number, Message>> = {
  2: message('import'),
  4: message('table'),
  5: message('memory'),
  6: message('global'),
  7: message('export'),
  8: message('start function'),
  9: message('element segment'),
  11: message('data segment'),
};

/**
 * Mnemonic of the instruction at byte `offset`; outside of code, what is defined there. An access need not be an
 * instruction: calling a function that is imported, exported again or put into a table touches the host, and its place is
 * the import.
 */
export function siteWord({ bytes, sections }: Pick<Module, 'bytes' | 'sections'>, offset: number): string {
  const section = sections.find(({ start, end }) => start <= offset && offset < end);
  if (section === undefined) return translated(ACCESS);
  if (section.id !== CODE_SECTION) return translated(ITEMS[section.id] ?? ACCESS);
  const instruction = readInstruction(bytes, offset, section.end);
  return ('id' in instruction ? MNEMONIC[instruction.id] : undefined) ?? translated(ACCESS);
}

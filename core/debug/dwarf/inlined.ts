/** The calls that a compiler replaced by the body of the function: which are at an address, and where they stand. */
import { Attribute } from './constants.ts';
import { type Entry, entryAt } from './entry.ts';
import type { AddressRange } from './lineTable.ts';
import { rangesOfEntry } from './ranges.ts';
import { EntryTag } from './tags.ts';

/** A call inside of a function that was inlined. */
export interface InlinedCall {
  readonly ranges: readonly AddressRange[];
  readonly entry: Entry;
  /** Index of the inlined call that this one is in; -1 if it is in the function itself. */
  readonly outer: number;
}

/** Most inlined calls of a function that are read, and most ranges of all of them. */
const MOST = { calls: 100_000, ranges: 1_000_000 };

/**
 * The inlined calls of a function, outer ones first.
 * @param base the address that lists of ranges count from
 * @throws DwarfFailure
 */
export function inlinedCalls(functionEntry: Entry, base: number): InlinedCall[] {
  const calls: InlinedCall[] = [];
  const budget = { left: MOST.ranges };
  const { unit } = functionEntry;
  if (!functionEntry.abbreviation.hasChildren) return calls;
  /** The inlined call around the children of each open entry. */
  const open = [-1];
  let offset = functionEntry.next;
  while (open.length > 0 && offset < unit.end && calls.length < MOST.calls) {
    const entry = entryAt({ unit, offset });
    if (entry === undefined) {
      open.pop();
      // The mark is one byte: the code 0.
      offset++;
      continue;
    }
    let around = open[open.length - 1];
    if (entry.tag === EntryTag.inlined_subroutine) {
      calls.push({ ranges: rangesOfEntry(entry, base, budget), entry, outer: around });
      around = calls.length - 1;
    }
    if (entry.abbreviation.hasChildren) open.push(around);
    offset = entry.next;
  }
  return calls;
}

/** The inlined calls at an address, innermost first. */
export function callsAt(calls: readonly InlinedCall[], address: number): InlinedCall[] {
  const inside = (call: InlinedCall): boolean => call.ranges.some(([start, end]) => address >= start && address < end);
  const found: InlinedCall[] = [];
  // Outer calls come first in the list, so the last one is the innermost.
  for (let i = calls.findLastIndex(inside); i >= 0; i = calls[i].outer) found.push(calls[i]);
  return found;
}

/** Where a call stands in the source: number of the file in its unit, line and column from 1. */
export function callPlace(entry: Entry): { file: number; line: number; column: number | undefined } | undefined {
  const file = entry.number(Attribute.call_file);
  const line = entry.number(Attribute.call_line);
  if (file === undefined || line === undefined || line === 0) return undefined;
  return { file, line, column: entry.number(Attribute.call_column) || undefined };
}

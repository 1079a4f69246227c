/**
 * Inlay hints: after each access of shared state that an export with findings can reach, what is shared, which exports
 * do what to it, and what stress runs have shown: `shared: $counter, race shown: written by reset; also read by get`.
 */

import type { InlayHint } from 'vscode-languageserver';
import { exportsThatReach } from '../../../core/analysis/callers.ts';
import { type Cell, isExtent, isWrite } from '../../../core/analysis/cells.ts';
import { namedCell } from '../../../core/analysis/cellText.ts';
import { effectsAt } from '../../../core/analysis/effectsAt.ts';
import { hasOpponent } from '../../../core/analysis/partners.ts';
import { type Rival, rivalsOf } from '../../../core/analysis/rivals.ts';
import { siteNote } from '../../../core/report/shown/siteNotes.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import { listOf, plural } from '../../../core/text/phrases.ts';
import type { InstructionPlace } from '../../../core/text/sourceMap.ts';
import {
  exportLabel,
  globalName,
  memoryName,
  segmentName,
  shorten,
  tableName,
} from '../../../core/wasm/displayNames.ts';
import { readInstruction } from '../../../core/wasm/immediates.ts';
import { ACCESS, Access } from '../../../core/wasm/instructions.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { shownHazards } from './settings.ts';

/** Limit for one request: some editors ask for a whole file. */
const MAX_HINTS = 500;
/** Exports that a hint names for each verb, and verbs. */
const MAX_NAMES = 2;
const MAX_VERBS = 3;
const NAME_LENGTH = 30;

/** Effects that are not accesses of shared state. */
const NO_ACCESS: ReadonlySet<number> = new Set([
  Access.None,
  Access.Call,
  Access.CallIndirect,
  Access.CallRef,
  Access.RefFunc,
]);

/** The hints on the lines of `range`, at most 500; none if the setting `inlayHints` is off. */
export function inlayHints(doc: ModuleDocument, range: TextRange): InlayHint[] {
  if (!doc.settings.inlayHints) return [];
  const reached = reachedFromFlagged(doc);
  const labels = labeller(doc);
  const hints: InlayHint[] = [];
  for (const place of doc.map.instructionsIn(range.start.line, range.end.line)) {
    if (hints.length >= MAX_HINTS) break;
    if (reached[place.func] !== 1) continue;
    const label = labels(place);
    // VS Code cuts long hints off, and shows the tooltip in a hover.
    if (label !== undefined) hints.push({ position: place.end, label, tooltip: label, paddingLeft: true });
  }
  return hints;
}

const flagged = new WeakMap<ModuleDocument, Uint8Array>();

/** By node of the call graph: 1 when an export with findings reaches it. */
function reachedFromFlagged(doc: ModuleDocument): Uint8Array {
  let reached = flagged.get(doc);
  if (reached !== undefined) return reached;
  const { graph, exports } = doc.analysis;
  reached = new Uint8Array(graph.nodes);
  const queue: number[] = [];
  const visit = (node: number): void => {
    if (reached![node] === 1) return;
    reached![node] = 1;
    queue.push(node);
  };
  exports.forEach(({ func }, position) => {
    if (shownHazards(doc, position).length > 0) visit(func);
  });
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let edge = graph.start[node]; edge < graph.start[node + 1]; edge++) visit(graph.target[edge]);
  }
  flagged.set(doc, reached);
  return reached;
}

/** A rival with what stress has shown of it here. */
interface NotedRival extends Rival {
  note: string | undefined;
  /** It executes the instruction itself: calls of one export meet. */
  isOwn: boolean;
}

/** Label of the hint after an instruction; undefined if it accesses no shared state. */
function labeller({ module, analysis, shown }: ModuleDocument): (place: InstructionPlace) => string | undefined {
  const ownOf = new Map<number, ReadonlySet<number>>();
  const own = (func: number): ReadonlySet<number> => {
    const known = ownOf.get(func) ?? new Set(exportsThatReach(analysis, func));
    ownOf.set(func, known);
    return known;
  };

  const namesOfOwn = new Map<number, ReadonlySet<string>>();
  const callersOf = (func: number): ReadonlySet<string> => {
    const known = namesOfOwn.get(func) ?? new Set([...own(func)].map((position) => analysis.exports[position].name));
    namesOfOwn.set(func, known);
    return known;
  };

  return ({ func, offset }) => {
    const instruction = readInstruction(module.bytes, offset, module.bytes.length);
    if (!('id' in instruction) || NO_ACCESS.has(ACCESS[instruction.id])) return undefined;
    const { effects } = effectsAt(module, analysis, func, offset);
    // Every access reads the extent of its memory; what it does inside is more telling.
    const shared = effects
      .filter((effect) => hasOpponent(analysis, effect) && rivalsOf(analysis, effect).length > 0)
      .sort((a, b) => Number(isExtentRead(a)) - Number(isExtentRead(b)));
    return shared.length === 0 ? undefined : `shared: ${cellName(shared[0])}, ${company(func, offset, shared[0])}`;
  };

  function isExtentRead(effect: number): boolean {
    return isExtent(analysis.effects[effect].cell) && !isWrite(analysis.effects[effect]);
  }

  /**
   * What stress runs have shown, and of whom; then what the other exports do to it of which nothing was shown. Calls of
   * one export if there is nobody else.
   */
  function company(func: number, offset: number, effect: number): string {
    const callers = callersOf(func);
    const rivals = rivalsOf(analysis, effect).map((rival): NotedRival => {
      const note = siteNote(shown, callers, analysis.exports[rival.position].name, offset);
      return { ...rival, note, isOwn: own(func).has(rival.position) };
    });
    const notes = [...new Set(rivals.flatMap(({ note }) => note ?? []))];
    // What was found comes first.
    notes.sort((a, b) => Number(a.startsWith('no ')) - Number(b.startsWith('no ')));
    const parts = notes.map((note) => `${note}: ${deeds(rivals.filter((rival) => rival.note === note))}`);
    // Two calls of one export go without saying where there are others.
    const others = rivals.filter(({ isOwn, note }) => !isOwn && note === undefined);
    if (others.length > 0) parts.push(`also ${deeds(others)}`);
    return parts.length > 0 ? parts.join('; ') : `used by every call of ${names(rivals, false)}`;
  }

  /** `written by reset, read by get`. */
  function deeds(rivals: readonly NotedRival[]): string {
    const verbs = [...new Set(rivals.map(({ verb }) => verb))];
    const parts = verbs.slice(0, MAX_VERBS).map(
      (verb) =>
        `${verb} by ${names(
          rivals.filter((rival) => rival.verb === verb),
          true,
        )}`,
    );
    const left = rivals.filter(({ verb }) => verbs.indexOf(verb) >= MAX_VERBS).length;
    if (left > 0) parts.push(`used by ${plural(left, 'more export')}`);
    return parts.join(', ');
  }

  function names(rivals: readonly NotedRival[], beside: boolean): string {
    const told = rivals.slice(0, MAX_NAMES).map(({ position, isOwn }) => {
      const name = shorten(exportLabel(analysis.exports[position]), NAME_LENGTH);
      return isOwn && beside ? `another ${name}` : name;
    });
    return listOf(told, MAX_NAMES, 'and', rivals.length);
  }

  function cellName(effect: number): string {
    return shorten(shortName(analysis.effects[effect].cell), 2 * NAME_LENGTH);
  }

  function shortName(cell: Cell): string {
    const { kind, index, address, segment } = cell;
    switch (kind) {
      case 'global':
      case 'stack-pointer':
        return namedCell(module, cell)?.name ?? (index === undefined ? 'a global' : globalName(module, index));
      case 'memory': {
        const named = namedCell(module, cell);
        if (named !== undefined) return named.name;
        const memory = memoryText(index);
        if (address?.base !== 'static' || address.global !== undefined) return memory;
        return `${memory} [${address.start},${address.end})`;
      }
      case 'memory.grow':
        return `size of ${memoryText(index)}`;
      case 'table':
        return tableText(index);
      case 'table.grow':
        return `size of ${tableText(index)}`;
      case 'segment':
        return index === undefined ? 'a segment' : segmentName(module, segment ?? 'data', index);
      case 'heap':
        return 'heap objects';
      case 'anything':
        return 'anything';
      default:
        return 'host state';
    }
  }

  function memoryText(index: number | undefined): string {
    return index === undefined ? 'a memory' : memoryName(module, index);
  }

  function tableText(index: number | undefined): string {
    return index === undefined ? 'a table' : tableName(module, index);
  }
}

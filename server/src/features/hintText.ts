/**
 * What an inlay hint says of one access: who else uses what it accesses, the important part first, because VS Code cuts
 * long hints off. The tooltip has all of it.
 */
import { exportsThatReach } from '../../../core/analysis/callers.ts';
import { type Cell, isExtent, isWrite } from '../../../core/analysis/cells.ts';
import { namedCell } from '../../../core/analysis/cellText.ts';
import { effectsAt } from '../../../core/analysis/effectsAt.ts';
import { hasOpponent } from '../../../core/analysis/partners.ts';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { type Rival, rivalsOf } from '../../../core/analysis/rivals.ts';
import { allocatorState } from '../../../core/analysis/verdict/allocatorState.ts';
import { isGo } from '../../../core/analysis/verdict/goRuntime.ts';
import { shorten } from '../../../core/harmless/names.ts';
import { type SiteNote, siteNote } from '../../../core/report/shown/siteNotes.ts';
import { t } from '../../../core/text/l10n.ts';
import { listOf } from '../../../core/text/phrases.ts';
import type { InstructionPlace } from '../../../core/text/sourceMap.ts';
import { exportLabel, globalName, memoryName, segmentName, tableName } from '../../../core/wasm/displayNames.ts';
import { readInstruction } from '../../../core/wasm/immediates.ts';
import { ACCESS, Access } from '../../../core/wasm/instructions.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { deedText } from './hintWords.ts';

/** A hint. */
export interface HintText {
  /** At most `LABEL_LENGTH` characters. */
  label: string;
  /** The whole text. */
  tooltip: string;
  /** Of several on one line the highest is shown: something was shown there, it writes, it reads. */
  rank: number;
}

/** What VS Code shows of a hint unless `editor.inlayHints.maximumLength` says otherwise. */
const LABEL_LENGTH = 43;
const NAME_LENGTH = 30;
const SHORT_NAME = 14;
/** Exports that a tooltip names for each verb. */
const MAX_NAMES = 8;
/** Bytes of static data that are one thing for a reader. */
const LARGEST = 4096;
/** Where more exports than this meet in more than this, the verdict of the module says it for all of them. */
const CROWD = 8;

/** Effects that are not accesses of shared state. */
const NO_ACCESS: ReadonlySet<number> = new Set([
  Access.None,
  Access.Call,
  Access.CallIndirect,
  Access.CallRef,
  Access.RefFunc,
]);
/** Instructions that are about the extent of a memory or table. */
const OF_EXTENT: ReadonlySet<number> = new Set([
  Access.MemorySize,
  Access.MemoryGrow,
  Access.TableSize,
  Access.TableGrow,
]);

/** A rival with what stress has shown of it here. */
interface NotedRival extends Rival {
  note: SiteNote | undefined;
  /** It executes the instruction itself: calls of one export meet. */
  isOwn: boolean;
}

/** Answers what to say after an instruction; undefined where that is nothing, or nothing that tells these apart. */
export function hintTexts(doc: ModuleDocument): (place: InstructionPlace) => HintText | undefined {
  const { module, analysis, shown } = doc;
  const folded = plumbingOf(module, analysis);
  const go = isGo(module);
  const allocator = folded.size > 0 ? allocatorState(module, analysis) : undefined;
  const ownOf = new Map<number, readonly number[]>();
  const own = (func: number): readonly number[] => {
    const known = ownOf.get(func) ?? exportsThatReach(analysis, func);
    ownOf.set(func, known);
    return known;
  };

  return ({ func, offset }) => {
    const instruction = readInstruction(module.bytes, offset, module.bytes.length);
    if (!('id' in instruction) || NO_ACCESS.has(ACCESS[instruction.id])) return undefined;
    const ofExtent = OF_EXTENT.has(ACCESS[instruction.id]);
    const { effects } = effectsAt(module, analysis, func, offset);
    const owners = own(func);
    const [effect] = effects
      .filter((id) => hasOpponent(analysis, id) && rivalsOf(analysis, id).length > 0)
      .sort((a, b) => Number(isExtentRead(a)) - Number(isExtentRead(b)));
    if (effect === undefined) return undefined;
    const names = new Set(owners.map((position) => analysis.exports[position].name));
    const rivals = rivalsOf(analysis, effect).map((rival): NotedRival => {
      const note = shown.runs.length === 0 ? undefined : siteNote(shown, names, nameOf(rival.position), offset);
      return { ...rival, note, isOwn: owners.includes(rival.position) };
    });
    // Where instructions met, the editor writes at the end of the line with what: the results of the run are its own.
    if (rivals.some(({ note }) => note?.kind === 'met')) return undefined;
    const noted = rivals.some(({ note }) => note !== undefined);
    if (!noted && (!isSpecific(effect, ofExtent) || isVague(owners, rivals))) return undefined;
    const { cell } = analysis.effects[effect];
    const parts = partsOf(rivals, owners, cell);
    const found = rivals.some(({ note }) => note !== undefined && note.kind !== 'clean');
    return {
      label: labelOf(shortCell(cell), parts),
      tooltip: `${longCell(cell)}: ${parts.map((part) => part.text(MAX_NAMES, NAME_LENGTH)).join(t('; '))}`,
      rank: (found ? 4 : noted ? 2 : 0) + (isWrite(analysis.effects[effect]) ? 1 : 0),
    };
  };

  function nameOf(position: number): string {
    return analysis.exports[position].name;
  }

  function isExtentRead(effect: number): boolean {
    return isExtent(analysis.effects[effect].cell) && !isWrite(analysis.effects[effect]);
  }

  /** Whether the cell is one that a reader can tell from others: not a frame, an object, or the allocator's own state. */
  function isSpecific(effect: number, ofExtent: boolean): boolean {
    const { cell } = analysis.effects[effect];
    // A Go runtime has its registers in globals and is one state as a whole.
    if (go || allocator?.owns(analysis.effects[effect])) return false;
    switch (cell.kind) {
      case 'global':
      case 'table':
      case 'segment':
      case 'heap':
        return true;
      case 'memory':
        return (
          cell.address?.base === 'static' &&
          cell.address.loose !== true &&
          cell.address.end - cell.address.start <= LARGEST
        );
      case 'memory.grow':
      case 'table.grow':
        return ofExtent;
      default:
        return false;
    }
  }

  /** Everybody may meet everybody, or several exports only may do something here. */
  function isVague(owners: readonly number[], rivals: readonly NotedRival[]): boolean {
    return (
      (owners.length > CROWD && rivals.length > CROWD) || (rivals.length > 2 && rivals.every(({ maybe }) => maybe))
    );
  }

  /** What stress runs have shown, and of whom; then what others do of which nothing was shown; else the calls of one export. */
  function partsOf(rivals: readonly NotedRival[], owners: readonly number[], cell: Cell): Part[] {
    const notes = [...new Map(rivals.flatMap(({ note }) => (note === undefined ? [] : [[note.text, note]]))).values()];
    // What was found comes first.
    notes.sort((a, b) => Number(a.kind === 'clean') - Number(b.kind === 'clean'));
    const parts = notes.flatMap((note) =>
      deedsOf(
        rivals.filter((rival) => rival.note?.text === note.text),
        cell,
        note,
      ),
    );
    const others = rivals.filter(({ isOwn, note }) => !isOwn && note === undefined);
    parts.push(...deedsOf(others, cell, undefined));
    if (parts.length > 0) return parts;
    const self = rivals.filter(({ isOwn }) => isOwn).map(({ position }) => position);
    return [part(self.length > 0 ? self : owners, (who) => t('shared by calls of {0}', who))];
  }

  /** A part for each verb. */
  function deedsOf(rivals: readonly NotedRival[], cell: Cell, note: SiteNote | undefined): Part[] {
    const keyOf = ({ verb, maybe }: NotedRival): string => (verb === 'used' ? verb : `${verb} ${maybe}`);
    return [...new Set(rivals.map(keyOf))].map((kind, i): Part => {
      const some = rivals.filter((rival) => keyOf(rival) === kind);
      const deed = deedText(some[0], isExtent(cell));
      const one = part(
        some.map(({ position }) => position),
        deed,
        new Set(some.filter(({ isOwn }) => isOwn).map(({ position }) => position)),
      );
      if (note === undefined || i > 0) return one;
      return { text: (most, length) => `${most < MAX_NAMES ? note.short : note.text}: ${one.text(most, length)}` };
    });
  }

  /** API first, since readers know it. */
  function part(positions: readonly number[], say: (who: string) => string, another = new Set<number>()): Part {
    const sorted = positions.toSorted((a, b) => Number(folded.has(a)) - Number(folded.has(b)) || a - b);
    return {
      text: (most, length) =>
        say(
          listOf(
            sorted.slice(0, most).map((position) => {
              const name = shorten(exportLabel(analysis.exports[position]), length);
              return another.has(position) ? t('another {0}', name) : name;
            }),
            most,
            'and',
            sorted.length,
          ),
        ),
    };
  }

  function longCell(cell: Cell): string {
    const { kind, index, address } = cell;
    const text = shortCell(cell);
    const isNamed = kind !== 'memory' || namedCell(module, cell) !== undefined || address?.base !== 'static';
    return isNamed || index === undefined ? text : `${memoryName(module, index)} ${text}`;
  }

  function shortCell(cell: Cell): string {
    const { kind, index, address, segment } = cell;
    const named = namedCell(module, cell)?.name;
    switch (kind) {
      case 'global':
      case 'stack-pointer':
        return named ?? (index === undefined ? t('a global') : globalName(module, index));
      case 'memory':
        if (named !== undefined) return named;
        if (address?.base === 'static' && address.global === undefined) return `[${address.start},${address.end})`;
        return index === undefined ? t('a memory') : memoryName(module, index);
      case 'memory.grow':
        return index === undefined || module.memories.length === 1
          ? t('memory size')
          : t('size of {0}', memoryName(module, index));
      case 'table':
        return index === undefined ? t('a table') : tableName(module, index);
      case 'table.grow':
        return index === undefined || module.tables.length === 1
          ? t('table size')
          : t('size of {0}', tableName(module, index));
      case 'segment':
        return index === undefined ? t('a segment') : segmentName(module, segment ?? 'data', index);
      case 'heap':
        return t('heap objects');
      case 'anything':
        return t('anything');
      default:
        return t('host state');
    }
  }
}

/** A clause of a hint with at most `most` names of exports, of `length` characters each. */
interface Part {
  text(most: number, length: number): string;
}

/** As much as fits, whole clauses, the first one at least; shorter names before a clause less. */
function labelOf(cell: string, parts: readonly Part[]): string {
  const name = shorten(cell, NAME_LENGTH);
  for (let count = parts.length; count > 0; count--) {
    for (const [most, length] of [
      [2, NAME_LENGTH],
      [1, NAME_LENGTH],
    ]) {
      const label = `${name}: ${texts(parts.slice(0, count), most, length)}`;
      if (label.length <= LABEL_LENGTH)
        return count < parts.length && label.length < LABEL_LENGTH ? `${label}…` : label;
    }
  }
  // By whom is more telling than what: the instruction often has that, too.
  const [first] = parts;
  const alone = first.text(1, NAME_LENGTH);
  return alone.length <= LABEL_LENGTH ? alone : shorten(first.text(1, SHORT_NAME), LABEL_LENGTH);
}

const texts = (parts: readonly Part[], most: number, length: number): string =>
  parts.map((part) => part.text(most, length)).join(t(', '));

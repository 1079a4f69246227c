/**
 * References of a function, global, memory, table, type, tag or segment: all instructions and module
 * fields that name it. Scans the bodies on request, bounded by the number of instructions.
 */

import type { Location } from 'vscode-languageserver';
import { type Cell, mayBe } from '../../../core/analysis/cells.ts';

import type { TextRange } from '../../../core/text/lines.ts';
import { definitionOffset, type Item, itemOf } from '../../../core/text/moduleItems.ts';
import { Cursor, DecodeFailure } from '../../../core/wasm/cursor.ts';
import { BlockForm, type Instruction, readInstruction } from '../../../core/wasm/immediates.ts';
import { IMM, Imm } from '../../../core/wasm/instructions.ts';
import type { ConstExpr, Module } from '../../../core/wasm/module.ts';
import { skipInstruction, skipLocals } from '../../../core/wasm/skip.ts';
import { entityAt } from '../documents/entityAt.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { meantBy } from './definition.ts';

/** Limit of scanned instructions: about a second of work. */
const MAX_INSTRUCTIONS = 20_000_000;
const MAX_REFERENCES = 5000;

/** Where the item at a position is named: at most 5,000 places. Empty where none is named, and for locals. */
export function references(
  doc: ModuleDocument,
  line: number,
  character: number,
  includeDeclaration: boolean,
): Location[] {
  const entity = entityAt(doc, line, character);
  const item = entity && meantBy(doc.module, entity);
  if (item === undefined) return [];
  const offsets = [...fieldReferences(doc.module, item), ...codeReferences(doc, item)];
  const declared = definitionOffset(doc.module, item);
  if (includeDeclaration && declared !== undefined) offsets.unshift(declared);
  // An elided body shows one line for everything in it.
  const shown = new Set<string>();
  const locations: Location[] = [];
  for (const offset of offsets) {
    if (locations.length >= MAX_REFERENCES) break;
    const range = doc.map.rangeOf(offset);
    const place = range && `${range.start.line}:${range.start.character}`;
    if (place === undefined || shown.has(place)) continue;
    shown.add(place);
    locations.push({ uri: doc.textUri, range: range as TextRange });
  }
  return locations;
}

/** Offsets of the exports, segments, initialisers and start section that name the item. */
function fieldReferences(module: Module, item: Item): number[] {
  const found: number[] = [];
  for (const exported of module.exports) {
    const { kind, index } = itemOf(exported.kind, exported.index);
    if (kind === item.kind && index === item.index) found.push(exported.offset);
  }
  if (item.kind === 'function' && module.start?.func === item.index) found.push(module.start.offset);
  for (const { init, offset } of module.globals) if (exprNames(module, init, item)) found.push(offset);
  for (const { init, offset } of module.tables) if (exprNames(module, init, item)) found.push(offset);
  for (const segment of module.elements) {
    const names =
      (item.kind === 'function' && segment.functions?.includes(item.index)) ||
      (item.kind === 'table' && segment.mode === 'active' && segment.table === item.index) ||
      exprNames(module, segment.offsetExpr, item) ||
      segment.exprs?.some((expr) => exprNames(module, expr, item));
    if (names) found.push(segment.offset);
  }
  for (const segment of module.data) {
    const names = item.kind === 'memory' && segment.mode === 'active' && segment.memory === item.index;
    if (names || exprNames(module, segment.offsetExpr, item)) found.push(segment.offset);
  }
  if (item.kind === 'type') found.push(...typeUses(module, item.index));
  return found;
}

/** Functions and tags of a type. */
function typeUses(module: Module, type: number): number[] {
  const found: number[] = [];
  module.functions.typeIndex.forEach((used, func) => {
    const offset = used === type ? definitionOffset(module, { kind: 'function', index: func }) : undefined;
    if (offset !== undefined) found.push(offset);
  });
  for (const { typeIndex, offset } of module.tags) if (typeIndex === type) found.push(offset);
  return found;
}

function exprNames(module: Module, expr: ConstExpr | undefined, item: Item): boolean {
  if (expr === undefined) return false;
  for (let at = expr.start; at < expr.end; ) {
    const instruction = readInstruction(module.bytes, at, expr.end);
    if (!('id' in instruction)) return false;
    if (names(instruction, item)) return true;
    at = instruction.end;
  }
  return false;
}

/** Kinds of immediates that can name an item of each kind. */
const CARRIERS: Readonly<Partial<Record<Item['kind'], readonly number[]>>> = {
  function: [Imm.Func],
  global: [Imm.Global],
  table: [Imm.Table, Imm.TypeUse, Imm.TableTable, Imm.ElemTable],
  memory: [Imm.Memarg, Imm.MemargLane, Imm.Memory, Imm.MemoryMemory, Imm.DataMemory],
  tag: [Imm.Tag, Imm.TryTable],
  data: [Imm.Data, Imm.DataMemory, Imm.TypeData],
  element: [Imm.Elem, Imm.ElemTable, Imm.TypeElem],
  type: [
    Imm.Type,
    Imm.TypeUse,
    Imm.BlockType,
    Imm.TryTable,
    Imm.TypeField,
    Imm.TypeCount,
    Imm.TypeData,
    Imm.TypeElem,
    Imm.TypeType,
  ],
};

function codeReferences(doc: ModuleDocument, item: Item): number[] {
  const { module } = doc;
  const carriers = CARRIERS[item.kind];
  if (carriers === undefined) return [];
  const { bodyStart, bodyEnd } = module.functions;
  const mayName = candidates(doc, item);
  const found: number[] = [];
  let left = MAX_INSTRUCTIONS;
  for (let i = 0; i < bodyStart.length && left > 0 && found.length < MAX_REFERENCES; i++) {
    if (bodyEnd[i] === 0 || mayName?.(i + module.functions.imported) === false) continue;
    const cursor = new Cursor(module.bytes, bodyStart[i], bodyEnd[i]);
    try {
      skipLocals(cursor);
      for (; !cursor.atEnd() && left > 0; left--) {
        const at = cursor.pos;
        const id = skipInstruction(cursor);
        if (!carriers.includes(IMM[id])) continue;
        const instruction = readInstruction(module.bytes, at, bodyEnd[i]);
        if ('id' in instruction && names(instruction, item)) found.push(at);
      }
    } catch (error) {
      // What follows an undecodable instruction cannot be shown.
      if (!(error instanceof DecodeFailure)) throw error;
    }
  }
  return found.slice(0, MAX_REFERENCES);
}

/**
 * The bodies that may name a function or mutable global, by the analysis, so that most need no scan. The
 * analysis ignores unreachable code. Undefined if any body may.
 */
function candidates(
  { module, analysis }: ModuleDocument,
  { kind, index }: Item,
): ((func: number) => boolean) | undefined {
  const { graph, facts, effects } = analysis;
  if (analysis.partial !== undefined) return undefined;
  const touches = (func: number, wanted: (cell: Cell) => boolean): boolean => {
    for (let row = facts.start[func]; row < facts.start[func + 1]; row++)
      if (wanted(effects[facts.effect[row]].cell)) return true;
    return false;
  };
  if (kind === 'global' && module.globals[index]?.mutable) {
    return (func) => touches(func, (cell) => mayBe(cell, ['global', 'stack-pointer'], index));
  }
  if (kind !== 'function') return undefined;
  return (func) => {
    for (let edge = graph.start[func]; edge < graph.start[func + 1]; edge++)
      if (graph.target[edge] === index) return true;
    // Calls of imported functions are effects, not edges.
    return touches(func, (cell) => cell.kind === 'host-unknown' || mayBe(cell, ['host'], index));
  };
}

/** Whether the immediates name the item. */
function names({ id, values }: Instruction, { kind, index }: Item): boolean {
  const [first, second] = values;
  switch (IMM[id]) {
    case Imm.Func:
    case Imm.Global:
    case Imm.Tag:
    case Imm.Table:
    case Imm.Memory:
    case Imm.Data:
    case Imm.Elem:
    case Imm.Type:
    case Imm.TypeField:
    case Imm.TypeCount:
      return first === index;
    case Imm.TypeUse:
      return kind === 'type' ? first === index : second === index;
    case Imm.BlockType:
      return first === BlockForm.Type && second === index;
    case Imm.TableTable:
    case Imm.MemoryMemory:
    case Imm.TypeType:
      return first === index || second === index;
    case Imm.ElemTable:
    case Imm.DataMemory:
      return kind === 'element' || kind === 'data' ? first === index : second === index;
    case Imm.TypeData:
    case Imm.TypeElem:
      return kind === 'type' ? first === index : second === index;
    case Imm.Memarg:
    case Imm.MemargLane:
      return second === index;
    case Imm.TryTable:
      if (kind === 'type') return first === BlockForm.Type && second === index;
      return values.some((value, at) => at >= 3 && at % 3 === 0 && value === index && values[at - 1] < 2);
    default:
      return false;
  }
}

/** What one instruction does to shared state, from the facts of its function. */
import { readInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { type AccessKind, type CellKind, mayBe } from './cells.ts';
import { OWN } from './functionFacts.ts';
import type { Analysis } from './model.ts';

/** Effect ids of one instruction. */
export interface EffectsAt {
  effects: number[];
  /**
   * Whether the facts name this very instruction. They keep only the first instruction of each effect; for a later
   * one, `effects` are those of its function that it can have.
   */
  exact: boolean;
}

const NOTHING: EffectsAt = { effects: [], exact: true };

/**
 * Effects of the instruction at byte `offset` of function `func`, without those of calls. None at a negative place, which is
 * that of an access of the host.
 */
export function effectsAt(
  module: Module,
  analysis: Pick<Analysis, 'facts' | 'effects'>,
  func: number,
  offset: number,
): EffectsAt {
  const { start, effect, site, originNode } = analysis.facts;
  if (func < 0 || offset < 0 || func + 1 >= start.length) return NOTHING;
  const own: number[] = [];
  for (let row = start[func]; row < start[func + 1]; row++)
    if (site[row] === offset && originNode[row] === OWN) own.push(effect[row]);
  // The place of an imported function is its import, whose bytes are no instruction.
  const wanted = func < module.functions.imported ? undefined : wantedAt(module, offset);
  if (wanted === undefined) return { effects: own, exact: true };
  const matches = (id: number): boolean => {
    const { cell, access } = analysis.effects[id];
    if (!wanted.access.includes(access)) return false;
    if (wanted.index !== undefined) return mayBe(cell, wanted.kinds, wanted.index);
    return cell.kind === 'anything' || wanted.kinds.includes(cell.kind);
  };
  // The first access of a memory also has the fact that it reads the memory's extent.
  if (own.some(matches)) return { effects: own, exact: true };
  const effects: number[] = [];
  for (let row = start[func]; row < start[func + 1]; row++) {
    if (originNode[row] === OWN && matches(effect[row]) && !effects.includes(effect[row])) effects.push(effect[row]);
  }
  return { effects, exact: effects.length === 1 };
}

interface Wanted {
  kinds: readonly CellKind[];
  access: readonly AccessKind[];
  index: number | undefined;
}

const READS: readonly AccessKind[] = ['read'];
const WRITES: readonly AccessKind[] = ['write'];
const BOTH: readonly AccessKind[] = ['read', 'write'];
const ATOMIC: readonly AccessKind[] = ['atomic-read', 'atomic-write'];

const WANTED: Readonly<Record<number, readonly [kinds: readonly CellKind[], access: readonly AccessKind[]]>> = {
  [Access.Load]: [['memory'], READS],
  [Access.Store]: [['memory'], WRITES],
  [Access.AtomicLoad]: [['memory'], ATOMIC],
  [Access.AtomicStore]: [['memory'], ATOMIC],
  [Access.AtomicRmw]: [['memory'], ATOMIC],
  [Access.AtomicWait]: [['memory'], ATOMIC],
  [Access.AtomicNotify]: [['memory'], ATOMIC],
  [Access.MemorySize]: [['memory.grow'], ['read', 'atomic-read']],
  [Access.MemoryGrow]: [['memory.grow'], ['write', 'atomic-write']],
  [Access.MemoryFill]: [['memory'], WRITES],
  [Access.MemoryCopy]: [['memory'], BOTH],
  [Access.MemoryInit]: [['memory'], WRITES],
  [Access.GlobalGet]: [['global', 'stack-pointer'], READS],
  [Access.GlobalSet]: [['global', 'stack-pointer'], WRITES],
  [Access.TableGet]: [['table'], READS],
  [Access.TableSet]: [['table'], WRITES],
  [Access.TableSize]: [['table.grow'], READS],
  [Access.TableGrow]: [['table.grow'], WRITES],
  [Access.TableFill]: [['table'], WRITES],
  [Access.TableCopy]: [['table'], BOTH],
  [Access.TableInit]: [['table'], WRITES],
};

/** Kinds of effect that the instruction at `offset` has by its opcode. */
function wantedAt(module: Module, offset: number): Wanted | undefined {
  const instruction = readInstruction(module.bytes, offset, module.bytes.length);
  if (!('id' in instruction) || MNEMONIC[instruction.id] === undefined) return undefined;
  const row = WANTED[ACCESS[instruction.id]];
  if (row === undefined) return undefined;
  return { kinds: row[0], access: row[1], index: indexOf(instruction.id, instruction.values) };
}

/** Memory, global or table that the immediates name, undefined where they name two. */
function indexOf(id: number, values: readonly number[]): number | undefined {
  switch (IMM[id]) {
    case Imm.Memarg:
    case Imm.MemargLane:
    case Imm.DataMemory:
    case Imm.ElemTable:
      return values[1];
    case Imm.Global:
    case Imm.Memory:
    case Imm.Table:
      return values[0];
    default:
      return undefined;
  }
}

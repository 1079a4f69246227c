/** Which facts of its function an instruction can have: the facts name only the first instruction of each effect. */

import { Cursor } from '../../wasm/cursor.ts';
import { type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, WIDTH } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { type AccessKind, type Effect, isAtomic, mayBe, stateKind } from '../cells.ts';
import { hostFunctionOf, isWasi } from '../host/hostFunctionOf.ts';
import type { GuardInput } from '../onceGuards.ts';

/** Whether the instruction can have an effect, one of the facts of its function, whose first instruction is at `site`. */
export type RowTest = (effect: Effect, site: number) => boolean;

/**
 * The test for the instruction at byte `offset` of a function. `place`: the fixed address of an access of a memory, -1 where
 * it has none.
 */
export function rowsAt(module: Module, input: GuardInput, func: number, offset: number, place: number): RowTest {
  const instruction = nextInstruction(new Cursor(module.bytes, offset, module.bytes.length));
  const access = ACCESS[instruction.id];
  if (access === Access.Call || access === Access.CallIndirect || access === Access.CallRef)
    return calling(module, input, instruction, access);
  const wanted = accessTest(instruction, access, place);
  if (!SINGLE.has(access)) return (effect, site) => site === offset || wanted(effect, site);
  // A load or store has one effect. If this is the first instruction of one, it has no other but the extent.
  const { facts, effects } = input;
  for (let row = facts.start[func]; row < facts.start[func + 1]; row++) {
    const effect = effects[facts.effect[row]];
    if (facts.site[row] === offset && effect.cell.kind !== 'memory.grow')
      return ({ cell }, site) => site === offset || cell.kind === 'memory.grow';
  }
  return wanted;
}

const SINGLE: ReadonlySet<number> = new Set([
  Access.Load,
  Access.Store,
  Access.AtomicLoad,
  Access.AtomicStore,
  Access.AtomicRmw,
]);

const KINDS: Readonly<Record<number, readonly AccessKind[]>> = {
  [Access.Load]: ['read'],
  [Access.Store]: ['write'],
  [Access.MemoryFill]: ['write'],
  [Access.MemoryInit]: ['write'],
  [Access.MemoryCopy]: ['read', 'write'],
};

function accessTest(i: Instruction, access: number, place: number): RowTest {
  const named = IMM[i.id] === Imm.Global || IMM[i.id] === Imm.Memory ? i.values[0] : undefined;
  if (access === Access.GlobalGet || access === Access.GlobalSet) {
    const kind: AccessKind = access === Access.GlobalGet ? 'read' : 'write';
    return ({ cell, access: done }) => done === kind && mayBe(cell, ['global', 'stack-pointer'], named ?? -1);
  }
  if (access >= Access.Load && access <= Access.MemoryInit) {
    const kinds = KINDS[access];
    const width = Math.max(1, WIDTH[i.id]);
    return (effect) => {
      if (effect.cell.kind === 'memory.grow') return true;
      if (effect.cell.kind === 'segment') return access === Access.MemoryInit;
      if (effect.cell.kind !== 'memory') return false;
      if (kinds === undefined ? !isAtomic(effect) : !kinds.includes(effect.access)) return false;
      const { address } = effect.cell;
      const isFixed = place >= 0 && address?.base === 'static' && address.global === undefined && SINGLE.has(access);
      return !isFixed || (address.start < place + width && place < address.end);
    };
  }
  // What is rare is not told apart.
  return ({ cell }) => cell.kind !== 'memory' && stateKind(cell) !== 'global';
}

/** A call of the host, or one of a function that does something through what its caller passes. */
function calling(module: Module, { facts, effects }: GuardInput, i: Instruction, access: number): RowTest {
  const offset = i.start;
  if (access !== Access.Call) {
    return (effect, site) => site === offset || effect.cell.kind !== 'global';
  }
  const [callee] = i.values;
  if (callee < module.functions.imported) {
    const imported = module.imports.filter(({ kind }) => kind === 'func')[callee];
    // What is not known to work on the memory is only a call of the host.
    const touchesMemory = imported === undefined || isWasi(imported) || hostFunctionOf(module, imported) !== undefined;
    return ({ cell }, site) => site === offset || (cell.kind === 'memory' ? touchesMemory : cell.kind !== 'global');
  }
  const through = new Set<AccessKind>();
  for (let row = facts.start[callee]; row < facts.start[callee + 1]; row++) {
    const { cell, access: kind } = effects[facts.effect[row]];
    if (cell.kind === 'memory' && cell.address?.base !== 'static' && cell.address?.base !== 'unknown')
      through.add(kind);
  }
  return (effect, site) => site === offset || (effect.cell.kind === 'memory' && through.has(effect.access));
}

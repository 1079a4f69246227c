/** Which facts of its function an instruction can have: the facts name only the first instruction of each effect. */
import { Cursor } from '../../wasm/cursor.ts';
import { type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, WIDTH } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { type AccessKind, type Address, type Effect, isAtomic, mayBe, stateKind } from '../cells.ts';
import { hostFunctionOf, isWasi } from '../host/hostFunctionOf.ts';
import { AddressFrom } from './lockFindings.ts';

/** Whether the instruction can have an effect, one of what its function does itself, whose first instruction is at `site`. */
export type RowTest = (effect: Effect, site: number) => boolean;

/**
 * The test for the instruction at byte `offset` of a function. `place`: the address of an access of a memory, or what is
 * known of it.
 */
export function rowsAt(module: Module, offset: number, place: number): RowTest {
  const instruction = nextInstruction(new Cursor(module.bytes, offset, module.bytes.length));
  const access = ACCESS[instruction.id];
  if (access === Access.CallIndirect || access === Access.CallRef)
    return ({ cell }, site) => site === offset || (cell.kind !== 'global' && cell.kind !== 'memory');
  if (access === Access.Call) return calling(module, instruction);
  const wanted = accessTest(instruction, access, place);
  return (effect, site) => site === offset || wanted(effect, site);
}

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
    const isSingle = access <= Access.AtomicRmw;
    const width = Math.max(1, WIDTH[i.id]);
    return (effect) => {
      if (effect.cell.kind === 'memory.grow') return true;
      if (effect.cell.kind === 'segment') return access === Access.MemoryInit;
      if (effect.cell.kind !== 'memory') return false;
      if (kinds === undefined ? !isAtomic(effect) : !kinds.includes(effect.access)) return false;
      return !isSingle || mayLieAt(effect.cell.address, place, width);
    };
  }
  // What is rare is not told apart.
  return ({ cell }) => cell.kind !== 'memory' && stateKind(cell) !== 'global';
}

/** Whether an access of `width` bytes at a place can be one at an address. */
function mayLieAt(address: Address | undefined, place: number, width: number): boolean {
  if (address?.base !== 'static' || address.global !== undefined) return true;
  // The same value cannot be found to be a fixed address: it comes from outside.
  if (place === AddressFrom.Parameter || place === AddressFrom.Loaded) return false;
  return place < 0 || (address.start < place + width && place < address.end);
}

/** What a call of the host does; a call of a function does nothing by itself. */
function calling(module: Module, { start, values: [callee] }: Instruction): RowTest {
  if (callee >= module.functions.imported) return (_, site) => site === start;
  const imported = module.imports.filter(({ kind }) => kind === 'func')[callee];
  // What is not known to work on the memory is only a call of the host.
  const touchesMemory = imported === undefined || isWasi(imported) || hostFunctionOf(module, imported) !== undefined;
  return ({ cell }, site) => site === start || (cell.kind === 'memory' ? touchesMemory : cell.kind !== 'global');
}

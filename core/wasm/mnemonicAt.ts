/** The instruction at a byte offset, for sentences. */
import { readInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';

/** Mnemonic of the instruction at byte `offset`, undefined if none can be read there. */
export function mnemonicAt(bytes: Uint8Array, offset: number): string | undefined {
  const instruction = readInstruction(bytes, offset, bytes.length);
  return 'id' in instruction ? MNEMONIC[instruction.id] : undefined;
}

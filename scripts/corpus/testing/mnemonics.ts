/** The instructions of each body in order, according to our reader and to an independent disassembler. */
import { readInstruction } from '../../../core/wasm/immediates.ts';
import { MNEMONIC } from '../../../core/wasm/instructions.ts';
import type { Module } from '../../../core/wasm/module.ts';

/** Mnemonics of each defined function, without the `end` of the body. */
export function ourMnemonics({ bytes, functions }: Module): string[][] {
  const bodies: string[][] = [];
  for (let i = 0; i < functions.bodyStart.length; i++) {
    const mnemonics: string[] = [];
    const end = functions.bodyEnd[i];
    for (let at = afterLocals(bytes, functions.bodyStart[i]); at < end; ) {
      const instruction = readInstruction(bytes, at, end);
      if ('message' in instruction) throw new Error(`body ${i}, offset ${instruction.offset}: ${instruction.message}`);
      mnemonics.push(MNEMONIC[instruction.id]!);
      at = instruction.end;
    }
    if (mnemonics.pop() !== 'end') throw new Error(`body ${i} does not end with end`);
    bodies.push(mnemonics);
  }
  return bodies;
}

/**
 * Offset after the locals vector of a well-formed body: counts and value types (one byte, or a reference with its heap
 * type).
 */
function afterLocals(bytes: Uint8Array, start: number): number {
  let at = start;
  const u32 = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  for (let groups = u32(); groups > 0; groups--) {
    u32();
    const type = bytes[at++];
    if (type === 0x63 || type === 0x64) u32();
  }
  return at;
}

/**
 * Mnemonics of each function in the text that wasm-tools prints: a line for each field, and one
 * for each instruction, its first word.
 */
export function theirMnemonics(text: string): string[][] {
  const bodies: string[][] = [];
  let body: string[] | undefined;
  for (const line of text.split('\n')) {
    const trimmed = line.trimStart();
    const level = line.length - trimmed.length;
    if (level <= 2) {
      // `(func ...)` on one line is a body of no instructions.
      body = trimmed.startsWith('(func') ? [] : undefined;
      if (body !== undefined) bodies.push(body);
      continue;
    }
    if (body === undefined || trimmed.startsWith('(local')) continue;
    // The last line of a field closes it, and `;; label = @1` and the like follow the instruction.
    const word = /^[a-z][a-z0-9_.]*/.exec(trimmed);
    if (word !== null) body.push(word[0]);
  }
  return bodies;
}

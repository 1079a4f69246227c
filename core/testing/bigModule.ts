/** A module that takes a while to analyse: many functions, each of which calls others and writes memory. */
import { leb } from './binary.ts';

const concat = (parts: Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** A section of bytes; the function in binary.ts builds small ones from arrays of numbers. */
const section = (id: number, contents: Uint8Array): Uint8Array =>
  concat([Uint8Array.from([id, ...leb(contents.length)]), contents]);

/** `functions` functions of `stores` stores each, the first one exported as `run`. */
export function bigModule(functions: number, stores: number): Uint8Array {
  const types = Uint8Array.of(1, 0x60, 0, 0);
  const declared = Uint8Array.from([...leb(functions), ...new Array(functions).fill(0)]);
  const exported = Uint8Array.of(1, 3, 0x72, 0x75, 0x6e, 0, 0);
  const bodies = [Uint8Array.from(leb(functions))];
  for (let func = 0; func < functions; func++) {
    const code: number[] = [0];
    for (let i = 0; i < stores; i++) {
      // i32.const <address>; i32.const 1; i32.store
      code.push(0x41, ...leb((func * 64 + i) & 0x1f), 0x41, 1, 0x36, 2, 0);
    }
    code.push(0x10, ...leb((func * 7 + 1) % functions), 0x10, ...leb((func + 1) % functions), 0x0b);
    bodies.push(Uint8Array.from([...leb(code.length), ...code]));
  }
  return concat([
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    section(1, types),
    section(3, declared),
    section(5, Uint8Array.of(1, 0, 1)),
    section(7, exported),
    section(10, concat(bodies)),
  ]);
}

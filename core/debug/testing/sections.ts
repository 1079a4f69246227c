/** For tests: binaries with other custom sections than those that compilers wrote. */
import { decodeModule } from '../../wasm/decode.ts';
import { Encoder } from '../../wasm/encoder.ts';

/** The bytes of a module without the custom sections that `drop` names. */
export function withoutSections(bytes: Uint8Array, drop: (name: string) => boolean): Uint8Array {
  const { sections } = decodeModule(bytes);
  const kept = sections.filter(({ id, name }) => id !== 0 || !drop(name));
  return Uint8Array.from([...bytes.slice(0, 8), ...kept.flatMap(({ offset, end }) => [...bytes.slice(offset, end)])]);
}

/** A custom section whose contents are one name, as `sourceMappingURL` has it. */
export function nameSection(section: string, name: string): Uint8Array {
  const body = new Encoder();
  body.name(section);
  body.name(name);
  const out = new Encoder();
  out.section(0, body);
  return out.bytes();
}

/** Bytes one after the other. */
export function joinedBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Where the functions of a module are, in the addresses of DWARF. Debug information that does not fit them is of other
 * code: an optimiser has changed the module and left it behind.
 */
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import type { Module } from '../../wasm/module.ts';
import { skipLocals } from '../../wasm/skip.ts';
import { countUpTo } from './numberList.ts';

const CODE = 10;

/** The code of a module. Addresses count from the first byte of the contents of the code section. */
export class ModuleCode {
  readonly #module: Module;
  /** Byte offset of address 0 in the file. */
  readonly start: number;
  /** Number of addresses. */
  readonly size: number;

  constructor(module: Module) {
    this.#module = module;
    const section = module.sections.find(({ id }) => id === CODE);
    this.start = section?.start ?? 0;
    this.size = section === undefined ? 0 : section.end - section.start;
  }

  /** Whether a function ends before an address. The first one may begin where it did, whatever it has become. */
  isEnd(address: number): boolean {
    const body = this.#bodyAt(address - 1);
    return body !== -1 && this.#module.functions.bodyEnd[body] === address + this.start;
  }

  /** The address behind the function that begins at an address; undefined if none does. */
  endOf(address: number): number | undefined {
    const body = this.#bodyAt(address);
    if (body === -1 || !this.#beginsAt(body, address)) return undefined;
    return this.#module.functions.bodyEnd[body] - this.start;
  }

  /** Whether a function begins at one address, and has another one in it. */
  beginsAround(start: number, address: number): boolean {
    const body = this.#bodyAt(address);
    return body !== -1 && this.#beginsAt(body, start);
  }

  /** Whether the function around an address ends at another one. */
  endsAround(end: number, address: number): boolean {
    const body = this.#bodyAt(address);
    return body !== -1 && this.#module.functions.bodyEnd[body] === end + this.start;
  }

  /** Index of the body around an address, its size included; -1 where there is none. */
  #bodyAt(address: number): number {
    const { entry, bodyEnd } = this.#module.functions;
    const offset = address + this.start;
    const body = countUpTo(entry, offset) - 1;
    return body >= 0 && offset < bodyEnd[body] ? body : -1;
  }

  /** With its size, as some tools count, with its locals, or with its code. */
  #beginsAt(body: number, address: number): boolean {
    const { entry, bodyStart, bodyEnd } = this.#module.functions;
    const offset = address + this.start;
    if (offset === entry[body] || offset === bodyStart[body]) return true;
    try {
      const c = new Cursor(this.#module.bytes, bodyStart[body], bodyEnd[body]);
      skipLocals(c);
      return offset === c.pos;
    } catch (error) {
      if (error instanceof DecodeFailure) return false;
      throw error;
    }
  }
}

/** The module with the functions that go through lines; see lineCode.ts. */
import { Encoder } from '../../../wasm/encoder.ts';
import { I32, type Limits } from '../../../wasm/types.ts';
import { wasmEngine } from '../../../wasm/webAssembly.ts';
import { end } from '../../rewrite/emit.ts';
import { type LineFunction, lineFunctions } from './lineCode.ts';

const MAGIC_AND_VERSION = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const OWN: Limits = { min: 0n, max: undefined, is64: false, shared: false, pageSizeLog2: undefined };

/** The contents of a section: a vector. */
function vector<T>(items: readonly T[], write: (e: Encoder, item: T, position: number) => void): Encoder {
  const e = new Encoder();
  e.u32(items.length);
  for (const [position, item] of items.entries()) write(e, item, position);
  return e;
}

/** The bytes of the module, for a guest's memory with these limits. */
function moduleBytes(guest: Limits): Uint8Array {
  const functions = Object.entries(lineFunctions(guest.is64));
  const memories: [name: string, limits: Limits][] = [
    ['guest', guest],
    ['own', OWN],
  ];
  const out = new Encoder(2048);
  out.copy(MAGIC_AND_VERSION);
  out.section(1, vector(functions, functionType));
  out.section(2, vector(memories, memoryImport));
  out.section(
    3,
    vector(functions, (e, _, position) => e.u32(position)),
  );
  out.section(
    7,
    vector(functions, (e, [name], position) => e.export(name, 'func', position)),
  );
  out.section(10, vector(functions, functionBody));
  return out.bytes();
}

function functionType(e: Encoder, [, { params }]: [string, LineFunction]): void {
  e.u8(0x60);
  e.u32(params);
  for (let i = 0; i < params; i++) e.valType(I32);
  e.u32(0);
}

function memoryImport(e: Encoder, [name, limits]: [string, Limits]): void {
  e.name('memory');
  e.name(name);
  e.u8(2);
  e.limits(limits);
}

function functionBody(e: Encoder, [, { locals, write }]: [string, LineFunction]): void {
  const body = vector(locals, (code, type) => {
    code.u32(1);
    code.valType(type);
  });
  write(body);
  end(body);
  e.u32(body.length);
  e.copy(body.bytes());
}

const compiled = new Map<string, object>();

/** The compiled module, which imports `memory` `guest` and `own`, for guests' memories with these limits. */
export function lineModule({ max, is64, shared, pageSizeLog2 }: Omit<Limits, 'min'>): object {
  const guest: Limits = { min: 0n, max: shared ? max : undefined, is64, shared, pageSizeLog2 };
  const key = `${guest.max} ${is64} ${shared} ${pageSizeLog2}`;
  let known = compiled.get(key);
  if (known === undefined) {
    known = new wasmEngine.Module(moduleBytes(guest));
    compiled.set(key, known);
  }
  return known;
}

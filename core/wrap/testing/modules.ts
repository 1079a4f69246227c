/** Binaries that wrappers are generated for in tests: fixtures, sources made for the purpose, and real modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../../testing/paths.ts';
import { SOURCES } from './sources.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FIXTURES, name)));

const FILES = [
  'counter-global.wasm',
  'counter-memory.wasm',
  'bump-allocator.wasm',
  'caller-buffer.wasm',
  'grow-vs-write.wasm',
  'host-import.wasm',
  'mixed-atomics.wasm',
  'plugin-table.wasm',
  'pure.wasm',
  'shadow-stack.wasm',
  'shared-data.wasm',
  'threads-atomics.wasm',
];

/** What compilers and linkers make: many parameters, long names, imports of a component. */
const REAL = ['wasm-tools.core.wasm', 'wasm-tools.core2.wasm'];
const VENDOR = join(import.meta.dirname, '../../../node_modules/@bytecodealliance/jco-transpile/vendor');

/** A module, and the name of the file that it would be in. */
export interface TestModule {
  file: string;
  bytes: Uint8Array;
}

/** All of them, compiled. */
export async function testModules(): Promise<TestModule[]> {
  const made = await Promise.all(
    Object.entries(SOURCES).map(async ([file, source]) => ({ file, bytes: await parse(source) })),
  );
  const real = REAL.map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(VENDOR, file))) }));
  return [...FILES.map((file) => ({ file, bytes: fixture(file) })), ...made, ...real];
}

/** One of them, by its file name. */
export async function testModule(file: string): Promise<TestModule> {
  const source = SOURCES[file];
  return { file, bytes: source === undefined ? fixture(file) : await parse(source) };
}

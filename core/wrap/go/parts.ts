/** Pieces that all Go templates are made of: types, imports, fields. */
import type { NumType } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';

/** Import path of wazero; its other packages are below it. */
export const WAZERO = 'github.com/tetratelabs/wazero';

/** The oldest releases that generated code works with; tests run it with this wazero. */
export const GO_VERSIONS = 'Needs wazero 1.7.3 or later, and Go 1.20 or later.';

/** Unsigned, because an i32 is mostly an address or a size. */
export const GO_TYPES: Readonly<Record<NumType, string>> = {
  i32: 'uint32',
  i64: 'uint64',
  f32: 'float32',
  f64: 'float64',
};

/** `protocolAdvice` in the terms of the Go templates. `names`: the method of each export. */
export const goProtocolAdvice = (input: WrapInput, names: ReadonlyMap<WrapExport, { raw: string }>): string[] =>
  protocolAdvice(input, {
    nameOf: (one) => names.get(one)?.raw ?? '',
    memory: input.surface.memory ? { write: 'WriteMemory', read: 'ReadMemory' } : undefined,
    hold: 'Do',
  });

/** The import declaration: standard packages, then others, each in order. */
export function goImports(paths: readonly string[]): string {
  const unique = [...new Set(paths)].sort();
  const standard = unique.filter((path) => !path.includes('.'));
  const others = unique.filter((path) => path.includes('.'));
  const lines = [...standard, '', ...others].map((path) => (path === '' ? '' : `\t"${path}"`));
  return `import (\n${lines.join('\n')}\n)\n`;
}

/** Further parameters of a function, `, address, size uint32, mode uint64`: the type stands behind the last of its kind. */
export const goParameters = (list: readonly { name: string; type: string }[]): string =>
  list.map(({ name, type }, i) => (list[i + 1]?.type === type ? `, ${name}` : `, ${name} ${type}`)).join('');

/** Fields of a struct as gofmt aligns them. */
export function goFields(fields: readonly (readonly [name: string, type: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, type]) => `\t${name.padEnd(width)} ${type}`).join('\n');
}

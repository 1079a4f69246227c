/** Names of parameters: those that the module has, where it has them, else `p0`, `p1`. */

import type { Module } from '../wasm/module.ts';
import { readInnerNames } from '../wasm/sections/names.ts';
import { Identifiers, identifierOf, type Style } from './identifiers.ts';
import type { WrapExport } from './surface.ts';

/** Names of the name section for the parameters of a function, '' where there is none. */
export function namesOfParameters(module: Module, func: number, count: number): string[] {
  const range = module.names.locals.get(func);
  const names = range === undefined ? undefined : readInnerNames(module.bytes, range);
  return Array.from({ length: count }, (_, i) => names?.get(i) ?? '');
}

/** Longest list of parameters that is named: beyond, short names keep lines short. */
const MAX_LIST = 60;

/** An identifier for each parameter. `reserved`: what the body of the method uses. */
export function parameterNames(
  { params, names }: WrapExport,
  style: Exclude<Style, 'Pascal'>,
  reserved: Iterable<string>,
): string[] {
  const short = params.map((_, i) => `p${i}`);
  if (names.every((name) => identifierOf(name, style) === '')) return short;
  const scope = new Identifiers(style, [...reserved, ...short]);
  const found = params.map((_, i) => (identifierOf(names[i], style) === '' ? short[i] : scope.claim(names[i], '')));
  return found.join(', ').length > MAX_LIST ? short : found;
}

/** Names of parameters: those that the module has, where it has them, else `p0`, `p1`. */

import type { Module } from '../wasm/module.ts';
import { readInnerNames } from '../wasm/sections/names.ts';
import { Identifiers, identifierOf, type Style } from './identifiers.ts';

/** The first `count` names of the name section for the parameters of a function, '' where there is none. */
export function namesOfParameters(module: Module, func: number, count: number): string[] {
  const range = module.names.locals.get(func);
  const names = range === undefined ? undefined : readInnerNames(module.bytes, range);
  return Array.from({ length: count }, (_, i) => names?.get(i) ?? '');
}

/** Characters of the longest list of parameters with names of the module: beyond, short names keep lines short. */
const MAX_LIST = 60;

/**
 * A valid and distinct identifier for each parameter, made of `names`, the module's own ones ('' where it has none).
 * `reserved`: what the body of the method uses.
 */
export function parameterNames(
  names: readonly string[],
  style: Exclude<Style, 'Pascal'>,
  reserved: Iterable<string>,
): string[] {
  const short = names.map((_, i) => `p${i}`);
  if (names.every((name) => identifierOf(name, style) === '')) return short;
  const scope = new Identifiers(style, [...reserved, ...short]);
  const found = names.map((name, i) => (identifierOf(name, style) === '' ? short[i] : scope.claim(name, '')));
  return found.join(', ').length > MAX_LIST ? short : found;
}

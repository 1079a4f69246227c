/** Names of functions from the name section, and from the symbol map or the glue beside a module (`outerNames`). */
import type { Module } from '../wasm/module.ts';
import { emptyLayer, type Layer } from './layer.ts';

/** Knows names only. */
export const symbolInfo = ({ names }: Module): Layer => ({
  ...emptyLayer(),
  origin: names.functions.size > 0 ? 'symbols' : 'none',
  functionAt(index) {
    const name = names.functions.get(index);
    return name ? { name } : undefined;
  },
});

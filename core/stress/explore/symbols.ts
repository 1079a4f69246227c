/** Names in the source of what a result speaks of by minified names. */
import type { Module } from '../../wasm/module.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { calledExport } from '../scenario/steps.ts';

/** Most names; a module may import thousands of functions. */
const MOST = 60;

/**
 * By the name in the binary: of the exports that the scenario calls, and of the imports `reached`, as `module.name`. Undefined
 * where no file beside the module knows any.
 */
export function symbolsOf(
  { outerNames }: Module,
  { setup, callers, probe }: Pick<Scenario, 'setup' | 'callers' | 'probe'>,
  reached: readonly string[],
): Record<string, string> | undefined {
  if (outerNames === undefined) return undefined;
  const called = new Set([setup, ...callers, probe].flat().map(calledExport));
  const symbols = [
    ...[...called].map((name) => [name, outerNames.exports] as const),
    ...reached.map((name) => [name, outerNames.imports] as const),
  ].flatMap(([name, names]): [string, string][] => {
    const symbol = name === undefined ? undefined : names.get(name);
    return name === undefined || symbol === undefined ? [] : [[name, symbol]];
  });
  return symbols.length === 0 ? undefined : Object.fromEntries(symbols.slice(0, MOST));
}

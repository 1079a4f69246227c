/** Who calls a function and what it does, as the recogniser of a module's life asks. */
import type { Module } from '../../wasm/module.ts';
import { isWrite } from '../cells.ts';
import type { Analysis } from '../model.ts';
import { effectsOf } from '../queries.ts';

/** Whether direct calls lead from one function to another. */
export function isReachedFrom({ graph }: Pick<Analysis, 'graph'>, from: number, to: number): boolean {
  const seen = new Set([from]);
  const todo = [from];
  for (let func = todo.pop(); func !== undefined; func = todo.pop()) {
    for (let row = graph.start[func]; row < graph.start[func + 1]; row++) {
      const target = graph.target[row];
      if (target === to) return true;
      if (target >= graph.functions || seen.has(target)) continue;
      seen.add(target);
      todo.push(target);
    }
  }
  return false;
}

/** Functions that call each function directly; reads the whole graph once. */
export function directCallers({ graph }: Pick<Analysis, 'graph'>, wanted: ReadonlySet<number>): Map<number, number[]> {
  const found = new Map<number, number[]>([...wanted].map((func) => [func, []]));
  for (let func = 0; func < graph.functions; func++)
    for (let row = graph.start[func]; row < graph.start[func + 1]; row++) found.get(graph.target[row])?.push(func);
  return found;
}

/** Functions that a function calls directly, once each. */
export const directCallees = ({ graph }: Pick<Analysis, 'graph'>, func: number): number[] => [
  ...new Set([...graph.target.subarray(graph.start[func], graph.start[func + 1])].filter((f) => f < graph.functions)),
];

/** Whether an element segment lists the function. */
export const isAddressTaken = ({ elements }: Module, func: number): boolean =>
  elements.some(({ functions }) => functions?.includes(func) === true);

/** Whether a function has no effect on anything that calls share. */
export const reachesNothing = (analysis: Analysis, func: number): boolean => effectsOf(analysis, func).length === 0;

/** Whether a function writes a memory that instances have in common, beside stack frames. */
export const writesCommonMemory = (analysis: Analysis, func: number): boolean => {
  const { memories } = analysis.sharing;
  const isCommon = (index: number | undefined): boolean =>
    index === undefined ? memories.some(({ common }) => common) : memories[index]?.common === true;
  return effectsOf(analysis, func).some((id) => {
    const effect = analysis.effects[id];
    const { kind, address, index } = effect.cell;
    return (
      isWrite(effect) && (kind === 'anything' || (kind === 'memory' && address?.base !== 'stack')) && isCommon(index)
    );
  });
};

/** Calls that generated code makes in a new instance before its API works. */
import type { Life } from '../analysis/life/lifeModel.ts';
import type { Module } from '../wasm/module.ts';
import { type Signature, signatureOf } from './signature.ts';

/** A call with its arguments. */
export interface LifeCall extends Signature {
  name: string;
  /** Integers of 32 bits, one for each parameter. */
  args: readonly number[];
  /** Once for all instances over a memory that they share, or in each instance. */
  per: 'memory' | 'instance';
}

/** The calls with constant arguments, those that write a shared memory first. What a further thread needs is not among them. */
export function lifeCalls(module: Module, { steps }: Life): LifeCall[] {
  const calls = steps.flatMap(({ call, args, per }): LifeCall[] => {
    const func = module.exports.find(({ kind, name }) => kind === 'func' && name === call)?.index;
    const signature = func === undefined ? '' : signatureOf(module, func);
    const numbers = args.filter((one) => typeof one === 'number');
    if (per === 'thread' || typeof signature === 'string' || numbers.length < args.length) return [];
    return [{ name: call, args: numbers, per, ...signature }];
  });
  return [...calls.filter(({ per }) => per === 'memory'), ...calls.filter(({ per }) => per === 'instance')];
}

/** The main program of a command, which ends with an exit code. */
export const isMain = ({ name }: LifeCall): boolean => name === '_start';

/**
 * AssemblyScript's `env.abort`, which ends a call with the message of the exception, and what goes with it.
 * Source: https://www.assemblyscript.org/concepts.html#special-imports
 */
import { message } from '../../../text/l10n.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostOperation, HostOperations } from '../hostFunction.ts';
import { operating, readBytes, unsignedArgument } from '../hostOperations.ts';
import type { Preset } from './preset.ts';

/** Most characters of a message. */
const MAX_TEXT = 1000;

/** A managed string: UTF-16, its bytes counted in the word before it. */
function* stringAt(at: number): Generator<HostOperation, string, unknown> {
  if (at < 4) return '';
  const length = new DataView((yield* readBytes(at - 4, 4)).buffer).getUint32(0, true);
  return new TextDecoder('utf-16le').decode(yield* readBytes(at, Math.min(length, 2 * MAX_TEXT) & ~1));
}

function* abort([message, file, line, column]: number[]): Generator<HostOperation, never, unknown> {
  const text = yield* stringAt(message);
  const place = yield* stringAt(file);
  throw new Error(`${text === '' ? 'abort' : text}${place === '' ? '' : ` at ${place}:${line}:${column}`}`);
}

function* trace([message]: number[]): Generator<HostOperation, void, unknown> {
  yield* stringAt(message);
}

// biome-ignore lint/correctness/useYield: it touches no memory
function* seed(): HostOperations {
  return 0;
}

/** Functions by name, with how many parameters and results each has. */
const FUNCTIONS: Readonly<
  Record<string, { call: (args: number[]) => HostOperations; params: number; results: number }>
> = {
  abort: { call: abort, params: 4, results: 0 },
  trace: { call: trace, params: 7, results: 0 },
  seed: { call: seed, params: 0, results: 1 },
};

const knows = (module: string, name: string, { params, results }: FunctionType): boolean =>
  module === 'env' &&
  Object.hasOwn(FUNCTIONS, name) &&
  FUNCTIONS[name].params === params.length &&
  FUNCTIONS[name].results === results.length;

/** The preset. */
export const assemblyScript: Preset = {
  id: 'assemblyscript',
  recognises: (module, name, type) => name === 'abort' && knows(module, name, type),
  without: message('random seeds (0) and output of traces'),
  create: () => ({
    functionOf: (module, name, type) =>
      knows(module, name, type)
        ? operating(`${module}.${name}`, (args) => FUNCTIONS[name].call(args.map(unsignedArgument)))
        : undefined,
  }),
};

/**
 * Shadow stacks of callers that share a memory and have an instance each. Every instance starts with the same stack
 * pointer, so the frames of all callers lie in the same place unless somebody moves the pointer: the scenario, which stands
 * for a host that sets the pointer from outside, or the module itself in a call that sets up a thread.
 */

import type { Analysis } from '../../analysis/model.ts';
import { threadInitialiser } from '../../analysis/threadInitialisers.ts';
import { t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import { globalName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { ExecutionMode } from '../run/mode.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Session } from './session.ts';

/** Bytes of stack between one caller and the next. */
export const STACK_BYTES = 16 * 1024;

/** Where the stack pointer of a caller starts: a slice of the first one's stack; undefined where that is too small. */
function ownStack(first: unknown, caller: number): number | bigint | undefined {
  const below = caller * STACK_BYTES;
  if (typeof first === 'bigint') return first > BigInt(below) ? first - BigInt(below) : undefined;
  return typeof first === 'number' && first >>> 0 > below ? first - below : undefined;
}

/** The value that a scenario gives the stack pointer of a caller, in place of `first`; undefined where it gives none. */
export function givenStack(
  { stacks }: Pick<Scenario, 'stacks'>,
  first: unknown,
  caller: number,
): number | bigint | undefined {
  if (stacks === 'equal') return undefined;
  if (stacks === 'own') return ownStack(first, caller);
  return typeof first === 'bigint' ? BigInt(stacks[caller]) : stacks[caller];
}

/** The export of the stack pointer, or its import, through which a host can set it. */
function handleOf({ globals, exports, imports }: Module, pointer: number): 'exports' | 'imports' | undefined {
  if (globals[pointer]?.mutable !== true) return undefined;
  if (exports.some(({ kind, index }) => kind === 'global' && index === pointer)) return 'exports';
  return imports.some(({ kind, index }) => kind === 'global' && index === pointer) ? 'imports' : undefined;
}

/** Why a scenario cannot give callers stacks of their own, a sentence; undefined where it can, or does not want to. */
export function stackProblem(
  { stacks, callers }: Pick<Scenario, 'stacks' | 'callers'>,
  module: Module,
  { stackPointer, model }: Pick<Analysis, 'stackPointer' | 'model'>,
): string | undefined {
  if (stacks === 'equal') return undefined;
  if (model !== 'shared-memory')
    return t('stacks apply only to instances over one shared memory; the model is {0}', model);
  if (stackPointer < 0) return t('the module has no stack pointer that could be set');
  if (handleOf(module, stackPointer) === undefined)
    return t(
      "no host can set {0}: the module neither exports nor imports it as a mutable global (wasm-ld --export=__stack_pointer), so the callers' stacks overlap",
      globalName(module, stackPointer),
    );
  if (stacks !== 'own' && stacks.length !== callers.length)
    return t('{0} stack pointers are given for {1} callers', stacks.length, callers.length);
  return undefined;
}

/**
 * What a result says of the callers' stacks, where their calls use any. Runs the calls once more, one caller after the
 * other: calls that set up their thread move the pointer.
 */
export async function stackNote(session: Session): Promise<string | undefined> {
  const { scenario, module, analysis, model, callers, accesses, threadStorage } = session;
  const { stackPointer } = analysis;
  if (model !== 'shared-memory' || stackPointer < 0 || !Number.isFinite(accesses.lowestStack)) return undefined;
  if (callers.length < 2 || !analysis.sharing.memories[0]?.common) return undefined;
  const name = globalName(module, stackPointer);
  if (scenario.stacks !== 'equal') {
    const where =
      scenario.stacks === 'own'
        ? t('{0} of caller n starts n times {1} KiB lower', name, STACK_BYTES / 1024)
        : t('{0} starts with {1}', name, scenario.stacks.join(', '));
    const storage = threadStorage ? '' : t('Thread-local storage is not initialised.');
    return paragraph([
      t(
        'This holds only if callers have separate stacks: {0}, as the scenario says. The host must set {1} in each instance before its first call.',
        where,
        name,
      ),
      storage,
    ]);
  }
  if (await isMoved(session)) return undefined;
  const handle = handleOf(module, stackPointer);
  const initialiser = threadInitialiser(module);
  const how =
    // This one sets up storage, and moves no stack.
    initialiser !== undefined && initialiser !== '__wasm_init_tls'
      ? t(
          'The module exports {0}: make it the first call of each caller, as a host does for a new thread.',
          initialiser,
        )
      : handle !== undefined
        ? handle === 'exports'
          ? t(
              'The module exports the pointer, so a host can set it in each instance; "stacks": "own" in the scenario models that.',
            )
          : t(
              'The module imports the pointer, so a host can set it in each instance; "stacks": "own" in the scenario models that.',
            )
        : t(
            'Neither the host nor a caller can change that: the module neither exports nor imports the pointer, and has no export that sets up the stack of a thread.',
          );
  return t(
    "The callers' stacks overlap: every instance starts with the same {0}, and nothing moves it. {1}",
    name,
    how,
  );
}

/** Whether the calls of all callers leave stack pointers that differ. */
async function isMoved({ scheduler, callers, host, analysis }: Session): Promise<boolean> {
  host.reset();
  const order = callers.flatMap(({ index, calls }) => calls.map(() => index));
  await scheduler.serial.run(ExecutionMode.Probe, order);
  const ran = callers.filter(({ results }) => results.length > 0);
  const values = ran.map(({ instance }) => instance.globals[analysis.stackPointer]?.get());
  return ran.length > 1 && new Set(values).size === values.length;
}

/** From fresh instances to the base state: start functions, the stacks that the scenario gives, setup calls. */
import { onOneInstance } from '../../analysis/conflicts.ts';
import type { CallerCall } from '../run/caller.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { givenStack } from './callerStacks.ts';
import { fail } from './failure.ts';
import { type ActiveData, INSTANTIATION } from './instantiation.ts';
import type { Session } from './session.ts';

/**
 * Makes the state after that the base state. Callers that instantiate the module begin with instances as the engine made
 * them. `active`: data that a fresh memory does not have yet where all of them do.
 * @throws SessionError when a call of it traps
 */
export async function setUp(
  session: Session,
  setup: readonly CallerCall[],
  active: readonly ActiveData[],
): Promise<void> {
  const { scheduler, callers, instrumented, machine, model } = session;
  scheduler.mode = ExecutionMode.Off;
  const ready = callers.filter(({ calls: [first] }) => first.func !== INSTANTIATION);
  if (ready.length === 0)
    for (const { memory, at, start, end } of active)
      callers[0].instance.memories[memory].view.fill(0, at, at + end - start);
  for (const [i, caller] of ready.entries()) {
    if (instrumented.start === undefined || (onOneInstance(model) && i > 0)) continue;
    const result = await scheduler.one(caller, { func: instrumented.start, args: [] });
    if (result.startsWith('trap: ')) fail('setup', `the start function ended with a ${result}`);
  }
  giveStacks(session);
  for (const call of setup) {
    // Instances that share nothing are all set up in the same way; initialisers belong to each instance.
    const each = model === 'isolated' || (model === 'shared-memory' && isInitialiser(session, call));
    for (const caller of each ? ready : ready.slice(0, 1)) {
      const result = await scheduler.one(caller, call);
      // A program that exits successfully.
      if (result.startsWith('trap: ') && result !== 'trap: exit(0)')
        fail('setup', `the setup call ${call.text} ended with a ${result}`);
    }
  }
  if (scheduler.defect !== undefined) throw scheduler.defect;
  // Names of the setup are known to all callers, with the values of their own instance where it was set up by itself.
  const common = ready[0]?.named ?? new Map();
  for (const caller of callers) caller.namedBefore = new Map([...common, ...caller.named]);
  session.host.mark();
  machine.mark();
  const pointer = callers[0].instance.globals[session.analysis.stackPointer];
  if (pointer !== undefined) session.stackBase = Number(pointer.get());
}

/** Sets the stack pointers that the scenario gives to the callers. */
function giveStacks({ callers, analysis, scenario }: Session): void {
  for (const [i, caller] of callers.entries()) {
    const global = caller.instance.globals[analysis.stackPointer];
    const own = givenStack(scenario, global?.get(), i);
    if (own !== undefined) global?.set(own);
  }
}

/** What an embedder calls in every instance that it makes, before any other call. */
const INITIALISERS: readonly string[] = ['_initialize', '__wasm_call_ctors', '__wasm_init_memory', '__wbindgen_start'];

const isInitialiser = ({ module }: Session, { func }: CallerCall): boolean =>
  module.exports.some(({ kind, index, name }) => kind === 'func' && index === func && INITIALISERS.includes(name));

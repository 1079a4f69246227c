/** From fresh instances to the base state: start functions, separate stacks, setup calls. */
import { globalName } from '../../wasm/displayNames.ts';
import type { CallerCall } from '../run/caller.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { ownStack, STACK_BYTES } from './callerStacks.ts';
import { fail } from './failure.ts';
import type { Session } from './session.ts';

/**
 * Makes the state after that the base state.
 * @throws SessionError when a call of it traps
 */
export async function setUp(session: Session, setup: readonly CallerCall[]): Promise<void> {
  const { scheduler, callers, instrumented, machine, model } = session;
  scheduler.mode = ExecutionMode.Off;
  for (const [i, caller] of callers.entries()) {
    if (instrumented.start === undefined || (model === 'shared-instance' && i > 0)) continue;
    const result = await scheduler.one(caller, { func: instrumented.start, args: [] });
    if (result.startsWith('trap: ')) fail('setup', `the start function ended with a ${result}`);
  }
  if (model === 'shared-memory') separateStacks(session);
  for (const call of setup) {
    // Instances that share nothing are all set up alike.
    for (const caller of model === 'isolated' ? callers : callers.slice(0, 1)) {
      const result = await scheduler.one(caller, call);
      // A program that exits successfully.
      if (result.startsWith('trap: ') && result !== 'trap: exit(0)')
        fail('setup', `the setup call ${call.text} ended with a ${result}`);
    }
  }
  if (scheduler.defect !== undefined) throw scheduler.defect;
  session.host.mark();
  machine.mark();
  const pointer = callers[0].instance.globals[session.analysis.stackPointer];
  if (pointer !== undefined) session.stackBase = Number(pointer.get());
}

/** Gives each thread over one memory a stack of its own: a slice of the first one's. */
function separateStacks({ callers, analysis, module, notes }: Session): void {
  const pointer = analysis.stackPointer;
  if (pointer < 0 || !module.globals[pointer]?.mutable) return;
  for (const [i, caller] of callers.entries()) {
    const global = caller.instance.globals[pointer];
    const own = ownStack(global?.get(), i);
    if (i > 0 && own !== undefined) global?.set(own);
  }
  notes.push(
    `Each caller has a stack of its own: ${globalName(module, pointer)} of caller n starts n times ${STACK_BYTES / 1024} KiB lower. Thread-local storage is not initialised.`,
  );
}

/** From fresh instances to the base state: start functions, the stacks that the scenario gives, setup calls. */
import type { CallerCall } from '../run/caller.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { givenStack } from './callerStacks.ts';
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
  giveStacks(session);
  for (const call of setup) {
    // Instances that share nothing are all set up in the same way.
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

/** Sets the stack pointers that the scenario gives to the callers. */
function giveStacks({ callers, analysis, scenario }: Session): void {
  for (const [i, caller] of callers.entries()) {
    const global = caller.instance.globals[analysis.stackPointer];
    const own = givenStack(scenario, global?.get(), i);
    if (own !== undefined) global?.set(own);
  }
}

/** From fresh instances to the base state: start functions, the stacks that the scenario gives, life, setup calls. */

import { hasCommonMemory, onOneInstance } from '../../analysis/conflicts.ts';
import { t } from '../../text/l10n.ts';
import type { Caller } from '../run/caller.ts';
import { ExecutionMode } from '../run/mode.ts';
import { FAILS } from '../scenario/comparison.ts';
import { givenStack } from './callerStacks.ts';
import { fail } from './failure.ts';
import { type ActiveData, INSTANTIATION } from './instantiation.ts';
import type { SetupCall } from './preparation.ts';
import type { Session } from './session.ts';
import { lifeNote, setupFailure } from './setupFailure.ts';

/**
 * Makes the state after that the base state. Callers that instantiate the module begin with instances as the engine made
 * them. `active`: data that a fresh memory does not have yet where all of them do.
 * @throws SessionError when a call of it traps
 */
export async function setUp(
  session: Session,
  setup: readonly SetupCall[],
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
    const result = await scheduler.serial.one(caller, { func: instrumented.start, args: [] });
    if (scheduler.defect !== undefined) throw scheduler.defect;
    if (result.startsWith('trap: '))
      fail('setup', t('the start function ended with a trap: {0}', result.slice('trap: '.length)));
  }
  giveStacks(session);
  const ran: SetupCall[] = [];
  const counts = { life: 0, setup: 0 };
  for (const call of setup) {
    const path = [call.part, counts[call.part]++];
    const made = callersOf(session, call, ready);
    if (call.per === 'thread' && made.length > 0) session.threadStorage = true;
    if (call.part === 'life' && made.length > 0) ran.push(call);
    for (const caller of made) {
      const result = await scheduler.serial.one(caller, call);
      if (scheduler.defect !== undefined) throw scheduler.defect;
      // A program that exits successfully.
      if (result.startsWith('trap: ') && result !== 'trap: exit(0)')
        fail('setup', setupFailure(call, t('a trap: {0}', result.slice('trap: '.length))), undefined, path);
      if (result.startsWith(FAILS))
        fail(
          'setup',
          t('{0} does not hold after the setup steps before it', result.slice(FAILS.length)),
          undefined,
          path,
        );
    }
  }
  const left = setup.filter(({ part, per }) => part === 'life' && (ready.length === 0 || per !== 'memory'));
  if (ready.length < callers.length && left.length > 0)
    session.notes.push(
      t(
        "Callers that begin with $instantiate have an instance without the calls {0}: make them the caller's next calls if your host makes them.",
        left.map(({ text }) => text).join(t(', ')),
      ),
    );
  if (ran.length > 0) session.notes.push(t('Before the callers, the run called {0}.', lifeNote(ran)));
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

/** The callers in whose instances a call before all others is made. */
function callersOf({ model, analysis }: Session, { per }: SetupCall, ready: readonly Caller[]): readonly Caller[] {
  if (onOneInstance(model)) return per === 'thread' ? [] : ready.slice(0, 1);
  const shares = model === 'shared-memory';
  if (per === 'thread') return shares && hasCommonMemory(analysis.sharing.memories) ? ready.slice(1) : [];
  // Instances that share nothing are all set up in the same way.
  return shares && per === 'memory' ? ready.slice(0, 1) : ready;
}

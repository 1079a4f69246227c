/** What to do about a kind of export where the words of the host, which are about its usual model, do not fit. */

import type { AdviceKind, HostProfile } from '../hosts/profile.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import type { Analysis } from './model.ts';
import { nothingShared } from './nothingShared.ts';

/** Words for some kinds; the host's own words fit the others. */
type Words = Readonly<Partial<Record<AdviceKind, Message>>>;

/** Each thread has an instance over one memory: a lock around one instance excludes nobody, and only memory is shared. */
const OVER_SHARED_MEMORY: Words = {
  'reads-only': message(
    'All instances read the same memory: make sure that nothing writes it at the same time, neither another export nor the host, or use atomic accesses for both.',
  ),
  stateful: message(
    'Each thread has its own instance, so a lock around one instance excludes nobody. Synchronise inside the module with atomics or a lock in the shared memory, hold one common lock around the calls of all instances, or give each thread its own memory.',
  ),
  grows: message(
    'Growth of a shared memory never moves it, and two threads never get the same pages. Synchronise what the export does with the pages inside the module, or hold one common lock around the calls of all instances.',
  ),
  table: message(
    'Tables are private to an instance: store no table index in the shared memory unless all instances fill their tables in the same way.',
  ),
  segment: message(
    'Passive segments are private to an instance, but what is copied from them can overwrite the shared memory: initialise it once, before other threads use it.',
  ),
  unknown: message(
    'Assume that the export writes the whole shared memory: hold one common lock around the calls of all instances, or give each thread its own memory.',
  ),
};

/** The same for the hosts whose usual model is that of a shared memory. */
const STATE_OVER_SHARED_MEMORY: Words = { stateful: OVER_SHARED_MEMORY.stateful };

/** One thread runs all calls of an instance: other calls start only while one is suspended. */
const WHILE_SUSPENDED: Words = {
  pure: message('Calls may also start while another call of the instance is suspended.'),
  'reads-only': message(
    'Start a call while another call of the instance is suspended only if that one does not write what it reads.',
  ),
  stateful: message(
    'A call runs without interruption up to an import that suspends or calls back. Where calls conflict, run them one at a time through a queue, or use an instance for each caller; a lock would block the only thread.',
  ),
  grows: message(
    'Get the size of the memory and views of it again after every import that can suspend: another call may have grown it.',
  ),
  stack: message(
    'Suspended calls of one instance share its stack. Run them one at a time through a queue, or use an instance for each caller.',
  ),
  synchronised: message(
    'Atomic accesses protect nothing on one thread. Run calls that belong together one at a time through a queue.',
  ),
  table: message(
    'Fill tables before the first call that can be suspended, or run the calls that use a table one at a time.',
  ),
  segment: message('Drop passive segments only while no call of the instance is suspended.'),
  unknown: message(
    'Assume that the export writes everything: run calls one at a time through a queue, or use an instance for each caller.',
  ),
};

/** Kinds of state that an instance has to itself. */
const OF_INSTANCE: readonly AdviceKind[] = ['reads-only', 'grows', 'stack', 'table', 'segment', 'unknown'];

const inLanguage = (words: Message | undefined): string | undefined =>
  words === undefined ? undefined : translated(words);

/** Words of the model; undefined where those of the host fit. */
export function modelWords({ model, sharing }: Analysis, profile: HostProfile, kind: AdviceKind): string | undefined {
  if (model === 'cooperative') return inLanguage(WHILE_SUSPENDED[kind]);
  const usual = profile.defaultModel(false);
  const apart = model === 'isolated' || nothingShared({ model, sharing }) !== undefined;
  if (!apart)
    return model === 'shared-instance'
      ? undefined
      : inLanguage((usual === model ? STATE_OVER_SHARED_MEMORY : OVER_SHARED_MEMORY)[kind]);
  if (usual === 'isolated' || !OF_INSTANCE.includes(kind)) return undefined;
  if (profile.importsShared && Object.values(sharing.imported).some((items) => items.includes(true)))
    return t(
      'Instances share what they import: give each instance its own memories, tables and globals, or hold one common lock around the calls of all instances.',
    );
  return t('Each caller has its own instance, so its calls need no lock: {0}.', profile.remedy.pool);
}

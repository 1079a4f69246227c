/** Where callers that did not return stand after an execution, and who notified the addresses that they wait at. */
import { waitPlace } from '../run/notifications.ts';
import type { Session } from '../session/session.ts';
import type { Hang } from './result.ts';

/** Of the execution that has just ended. */
export function stuckIn({ callers, instrumented, scheduler, machine }: Session): Pick<Hang, 'lastSeen' | 'notifies'> {
  const { func, offset } = instrumented.sites;
  const place = (site: number) => ({ func: func[site] ?? -1, offset: offset[site] ?? -1 });
  const stuck = callers
    .map((caller) => ({ caller, call: caller.results.findIndex(isUnfinished) }))
    .filter(({ call }) => call >= 0);
  const keys = new Set(stuck.flatMap(({ caller }) => caller.waiting?.key ?? []));
  return {
    lastSeen: stuck.map(({ caller, call }) => ({
      caller: caller.index,
      call,
      ...place(caller.site),
      ...(caller.waiting === undefined ? undefined : { waitsAt: waitPlace(machine, caller.waiting.key) }),
    })),
    notifies: scheduler.dispatcher.notifications
      .filter(({ key }) => keys.has(key))
      .map(({ caller, call, site, key, count, woken }) => ({
        caller,
        call,
        ...place(site),
        at: waitPlace(machine, key),
        count,
        woken: [...woken],
      })),
  };
}

const isUnfinished = (result: string): boolean =>
  result === 'trap: did not return' || result.includes('loop iterations');

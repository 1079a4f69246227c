/** Where callers that did not return stand after an execution, and who notified the addresses that they wait at. */
import type { Notification } from '../../run/notifications.ts';
import { waitPlace } from '../../run/notifications.ts';
import type { Session } from '../../session/session.ts';
import type { Hang, NotifyReport } from './hang.ts';

/** Of the execution that has just ended. */
export function stuckIn(session: Session): Pick<Hang, 'lastSeen' | 'notifies'> {
  const { callers, scheduler, machine } = session;
  const stuck = stuckCallers(session);
  const keys = new Set(stuck.flatMap((caller) => callers[caller].waiting?.key ?? []));
  return {
    lastSeen: stuck.map((index) => {
      const { results, waiting, site } = callers[index];
      return {
        caller: index,
        call: results.findIndex(isUnfinished),
        ...placeOf(session, site),
        ...(waiting === undefined ? undefined : { waitsAt: waitPlace(machine, waiting.key) }),
        ...(results.some(isCutOff) ? { loops: true } : undefined),
      };
    }),
    notifies: scheduler.dispatcher.notifications
      .filter(({ key }) => keys.has(key))
      .map((one) => notifyReport(session, one)),
  };
}

/** Callers of the execution that has just ended that did not return. */
export const stuckCallers = ({ callers }: Pick<Session, 'callers'>): number[] =>
  callers.filter(({ results }) => results.some(isUnfinished)).map(({ index }) => index);

/** A notification as results have it. */
export const notifyReport = (
  session: Session,
  { caller, call, site, key, count, woken }: Notification,
): NotifyReport => ({
  caller,
  call,
  ...placeOf(session, site),
  at: waitPlace(session.machine, key),
  count,
  woken: [...woken],
});

/** Where an access site is in the module. */
export function placeOf({ instrumented }: Session, site: number): { func: number; offset: number } {
  const { func, offset } = instrumented.sites;
  return { func: func[site] ?? -1, offset: offset[site] ?? -1 };
}

const isUnfinished = (result: string): boolean =>
  result === 'trap: did not return' || result === BLOCKED || isCutOff(result);

const isCutOff = (result: string): boolean => result.includes('loop iterations');

/** What a call answers that waits where no other caller can run. */
export const BLOCKED = 'trap: waits forever';

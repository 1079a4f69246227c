/** Notifications of an execution: who woke whom, and who woke nobody. */
import type { Machine } from './machine.ts';
import { bytesText } from './touchText.ts';

/** One `memory.atomic.notify`. */
export interface Notification {
  caller: number;
  call: number;
  site: number;
  /** Of `Accesses.waitKey`. */
  key: string;
  count: number;
  /** Callers that waited there, and those of them that were woken. */
  waiting: readonly number[];
  woken: readonly number[];
}

/** Notifications of one execution that are kept. */
export const MAX_NOTIFICATIONS = 1000;

/** `memory[0] 0x8`: the place that a key of waiters stands for. */
export function waitPlace({ memories }: Machine, key: string): string {
  const [memory, address] = key.split(' ').map(Number);
  return bytesText(memories[memory] ?? { name: 'memory' }, address);
}

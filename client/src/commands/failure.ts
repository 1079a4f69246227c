/** Shows failed requests to the user. */

import type { Server } from '../server.ts';
import { showError } from '../shown/notices.ts';

/** Says what failed and offers the output channel. Does not wait for the user. */
export function reportFailure(server: Server, what: string, error: unknown): undefined {
  const why = error instanceof Error ? error.message : String(error);
  void showError(`${what}: ${why}`, 'Show Output').then((button) => {
    if (button) server.showOutput();
  });
  return undefined;
}

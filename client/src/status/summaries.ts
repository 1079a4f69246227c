/** The latest summary of each analysed module. */
import { type Disposable, type Event, EventEmitter, type Uri } from 'vscode';
import type { ModuleSummary } from '../../../server/src/protocol.ts';
import type { Server } from '../server.ts';
import { toBinaryUri } from '../uris.ts';

/** Summaries since the server last started. `of` is undefined until the first analysis of the module is done. */
export interface Summaries extends Disposable {
  /** Of a binary or of its text. */
  of(uri: Uri): ModuleSummary | undefined;
  readonly onChange: Event<void>;
}

/** Collects the server's summaries, and forgets all of them when it restarts. */
export function createSummaries(server: Server): Summaries {
  const known = new Map<string, ModuleSummary>();
  const changed = new EventEmitter<void>();
  const subscriptions = [
    changed,
    server.onSummary((summary) => {
      known.set(summary.uri, summary);
      changed.fire();
    }),
    server.onReset(() => {
      known.clear();
      changed.fire();
    }),
  ];
  return {
    of: (uri) => known.get(toBinaryUri(uri).toString()),
    onChange: changed.event,
    dispose() {
      for (const one of subscriptions) one.dispose();
    },
  };
}

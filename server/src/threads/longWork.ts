/** Work-done progress in the client for long runs. */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

/** Shorter runs show no progress. */
const SHOW_AFTER_MS = 500;

/** A run that is reported to the client. `percentage` is from 0 to 100; `ended` takes the progress away. */
export interface LongWork {
  progress(message: string, percentage: number | undefined): void;
  ended(): void;
}

/** Starts reporting a run. `stop` is called when the user cancels it. */
export function longWork(connection: Connection, supported: boolean, title: string, stop: () => void): LongWork {
  let reporter: WorkDoneProgressServerReporter | undefined;
  let last: [string, number | undefined] | undefined;
  let over = !supported;
  const timer = setTimeout(async () => {
    if (over) return;
    const created = await connection.window.createWorkDoneProgress();
    created.begin(title, last?.[1] ?? 0, last?.[0], true);
    created.token.onCancellationRequested(stop);
    if (over) created.done();
    else reporter = created;
  }, SHOW_AFTER_MS);
  return {
    progress(message, percentage) {
      last = [message, percentage];
      if (percentage === undefined) reporter?.report(message);
      else reporter?.report(percentage, message);
    },
    ended() {
      over = true;
      clearTimeout(timer);
      reporter?.done();
    },
  };
}

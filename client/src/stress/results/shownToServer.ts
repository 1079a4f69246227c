/** Tells the server what stress runs have shown, so that lenses, hovers, hints, the matrix and the status bar say it. */
import { Disposable, type Uri } from 'vscode';
import { shownExploration, shownHammering, shownVerifying } from '../../../../core/report/shown/shownRun.ts';
import type { Server } from '../../server.ts';
import type { StressResults } from './stressResults.ts';

/** While a plan runs, results come faster than anybody reads, and each is told with all that came before. */
const PAUSE_MS = 500;

/** Keeps the server in step with the results; a server that starts anew is told all of them. */
export class ShownToServer extends Disposable {
  readonly #server: Server;
  readonly #results: StressResults;
  /** Modules of which the server knows runs. */
  readonly #told = new Map<string, Uri>();
  /** Modules that were told of just now; `due` if there is more to tell since. */
  readonly #paused = new Map<string, { uri: Uri; timer: NodeJS.Timeout; due: boolean }>();

  constructor(server: Server, results: StressResults) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const one of subscriptions) one.dispose();
      for (const { timer } of this.#paused.values()) clearTimeout(timer);
    });
    this.#server = server;
    this.#results = results;
    subscriptions.push(
      results.onDidChange((uri) => {
        for (const one of uri === undefined ? [...this.#told.values()] : [uri]) this.#changed(one);
      }),
      server.onStarted(() => {
        for (const uri of results.modules()) this.#tell(uri);
      }),
    );
  }

  /** Tells at once what waits. */
  flush(): void {
    for (const { uri, due } of [...this.#paused.values()]) if (due) this.#tell(uri);
  }

  #changed(uri: Uri): void {
    const paused = this.#paused.get(uri.toString());
    // What was cleared must not be shown any longer.
    const results = this.#results;
    const cleared = [results.of(uri), results.hammeredOf(uri), results.verifiedOf(uri)].every(
      (one) => one.length === 0,
    );
    if (paused === undefined || cleared) this.#tell(uri);
    else paused.due = true;
  }

  #tell(uri: Uri): void {
    const key = uri.toString();
    const runs = this.#runs(uri);
    clearTimeout(this.#paused.get(key)?.timer);
    if (runs.length > 0) {
      this.#told.set(key, uri);
      const timer = setTimeout(() => this.#resume(key), PAUSE_MS);
      this.#paused.set(key, { uri, timer, due: false });
    } else {
      this.#told.delete(key);
      this.#paused.delete(key);
    }
    this.#server.shown({ uri: key, content: this.#results.ranBytesOf(uri) ?? '', runs });
  }

  #resume(key: string): void {
    const paused = this.#paused.get(key);
    this.#paused.delete(key);
    if (paused?.due) this.#tell(paused.uri);
  }

  #runs(uri: Uri): ReturnType<typeof shownExploration>[] {
    return [
      ...this.#results.of(uri).map(shownExploration),
      ...this.#results.hammeredOf(uri).map(({ result }) => shownHammering(result)),
      ...this.#results.verifiedOf(uri).map(({ result }) => shownVerifying(result)),
    ];
  }
}

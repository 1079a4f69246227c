/** Results that are shown, by module; what they were found on must not have changed since. */
import { type Event, EventEmitter, type Uri } from 'vscode';
import type { StressResult } from '../engine/result.ts';

export class Results {
  private readonly byModule = new Map<string, { uri: Uri; results: StressResult[] }>();
  /** How often each module changed: a result of what it was before does not count. */
  private readonly changes = new Map<string, number>();
  private readonly files = new WeakMap<StressResult, Uri>();
  private readonly changed = new EventEmitter<Uri | undefined>();
  /** The module whose results changed; undefined: all of them. */
  readonly onDidChange: Event<Uri | undefined> = this.changed.event;
  private readonly forgotten = new EventEmitter<Uri>();
  /** The module that changed: what runs on it runs in vain. */
  readonly onDidForget: Event<Uri> = this.forgotten.event;

  of(uri: Uri): readonly StressResult[] {
    return this.byModule.get(uri.toString())?.results ?? [];
  }

  modules(): Uri[] {
    return [...this.byModule.values()].map(({ uri }) => uri);
  }

  /** Grows with every change of a module. */
  changesOf(uri: Uri): number {
    return this.changes.get(uri.toString()) ?? 0;
  }

  /** The module changed: what was found before, and what is being found, is of another one. */
  forget(uri: Uri): void {
    this.changes.set(uri.toString(), this.changesOf(uri) + 1);
    this.clear(uri);
    this.forgotten.fire(uri);
  }

  /** The scenario file that a result is of: what the scenario names is named from there. */
  fileOf(result: StressResult): Uri | undefined {
    return this.files.get(result);
  }

  /** A result takes the place of an earlier one of the same scenario; `file` is the scenario's, if it has one. */
  add(uri: Uri, result: StressResult, file?: Uri): void {
    if (file !== undefined) this.files.set(result, file);
    const key = JSON.stringify([result.scenario.callers, result.scenario.setup, result.scenario.probe]);
    const entry = this.byModule.get(uri.toString()) ?? { uri, results: [] };
    const others = entry.results.filter(
      (r) => JSON.stringify([r.scenario.callers, r.scenario.setup, r.scenario.probe]) !== key,
    );
    this.byModule.set(uri.toString(), { uri, results: [...others, result] });
    this.changed.fire(uri);
  }

  clear(uri?: Uri): void {
    if (uri === undefined) this.byModule.clear();
    else if (!this.byModule.delete(uri.toString())) return;
    this.changed.fire(uri);
  }

  dispose(): void {
    this.changed.dispose();
    this.forgotten.dispose();
  }
}

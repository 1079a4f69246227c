/** Results that are shown, by module; what they were found on must not have changed since. */
import { type Event, EventEmitter, type Uri } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import type { HammerResult } from '../../../../core/stress/hammer/hammerResult.ts';
import { type Scenario, scenarioKey } from '../../../../core/stress/scenario/scenario.ts';
import type { VerifyResult } from '../../../../core/verify/model.ts';

/** What a hammer run of one scenario has shown. */
export interface HammeredExports {
  result: HammerResult;
  /** The scenario file; undefined for a scenario of a plan. */
  file: Uri | undefined;
  /** Byte offsets of the exports that it calls, by name. */
  exports: ReadonlyMap<string, number>;
}

/** What a run of one scenario on the real host has shown. */
export interface VerifiedExports {
  result: VerifyResult;
  /** The scenario file; undefined for a scenario of a plan. */
  file: Uri | undefined;
  /** Byte offsets of the exports that it calls, by name. */
  exports: ReadonlyMap<string, number>;
}

interface Kept {
  uri: Uri;
  explored: readonly AdvisedResult[];
  hammered: readonly HammeredExports[];
  verified: readonly VerifiedExports[];
}

/** Keeps one explored, one hammered and one verified result per scenario of a module. URIs are those of binaries or sources. */
export class StressResults {
  private readonly byModule = new Map<string, Kept>();
  /** How often each module changed: a result of what it was before does not count. */
  private readonly changes = new Map<string, number>();
  /** What the file, or the text, of each module contains that runs are about. */
  private readonly contents = new Map<string, string>();
  /** The bytes that were run. */
  private readonly bytes = new Map<string, string>();
  private readonly files = new WeakMap<AdvisedResult, Uri>();
  private readonly changed = new EventEmitter<Uri | undefined>();
  /** The module whose results changed; undefined: all of them. */
  readonly onDidChange: Event<Uri | undefined> = this.changed.event;
  private readonly forgotten = new EventEmitter<Uri>();
  /** The module that changed: what runs on it runs in vain. */
  readonly onDidForget: Event<Uri> = this.forgotten.event;

  of(uri: Uri): readonly AdvisedResult[] {
    return this.byModule.get(uri.toString())?.explored ?? NONE;
  }

  hammeredOf(uri: Uri): readonly HammeredExports[] {
    return this.byModule.get(uri.toString())?.hammered ?? NONE;
  }

  verifiedOf(uri: Uri): readonly VerifiedExports[] {
    return this.byModule.get(uri.toString())?.verified ?? NONE;
  }

  /** What exploration has shown of a scenario. */
  exploredOf(uri: Uri, scenario: Scenario): AdvisedResult | undefined {
    return this.of(uri).find((one) => scenarioKey(one.scenario) === scenarioKey(scenario));
  }

  modules(): Uri[] {
    return [...this.byModule.values()].map(({ uri }) => uri);
  }

  /** Grows with every change of a module. */
  changesOf(uri: Uri): number {
    return this.changes.get(uri.toString()) ?? 0;
  }

  /**
   * A run of a module begins. `content` is the key of what its file contains, or of its text in the editor; `bytes` that of
   * the binary.
   */
  runsOn(uri: Uri, content: string, bytes: string): void {
    const known = this.contentOf(uri);
    if (known !== undefined && (known !== content || this.ranBytesOf(uri) !== bytes)) this.clear(uri);
    this.contents.set(uri.toString(), content);
    this.bytes.set(uri.toString(), bytes);
  }

  /** What the results of a module, and its runs, are about; undefined before the first. */
  contentOf(uri: Uri): string | undefined {
    return this.contents.get(uri.toString());
  }

  /** Key of the bytes that the results of a module are about. */
  ranBytesOf(uri: Uri): string | undefined {
    return this.bytes.get(uri.toString());
  }

  /** The module changed: what was found before, and what is being found, is of another one. */
  forget(uri: Uri): void {
    this.contents.delete(uri.toString());
    this.changes.set(uri.toString(), this.changesOf(uri) + 1);
    this.clear(uri);
    this.forgotten.fire(uri);
  }

  /** The scenario file that a result is of: what the scenario names is named from there. */
  fileOf(result: AdvisedResult): Uri | undefined {
    return this.files.get(result);
  }

  /** A result takes the place of an earlier one of the same scenario; `file` is the scenario's, if it has one. */
  add(uri: Uri, result: AdvisedResult, file?: Uri): void {
    if (file !== undefined) this.files.set(result, file);
    const { explored, ...rest } = this.kept(uri);
    const others = explored.filter((one) => scenarioKey(one.scenario) !== scenarioKey(result.scenario));
    this.keep({ ...rest, explored: [...others, result] });
  }

  /** The same of a hammer run. */
  addHammered(uri: Uri, added: HammeredExports): void {
    const { hammered, ...rest } = this.kept(uri);
    const others = hammered.filter(({ result }) => scenarioKey(result.scenario) !== scenarioKey(added.result.scenario));
    this.keep({ ...rest, hammered: [...others, added] });
  }

  /** The same of a run on the real host. */
  addVerified(uri: Uri, added: VerifiedExports): void {
    const { verified, ...rest } = this.kept(uri);
    const others = verified.filter(({ result }) => scenarioKey(result.scenario) !== scenarioKey(added.result.scenario));
    this.keep({ ...rest, verified: [...others, added] });
  }

  /** Results of a scenario file that changed or is gone. */
  forgetScenario(file: Uri): void {
    const key = file.toString();
    const isOf = (one: Uri | undefined): boolean => one?.toString() === key;
    for (const kept of [...this.byModule.values()]) {
      const explored = kept.explored.filter((one) => !isOf(this.files.get(one)));
      const hammered = kept.hammered.filter((one) => !isOf(one.file));
      const verified = kept.verified.filter((one) => !isOf(one.file));
      const left = explored.length + hammered.length + verified.length;
      if (left === kept.explored.length + kept.hammered.length + kept.verified.length) continue;
      if (left === 0) this.clear(kept.uri);
      else this.keep({ uri: kept.uri, explored, hammered, verified });
    }
  }

  private kept(uri: Uri): Kept {
    return this.byModule.get(uri.toString()) ?? { uri, explored: NONE, hammered: NONE, verified: NONE };
  }

  private keep(kept: Kept): void {
    this.byModule.set(kept.uri.toString(), kept);
    this.changed.fire(kept.uri);
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

const NONE: readonly never[] = [];

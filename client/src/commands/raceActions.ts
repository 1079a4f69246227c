/** What can be done at an instruction of which stress tests have shown something: play the schedule, or run it again. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  languages,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { hangIn } from '../../../core/report/view/scheduleFindings.ts';
import type { HostHazardReport, RaceReport } from '../../../core/stress/explore/result.ts';
import type { Feature, Services } from '../services.ts';
import { rangesOf } from '../stress/moduleInfo.ts';
import {
  type Playable,
  playActions,
  playableBuffered,
  playableEncounter,
  playableHang,
} from '../stress/results/playActions.ts';
import { eachOnce, type ShownRace } from '../stress/results/races.ts';
import { SOURCE_SELECTOR, TEXT_SELECTOR, toBinaryUri } from '../uris.ts';

/** Findings that are offered at one instruction. */
const MAX_FINDINGS = 3;

/** A finding with the instructions that it is about. */
interface Shown {
  offsets: number[];
  playable: Playable;
}

class RaceActions implements CodeActionProvider {
  readonly #services: Pick<Services, 'server' | 'results'>;
  /** The places of the results that were asked for last. */
  #placed: { results: readonly AdvisedResult[]; ranges: Promise<Map<number, Range>> } | undefined;

  constructor(services: Pick<Services, 'server' | 'results'>) {
    this.#services = services;
  }

  async provideCodeActions({ uri }: TextDocument, range: Range): Promise<CodeAction[]> {
    const module = toBinaryUri(uri);
    const results = this.#services.results.of(module);
    const shown = findingsOf(results);
    if (shown.length === 0) return [];
    const ranges = await this.#rangesOf(module, results, shown);
    return shown
      .filter(({ offsets }) => offsets.some((offset) => isOnLines(ranges.get(offset), range)))
      .slice(0, MAX_FINDINGS)
      .flatMap(({ playable }) => playActions(module, playable));
  }

  /** Results of a source are places of the text that was run; with the next edit they are gone. */
  #rangesOf(module: Uri, results: readonly AdvisedResult[], shown: readonly Shown[]): Promise<Map<number, Range>> {
    if (this.#placed?.results !== results) {
      const offsets = shown.flatMap((one) => one.offsets);
      this.#placed = { results, ranges: rangesOf(this.#services.server, module, offsets) };
    }
    return this.#placed.ranges;
  }
}

/** A reader puts the cursor anywhere on the line. */
const isOnLines = (place: Range | undefined, { start, end }: Range): boolean =>
  place !== undefined && start.line <= place.end.line && place.start.line <= end.line;

/** Host hazards, what only store buffers show, races and hangs, each once. */
function findingsOf(results: readonly AdvisedResult[]): Shown[] {
  const met = (all: readonly ShownRace<RaceReport | HostHazardReport>[]): Shown[] =>
    all.map(({ race, result }) => ({
      offsets: [race.a.offset, race.b.offset],
      playable: playableEncounter(result, race),
    }));
  return [
    ...met(eachOnce(results, (one) => one.hostHazards, [])),
    ...results.flatMap((result) => playableBuffered(result) ?? []),
    ...met(eachOnce(results, (one) => one.races, [])),
    ...results.flatMap((result) => {
      const playable = playableHang(result);
      const seen = hangIn(result)?.of.lastSeen ?? [];
      return playable === undefined ? [] : [{ offsets: seen.map(({ offset }) => offset), playable }];
    }),
  ];
}

/** Registers the actions for texts of binaries and for sources. */
export const registerRaceActions: Feature = (context, services) => {
  context.subscriptions.push(
    languages.registerCodeActionsProvider([TEXT_SELECTOR, ...SOURCE_SELECTOR], new RaceActions(services), {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
};

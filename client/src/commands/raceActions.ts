/** What can be done at an instruction of which stress tests have shown something: play the schedule, or run it again. */
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  type Command,
  l10n,
  languages,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { metText } from '../../../core/report/sourced.ts';
import type { Feature, Services } from '../services.ts';
import { rangesOf } from '../stress/moduleInfo.ts';
import { eachOnce } from '../stress/results/races.ts';
import { SOURCE_SELECTOR, TEXT_SELECTOR, toBinaryUri } from '../uris.ts';
import { commandOf } from './typedCommands.ts';

/** Findings that are offered at one instruction. */
const MAX_FINDINGS = 3;

/** A finding with the instructions that it is about. */
interface Shown {
  offsets: number[];
  what: string;
  schedule: string;
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
      .flatMap((one) => actionsOf(module, one));
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

/** Host hazards, races and hangs, each once. */
function findingsOf(results: readonly AdvisedResult[]): Shown[] {
  const met = [...eachOnce(results, (one) => one.hostHazards, []), ...eachOnce(results, (one) => one.races, [])];
  return [
    ...met.map(({ race }) => ({
      offsets: [race.a.offset, race.b.offset],
      what: 'text' in race ? l10n.t('host hazard on {0}', metText(race)) : l10n.t('data race on {0}', metText(race)),
      schedule: race.schedule,
    })),
    ...results.flatMap(({ hang }) =>
      hang === null
        ? []
        : [{ offsets: hang.lastSeen.map(({ offset }) => offset), what: l10n.t('hang'), schedule: hang.schedule }],
    ),
  ];
}

function actionsOf(module: Uri, { what, schedule }: Shown): CodeAction[] {
  // Where every schedule shows it, there is none to play.
  if (schedule === '') return [];
  return [
    actionOf(
      commandOf(
        l10n.t('Play the schedule that shows the {0}', what),
        'wasm-hazards.playSchedule',
        `${module}`,
        schedule,
      ),
    ),
    actionOf(
      commandOf(
        l10n.t('Replay schedule {0} ({1})', schedule, what),
        'wasm-hazards.replaySchedule',
        `${module}`,
        schedule,
      ),
    ),
  ];
}

function actionOf(command: Command): CodeAction {
  const action = new CodeAction(command.title, CodeActionKind.QuickFix);
  action.command = command;
  return action;
}

/** Registers the actions for texts of binaries and for sources. */
export const registerRaceActions: Feature = (context, services) => {
  context.subscriptions.push(
    languages.registerCodeActionsProvider([TEXT_SELECTOR, ...SOURCE_SELECTOR], new RaceActions(services), {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
};

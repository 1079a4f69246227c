/** Runs schedules of results again. */

import type { Uri } from 'vscode';
import { l10n } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { terminalText } from '../../../../core/harmless/terminal.ts';
import { findingNamed, type ReplayedView, replayedView } from '../../../../core/report/view/replayedSchedule.ts';
import type { ExploreMode } from '../modes/exploreMode.ts';
import { type ModuleInfo, moduleInfo } from '../moduleInfo.ts';
import { placesOf } from '../results/places.ts';
import type { StressServices } from '../services.ts';

const cleared = (): Error =>
  new Error(l10n.t('Results are cleared when the module changes. Run the stress test again.'));

/**
 * Replays a schedule of the latest results, shows the trace in the output channel and resolves with it. Rejects with a
 * message for the user.
 */
export async function replaySchedule(
  services: StressServices,
  explore: ExploreMode,
  uri: Uri,
  schedule: string,
): Promise<string> {
  const { results, output } = services;
  const result = results.of(uri).find((one) => findingNamed(one, schedule) !== undefined || one.schedule === schedule);
  if (result === undefined) throw cleared();
  const { info, replayed } = await run(services, explore, uri, { result, schedule });
  const text = await explore.textOf({ info }, replayed);
  output.append(terminalText(`${l10n.t('Replay of {0}', schedule)}\n${text}\n`));
  output.show(true);
  return text;
}

/** Replays the schedule of a finding, by its id, for the player. Rejects with a message for the user. */
export async function runFinding(
  services: StressServices,
  explore: ExploreMode,
  uri: Uri,
  name: string,
): Promise<ReplayedView> {
  for (const result of services.results.of(uri)) {
    const finding = findingNamed(result, name);
    if (finding === undefined) continue;
    const { replayed } = await run(services, explore, uri, { result, schedule: finding.of.schedule });
    const place = await placesOf(
      services.server,
      { uri },
      replayed.trace.map(({ offset }) => offset),
    );
    return replayedView(finding, replayed, place);
  }
  throw cleared();
}

async function run(
  { server, results }: StressServices,
  explore: ExploreMode,
  uri: Uri,
  { result, schedule }: { result: AdvisedResult; schedule: string },
): Promise<{ info: ModuleInfo; replayed: AdvisedResult }> {
  const info = await moduleInfo(server, uri);
  const work = { info, scenario: result.scenario, title: '', base: results.fileOf(result) };
  const answer = await explore.run(work, { signal: new AbortController().signal, report() {} }, schedule);
  if ('failure' in answer) throw new Error(answer.failure.message);
  return { info, replayed: answer.result };
}

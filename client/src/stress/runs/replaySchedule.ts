/** Replays a schedule of a result and shows the whole trace. */
import type { Uri } from 'vscode';
import type { StressResult } from '../../../../core/stress/explore/result.ts';
import type { ExploreMode } from '../modes/exploreMode.ts';
import { moduleInfo } from '../moduleInfo.ts';
import type { StressServices } from '../services.ts';

/** Shows the trace in the output channel and resolves with it. Rejects with a message for the user. */
export async function replaySchedule(
  { server, results, output }: StressServices,
  explore: ExploreMode,
  uri: Uri,
  schedule: string,
): Promise<string> {
  const result = results.of(uri).find((one) => shows(one, schedule));
  if (result === undefined) throw new Error('results are cleared when the module changes; run the stress test again');
  const info = await moduleInfo(server, uri);
  const work = { info, scenario: result.scenario, title: '', base: results.fileOf(result) };
  const answer = await explore.run(work, { signal: new AbortController().signal, report() {} }, schedule);
  if ('failure' in answer) throw new Error(answer.failure.message);
  const text = await explore.textOf(work, answer.result);
  output.append(`Replay of ${schedule}\n${text}\n`);
  output.show(true);
  return text;
}

const shows = ({ schedule: worst, races, outcomes }: StressResult, schedule: string): boolean =>
  worst === schedule ||
  races.some((race) => race.schedule === schedule) ||
  outcomes.wrong.some((wrong) => wrong.schedule === schedule);

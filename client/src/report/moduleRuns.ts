/** What the runs of a module have shown, for its report. */
import type { Uri } from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { hammerView } from '../../../core/report/view/hammerView.ts';
import type { RunsView } from '../../../core/report/view/runModel.ts';
import { runView } from '../../../core/report/view/runView.ts';
import { verifyView } from '../../../core/report/view/verifyView.ts';
import type { Server } from '../server.ts';
import { placesOf } from '../stress/results/places.ts';
import type { StressResults } from '../stress/results/stressResults.ts';

/** Places by line and column in a source; by byte offset in a binary, and where they cannot be asked for. */
export async function runsOfModule(server: Server, results: StressResults, uri: Uri): Promise<RunsView> {
  const explored = results.of(uri);
  const offsets = explored.flatMap(offsetsOf);
  const place = offsets.length === 0 ? undefined : await placesOf(server, { uri }, offsets).catch(() => undefined);
  return {
    runs: explored.map((result) => runView(result, { place })),
    hammer: results.hammeredOf(uri).map(({ result }) => hammerView(result)),
    verify: results.verifiedOf(uri).map(({ result }) => verifyView(result)),
  };
}

const offsetsOf = ({ races, hostHazards, hang, trace }: AdvisedResult): number[] =>
  [...trace, ...[...races, ...hostHazards].flatMap(({ a, b }) => [a, b]), ...(hang?.lastSeen ?? [])].map(
    ({ offset }) => offset,
  );

/** Schedules as SARIF has them: a thread flow for each caller, whose steps have a common order. */
import type { StressResult } from '../../stress/explore/result.ts';
import type { Place, TraceRow } from '../../stress/run/traceRows.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { callerText } from '../../stress/scenario/units.ts';
import { shortTrace } from '../text/shortTrace.ts';
import { stepRows } from '../text/stepRows.ts';
import { stepLine } from '../text/traceTable.ts';
import type { SarifCodeFlow, SarifLocation, SarifThreadFlow } from './model.ts';
import { locationOf, type SarifFiles, type Spot, type Spots } from './spots.ts';

/** Where the places of a run are. */
export interface RunPlaces {
  spots: Spots;
  files: SarifFiles;
}

/** The spot of an operation: that of its function, where it is no instruction of the module. */
export const spotOfPlace = ({ func, offset }: Pick<Place, 'func' | 'offset'>, spots: Spots): Spot =>
  offset >= 0 ? spots.at(offset) : spots.ofFunction(func);

/** The trace of a result in its order; undefined where there is none. `limit`: most steps of all callers together. */
export function scheduleFlow(result: StressResult, places: RunPlaces, limit: number): SarifCodeFlow | undefined {
  const { trace, scenario, schedule } = result;
  if (trace.length === 0 || limit < 1) return undefined;
  const matters = trace.filter((row) => row.matters);
  const rows = stepRows(matters.length <= limit ? matters : shortTrace(trace).slice(0, limit), scenario);
  const callers = scenario.callers.map(
    (_, caller): SarifThreadFlow => ({
      id: callerName(caller),
      message: { text: `${callerName(caller)}: ${callerText(scenario, caller)}` },
      locations: rows.flatMap((row, at) =>
        row.caller === caller ? [{ location: stepLocation(row, places), executionOrder: at + 1 }] : [],
      ),
    }),
  );
  const threadFlows = callers.filter(({ locations }) => locations.length > 0);
  return threadFlows.length === 0 ? undefined : { message: { text: `Schedule ${schedule}` }, threadFlows };
}

function stepLocation(row: TraceRow, { spots, files }: RunPlaces): SarifLocation {
  return locationOf(spotOfPlace(row, spots), files, `${callerName(row.caller)}: ${stepLine(row)}`);
}

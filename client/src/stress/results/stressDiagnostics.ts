/** What explorations found, as diagnostics in the text of a module. They name the host profile and the model of their run. */
import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  l10n,
  type Range,
  type Uri,
} from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { metText } from '../../../../core/report/sourced.ts';
import { hangIn, hangSummary } from '../../../../core/report/view/scheduleFindings.ts';
import type { HostHazardReport, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { encounterText, partyText, SEVERITY, type ShownRace } from './races.ts';

/** `source` of the diagnostics of stress results. */
export const STRESS_SOURCE = 'wasm-hazards stress';

/** A race at one of the two instructions, related to the other. */
export function raceDiagnostic(text: Uri, shown: ShownRace, ranges: ReadonlyMap<number, Range>): Diagnostic[] {
  const { race } = shown;
  return partiesDiagnostic(text, shown, ranges, {
    message: l10n.t('Data race on {0} ({1}): {2}', metText(race), race.kind, encounterText(shown)),
    code: 'data-race',
  });
}

/** The same of a host hazard. */
export function hazardDiagnostic(
  text: Uri,
  shown: ShownRace<HostHazardReport>,
  ranges: ReadonlyMap<number, Range>,
): Diagnostic[] {
  return partiesDiagnostic(text, shown, ranges, {
    message: l10n.t('Host hazard on {0}: {1} {2}', metText(shown.race), encounterText(shown), shown.race.text),
    code: 'host-hazard',
  });
}

function partiesDiagnostic(
  text: Uri,
  { race, result, grade }: ShownRace<RaceReport | HostHazardReport>,
  ranges: ReadonlyMap<number, Range>,
  { message, code }: Pick<Diagnostic, 'message' | 'code'>,
): Diagnostic[] {
  const [at, other] = [ranges.get(race.a.offset), ranges.get(race.b.offset)];
  const where = at ?? other;
  if (where === undefined) return [];
  const diagnostic = new Diagnostic(where, message, SEVERITY[grade]);
  diagnostic.source = STRESS_SOURCE;
  diagnostic.code = code;
  if (at !== undefined && other !== undefined)
    diagnostic.relatedInformation = [
      new DiagnosticRelatedInformation(
        new Location(text, other),
        code === 'data-race'
          ? l10n.t('races with {0}', partyText(race.b, result))
          : l10n.t('meets {0}', partyText(race.b, result)),
      ),
    ];
  return [diagnostic];
}

/** One for each caller that did not return, where it was last seen. */
export function hangDiagnostics(result: AdvisedResult, ranges: ReadonlyMap<number, Range>): Diagnostic[] {
  const hang = hangIn(result);
  if (hang === undefined) return [];
  const text = hangSummary(result, hang);
  return hang.of.lastSeen.flatMap(({ caller, offset }) => {
    const range = ranges.get(offset);
    if (range === undefined) return [];
    const diagnostic = new Diagnostic(
      range,
      l10n.t('{0} Caller {1} was last seen here.', text, callerName(caller)),
      DiagnosticSeverity.Warning,
    );
    diagnostic.source = STRESS_SOURCE;
    diagnostic.code = 'hang';
    return [diagnostic];
  });
}

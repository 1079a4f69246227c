/** Results beside the instructions: decorations with who races with whom, and diagnostics. */
import {
  type DecorationOptions,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type ExtensionContext,
  Location,
  languages,
  OverviewRulerLane,
  type Range,
  ThemeColor,
  type Uri,
  window,
} from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { functionOf, metText } from '../../../../core/report/sourced.ts';
import { verdictText } from '../../../../core/report/verdicts.ts';
import type { HostHazardReport, RaceParty, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import type { Services } from '../../services.ts';
import { toBinaryUri, toTextUri } from '../../uris.ts';
import { rangesOf } from '../moduleInfo.ts';
import { hammerDecorations, hammerDiagnostics } from './hammerAnnotations.ts';
import { eachOnce, encounterText, hoverOf, partyText, type ShownRace } from './races.ts';
import { verifiedDiagnostics } from './verified.ts';

/** `source` of the diagnostics of stress results. */
export const STRESS_SOURCE = 'wasm-hazards stress';

interface Shown {
  uri: Uri;
  /** Host profile and sharing model that the decorations are about. */
  selected: string | undefined;
  /** At instructions that race, and at exports that were hammered. */
  racing: DecorationOptions[];
  hammered: DecorationOptions[];
}

/**
 * Keeps decorations and diagnostics in step with `results`; shows a limited number of races of a module. Diagnostics name
 * host profile and sharing model of their run; decorations are those of runs under what is selected.
 */
export function registerAnnotations(
  context: ExtensionContext,
  { server, results, summaries }: Pick<Services, 'server' | 'results' | 'summaries'>,
): void {
  const racing = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('editor.wordHighlightStrongBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.warningForeground'),
    overviewRulerLane: OverviewRulerLane.Right,
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 1em 0 2em' },
  });
  const counted = window.createTextEditorDecorationType({
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 1em 0 2em' },
  });
  const collection = languages.createDiagnosticCollection(STRESS_SOURCE);
  const shown = new Map<string, Shown>();

  /** Host profile and sharing model that the editor shows a module under; undefined before its analysis. */
  const selectedFor = (uri: Uri): string | undefined => {
    const summary = summaries.of(uri);
    return summary && `${summary.host} ${summary.model}`;
  };

  async function show(uri: Uri): Promise<void> {
    const text = toTextUri(uri);
    const found = results.of(uri);
    const hammered = results.hammeredOf(uri);
    const verified = results.verifiedOf(uri);
    if (found.length + hammered.length + verified.length === 0) {
      hide(text);
      return;
    }
    const races = eachOnce(found, (result) => result.races, verified);
    const hazards = eachOnce(found, (result) => result.hostHazards, verified);
    const places = [
      ...races.flatMap(({ race }) => [race.a.offset, race.b.offset]),
      ...hazards.flatMap(({ race }) => [race.a.offset, race.b.offset]),
      ...found.flatMap((r) => (r.hang?.lastSeen ?? []).map((l) => l.offset)),
      ...[...hammered, ...verified].flatMap(({ exports }) => [...exports.values()]),
    ];
    const ranges = await rangesOf(server, uri, places);
    const selected = selectedFor(uri);
    const counts = ({ host, model }: { host: string; model: string }): boolean =>
      selected === undefined || selected === `${host} ${model}`;
    // The results may have been cleared meanwhile.
    const kept = [results.of(uri), results.hammeredOf(uri), results.verifiedOf(uri)];
    if ([found, hammered, verified].some((one, i) => one !== kept[i])) return;
    collection.set(text, [
      ...hazards.flatMap((one) => hazardDiagnostic(text, one, ranges)),
      ...races.flatMap((one) => raceDiagnostic(text, one, ranges)),
      ...found.flatMap((r) => hangDiagnostics(r, ranges)),
      ...[...hammerDiagnostics(hammered, ranges), ...verifiedDiagnostics(verified, ranges)].map((one) =>
        Object.assign(one, { source: STRESS_SOURCE }),
      ),
    ]);
    shown.set(text.toString(), {
      uri: text,
      selected,
      racing: decorationsOf(
        uri,
        eachOnce(found.filter(counts), (result) => result.races, verified),
        ranges,
      ),
      hammered: hammerDecorations(
        hammered.filter(({ result }) => counts(result)),
        ranges,
      ),
    });
    decorate(text);
  }

  function hide(text: Uri): void {
    collection.delete(text);
    shown.delete(text.toString());
    decorate(text);
  }

  function decorate(text: Uri): void {
    for (const editor of window.visibleTextEditors) {
      if (editor.document.uri.toString() !== text.toString()) continue;
      const found = shown.get(text.toString());
      editor.setDecorations(racing, found?.racing ?? []);
      editor.setDecorations(counted, found?.hammered ?? []);
    }
  }

  context.subscriptions.push(
    racing,
    counted,
    collection,
    results.onDidChange((uri) => {
      if (uri !== undefined) void show(uri).catch((error) => server.report(error));
      else for (const { uri: text } of [...shown.values()]) hide(text);
    }),
    summaries.onChange(() => {
      for (const { uri, selected } of [...shown.values()]) {
        const now = selectedFor(uri);
        if (now !== undefined && now !== selected) void show(toBinaryUri(uri)).catch((error) => server.report(error));
      }
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) if (shown.has(document.uri.toString())) decorate(document.uri);
    }),
  );
}

function raceDiagnostic(text: Uri, shown: ShownRace, ranges: ReadonlyMap<number, Range>): Diagnostic[] {
  const { race } = shown;
  const message = `Data race on ${metText(race)} (${race.kind}): ${encounterText(shown)}`;
  return partiesDiagnostic(text, shown, ranges, { message, severity: DiagnosticSeverity.Warning, code: 'data-race' });
}

function hazardDiagnostic(
  text: Uri,
  shown: ShownRace<HostHazardReport>,
  ranges: ReadonlyMap<number, Range>,
): Diagnostic[] {
  const message = `Host hazard on ${metText(shown.race)}: ${encounterText(shown)} ${shown.race.text}`;
  return partiesDiagnostic(text, shown, ranges, { message, severity: DiagnosticSeverity.Error, code: 'host-hazard' });
}

/** A diagnostic at one of two operations that met, related to the other. */
function partiesDiagnostic(
  text: Uri,
  { race, result }: ShownRace<RaceReport | HostHazardReport>,
  ranges: ReadonlyMap<number, Range>,
  { message, severity, code }: Pick<Diagnostic, 'message' | 'severity' | 'code'>,
): Diagnostic[] {
  const [at, other] = [ranges.get(race.a.offset), ranges.get(race.b.offset)];
  const where = at ?? other;
  if (where === undefined) return [];
  const diagnostic = new Diagnostic(where, message, severity);
  diagnostic.source = STRESS_SOURCE;
  diagnostic.code = code;
  if (at !== undefined && other !== undefined)
    diagnostic.relatedInformation = [
      new DiagnosticRelatedInformation(
        new Location(text, other),
        `${code === 'data-race' ? 'races with' : 'meets'} ${partyText(race.b, result)}`,
      ),
    ];
  return [diagnostic];
}

function hangDiagnostics(result: AdvisedResult, ranges: ReadonlyMap<number, Range>): Diagnostic[] {
  return (result.hang?.lastSeen ?? []).flatMap(({ caller, offset }) => {
    const range = ranges.get(offset);
    if (range === undefined) return [];
    const diagnostic = new Diagnostic(
      range,
      `${verdictText(result)}. ${result.hang?.cause.text ?? ''} Caller ${callerName(caller)} was last seen here.`,
      DiagnosticSeverity.Warning,
    );
    diagnostic.source = STRESS_SOURCE;
    diagnostic.code = 'hang';
    return [diagnostic];
  });
}

/** One decoration for each racing instruction, listing all that it races with. */
function decorationsOf(uri: Uri, races: readonly ShownRace[], ranges: ReadonlyMap<number, Range>): DecorationOptions[] {
  const partners = new Map<number, { me: RaceParty; other: RaceParty; shown: ShownRace }[]>();
  for (const shown of races) {
    const { a, b } = shown.race;
    for (const [me, other] of a.offset === b.offset
      ? [[a, b]]
      : [
          [a, b],
          [b, a],
        ]) {
      const list = partners.get(me.offset) ?? [];
      list.push({ me, other, shown });
      partners.set(me.offset, list);
    }
  }
  return [...partners].flatMap(([offset, list]) => {
    const range = ranges.get(offset);
    if (range === undefined) return [];
    const [{ other, shown }] = list;
    const more = list.length > 1 ? ` and ${list.length - 1} more` : '';
    const inside = functionOf(other, shown.result);
    const itself =
      list[0].me.offset === other.offset ? 'itself' : `${other.op}${inside === undefined ? '' : ` in ${inside}`}`;
    return [
      {
        range,
        renderOptions: { after: { contentText: `races with ${itself}${more}` } },
        hoverMessage: hoverOf(uri, list),
      },
    ];
  });
}

/** Results beside the instructions: marks at what raced, words at ends of lines, and diagnostics. */
import {
  type DecorationOptions,
  type DecorationRenderOptions,
  type ExtensionContext,
  languages,
  OverviewRulerLane,
  type TextEditorDecorationType,
  ThemeColor,
  type Uri,
  window,
} from 'vscode';
import { hangIn } from '../../../../core/report/view/scheduleFindings.ts';
import type { Services } from '../../services.ts';
import { toBinaryUri, toTextUri } from '../../uris.ts';
import { rangesOf } from '../moduleInfo.ts';
import type { BadgeLines } from './badgeLines.ts';
import { hammerDiagnostics, hammerHovers } from './hammerAnnotations.ts';
import { type LineMarks, lineMarks } from './lineMarks.ts';
import { eachOnce, type Grade } from './races.ts';
import { isSelected, selectedFor } from './selection.ts';
import { hangDiagnostics, hazardDiagnostic, raceDiagnostic, STRESS_SOURCE } from './stressDiagnostics.ts';
import { verifiedDiagnostics } from './verified.ts';

interface Shown {
  uri: Uri;
  /** Host profile and sharing model that the decorations are about. */
  selected: string | undefined;
  marksNow(): LineMarks;
  /** At exports that were hammered. */
  hammered: DecorationOptions[];
}

/** Marks of instructions. Themes of high contrast have borders in place of backgrounds; the words say what it is. */
const mark = (ruler: string): DecorationRenderOptions => ({
  backgroundColor: new ThemeColor('editor.wordHighlightStrongBackground'),
  border: '1px solid',
  borderColor: new ThemeColor('editor.wordHighlightStrongBorder'),
  overviewRulerColor: new ThemeColor(ruler),
  overviewRulerLane: OverviewRulerLane.Right,
});

const MARKS: Readonly<Record<Grade, DecorationRenderOptions>> = {
  'host-hazard': mark('editorOverviewRuler.errorForeground'),
  race: mark('editorOverviewRuler.warningForeground'),
  'race-alone': { ...mark('editorOverviewRuler.infoForeground'), border: '1px dotted' },
};

/**
 * Keeps decorations and diagnostics in step with `results`; shows a limited number of races of a module. What a plan found
 * is shown while the host profile and the sharing model of its run are selected; diagnostics of scenario files, which name
 * their own host, always.
 */
export function registerAnnotations(
  context: ExtensionContext,
  { server, results, summaries }: Pick<Services, 'server' | 'results' | 'summaries'>,
  badges: BadgeLines,
): void {
  const grades = Object.keys(MARKS) as Grade[];
  const types = new Map<Grade, TextEditorDecorationType>(
    grades.map((grade) => [grade, window.createTextEditorDecorationType(MARKS[grade])]),
  );
  const words = window.createTextEditorDecorationType({
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em' },
  });
  const hovers = window.createTextEditorDecorationType({});
  const collection = languages.createDiagnosticCollection(STRESS_SOURCE);
  const shown = new Map<string, Shown>();

  async function show(uri: Uri): Promise<void> {
    const text = toTextUri(uri);
    const found = results.of(uri);
    const hammered = results.hammeredOf(uri);
    const verified = results.verifiedOf(uri);
    if (found.length + hammered.length + verified.length === 0) {
      hide(text);
      return;
    }
    const places = [
      ...found.flatMap((r) => [...r.races, ...r.hostHazards].flatMap(({ a, b }) => [a.offset, b.offset])),
      ...found.flatMap((r) => (hangIn(r)?.of.lastSeen ?? []).map((l) => l.offset)),
      ...[...hammered, ...verified].flatMap(({ exports }) => [...exports.values()]),
    ];
    const ranges = await rangesOf(server, uri, places);
    // The results may have been cleared meanwhile.
    const kept = [results.of(uri), results.hammeredOf(uri), results.verifiedOf(uri)];
    if ([found, hammered, verified].some((one, i) => one !== kept[i])) return;
    const selected = selectedFor(summaries, uri);
    const counts = isSelected(selected);
    const stands = found.filter((one) => results.fileOf(one) !== undefined || counts(one));
    const hazards = eachOnce(stands, (result) => result.hostHazards, verified);
    const pairs = new Set(hazards.map(({ race }) => pairOf(race)));
    // A host hazard that is a data race, too, is told once.
    const races = eachOnce(stands, (result) => result.races, verified).filter(({ race }) => !pairs.has(pairOf(race)));
    const hammeredNow = hammered.filter(({ result }) => counts(result));
    collection.set(text, [
      ...hazards.flatMap((one) => hazardDiagnostic(text, one, ranges)),
      ...races.flatMap((one) => raceDiagnostic(text, one, ranges)),
      ...stands.flatMap((r) => hangDiagnostics(r, ranges)),
      ...[
        ...hammerDiagnostics(
          hammered.filter((one) => one.file !== undefined || hammeredNow.includes(one)),
          ranges,
        ),
        ...verifiedDiagnostics(
          verified.filter(({ file, result }) => file !== undefined || counts(result)),
          ranges,
        ),
      ].map((one) => Object.assign(one, { source: STRESS_SOURCE })),
    ]);
    const marked = [...hazards, ...races].filter(({ result }) => counts(result));
    shown.set(text.toString(), {
      uri: text,
      selected,
      marksNow: () => {
        const badged = badges.of(text);
        return lineMarks(uri, marked, ranges, (line) => badged.has(line));
      },
      hammered: hammerHovers(hammeredNow, ranges),
    });
    decorate(text);
  }

  function hide(text: Uri): void {
    collection.delete(text);
    shown.delete(text.toString());
    decorate(text);
  }

  function decorate(text: Uri): void {
    const editors = window.visibleTextEditors.filter(({ document }) => document.uri.toString() === text.toString());
    if (editors.length === 0) return;
    const found = shown.get(text.toString());
    const marks = found?.marksNow();
    for (const editor of editors) {
      for (const [grade, type] of types) editor.setDecorations(type, marks?.marked[grade] ?? []);
      editor.setDecorations(words, marks?.words ?? []);
      editor.setDecorations(hovers, found?.hammered ?? []);
    }
  }

  context.subscriptions.push(
    ...types.values(),
    words,
    hovers,
    collection,
    badges.onDidChange(() => {
      for (const { uri } of shown.values()) decorate(uri);
    }),
    results.onDidChange((uri) => {
      if (uri !== undefined) void show(uri).catch((error) => server.report(error));
      else for (const { uri: text } of [...shown.values()]) hide(text);
    }),
    summaries.onChange(() => {
      for (const { uri, selected } of [...shown.values()]) {
        const now = selectedFor(summaries, uri);
        if (now !== undefined && now !== selected) void show(toBinaryUri(uri)).catch((error) => server.report(error));
      }
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) if (shown.has(document.uri.toString())) decorate(document.uri);
    }),
  );
}

/** The two instructions that met, in either order. */
const pairOf = ({ a, b }: { a: { offset: number }; b: { offset: number } }): string =>
  [a.offset, b.offset].sort((x, y) => x - y).join();

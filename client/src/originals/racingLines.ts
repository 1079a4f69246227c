/** What stress runs have shown, at the lines of originals: decorations of races with the other side, and diagnostics. */
import {
  type DecorationOptions,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Disposable,
  Location,
  l10n,
  languages,
  OverviewRulerLane,
  ThemeColor,
  Uri,
  window,
} from 'vscode';
import { listOf } from '../../../core/text/phrases.ts';
import type { Services } from '../services.ts';
import { type Playable, playableEncounter, playableHang } from '../stress/results/playActions.ts';
import { hoverOf, SEVERITY } from '../stress/results/races.ts';
import { STRESS_SOURCE } from '../stress/results/stressDiagnostics.ts';
import type { Edits } from './edits.ts';
import {
  encounterMessage,
  isIn,
  type OriginalLine,
  type PlacedEncounter,
  type PlacedResults,
  placedResults,
  type Side,
  sideFrom,
  sidesOf,
  sideText,
  stuckMessage,
} from './encounters.ts';
import type { Originals } from './originals.ts';
import { placeNow } from './ranges.ts';

/** Lines that the decoration of a line names. */
const MAX_NAMES = 2;

/** A race as seen from one of its sides. */
interface Met {
  me: Side;
  other: Side;
  race: PlacedEncounter;
}

type Needed = Pick<Services, 'server' | 'results' | 'summaries' | 'badges'>;

/**
 * Keeps the lines of originals in step with the results of stress runs. Diagnostics name host profile and sharing model of
 * their run; decorations are those of runs under what is selected.
 */
export class RacingLines extends Disposable {
  readonly #services: Needed;
  readonly #edits: Edits;
  readonly #collection = languages.createDiagnosticCollection('wasmHazards.racingLines');
  readonly #mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.wordHighlightStrongBackground'),
    // Themes of high contrast have borders in place of backgrounds.
    border: '1px solid',
    borderColor: new ThemeColor('editor.wordHighlightStrongBorder'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.warningForeground'),
    overviewRulerLane: OverviewRulerLane.Right,
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 1em 0 2em' },
  });
  /** By module; none without anything to tell. */
  readonly #placed = new Map<string, PlacedResults>();

  constructor(services: Needed, originals: Originals, edits: Edits) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const one of [...subscriptions, this.#collection, this.#mark]) one.dispose();
    });
    this.#services = services;
    this.#edits = edits;
    const { results, server, summaries, badges } = services;
    subscriptions.push(
      results.onDidChange((uri) => {
        const changed = uri === undefined ? [...this.#placed.keys()].map((key) => Uri.parse(key, true)) : [uri];
        for (const module of changed) this.#place(module).catch((error) => server.report(error));
      }),
      // The lines of the file may have moved, or its editor is new.
      originals.onDidChange(() => this.#placed.size > 0 && this.#show()),
      summaries.onChange(() => this.#placed.size > 0 && this.#decorate()),
      badges.onDidChange(() => this.#placed.size > 0 && this.#decorate()),
      window.onDidChangeVisibleTextEditors(() => this.#placed.size > 0 && this.#decorate()),
    );
  }

  /** What was shown at lines `[first, last]` of a file as it is now, each finding with its module. */
  playableAt(file: Uri, first: number, last: number): { module: Uri; playable: Playable }[] {
    const isHere = (place: OriginalLine | undefined): boolean => {
      if (place === undefined || !isIn(place, file)) return false;
      const now = this.#edits.lineNow(file, place.line);
      return now !== undefined && first <= now && now <= last;
    };
    return [...this.#placed].flatMap(([key, { races, hazards, hangs }]) => {
      const met = [...hazards, ...races].filter(({ a, b }) => isHere(a.place) || isHere(b.place));
      const stuck = new Set(hangs.flatMap(({ result, place }) => (isHere(place) ? [result] : [])));
      return [
        ...met.map(({ shown: { result, race } }) => playableEncounter(result, race)),
        ...[...stuck].flatMap((result) => playableHang(result) ?? []),
      ].map((playable) => ({ module: Uri.parse(key, true), playable }));
    });
  }

  async #place(module: Uri): Promise<void> {
    const { results, server } = this.#services;
    const found = results.of(module);
    const verified = results.verifiedOf(module);
    const placed = found.length === 0 ? undefined : await placedResults(server, module, found, verified);
    // They may have been cleared meanwhile.
    if (results.of(module) !== found || results.verifiedOf(module) !== verified) return;
    const key = module.toString();
    if (placed && placed.races.length + placed.hazards.length + placed.hangs.length > 0) this.#placed.set(key, placed);
    else if (!this.#placed.delete(key)) return;
    this.#show();
  }

  #show(): void {
    const byFile = new Map<string, Diagnostic[]>();
    const add = ({ uri }: OriginalLine, diagnostic: Diagnostic): void =>
      void byFile.set(uri, [...(byFile.get(uri) ?? []), diagnostic]);
    for (const { races, hazards, hangs } of this.#placed.values()) {
      for (const one of [...hazards, ...races]) {
        const [{ place }] = sidesOf(one);
        if (place !== undefined) add(place, this.#encounter(one, place));
      }
      for (const one of hangs)
        add(one.place, this.#diagnostic(one.place, stuckMessage(one), DiagnosticSeverity.Warning, 'hang'));
    }
    this.#collection.clear();
    for (const [uri, diagnostics] of byFile) this.#collection.set(Uri.parse(uri, true), diagnostics);
    this.#decorate();
  }

  #diagnostic(place: OriginalLine, message: string, severity: DiagnosticSeverity, code: string): Diagnostic {
    const diagnostic = new Diagnostic(placeNow(this.#edits, place).range, message, severity);
    diagnostic.source = STRESS_SOURCE;
    diagnostic.code = code;
    return diagnostic;
  }

  #encounter(one: PlacedEncounter, place: OriginalLine): Diagnostic {
    const isHazard = 'text' in one.shown.race;
    const severity = SEVERITY[one.shown.grade];
    const diagnostic = this.#diagnostic(place, encounterMessage(one), severity, isHazard ? 'host-hazard' : 'data-race');
    const [, other] = sidesOf(one);
    if (other.place !== undefined) {
      const { uri, range } = placeNow(this.#edits, other.place);
      diagnostic.relatedInformation = [
        new DiagnosticRelatedInformation(
          new Location(uri, range),
          isHazard ? l10n.t('meets {0}', sideText(other)) : l10n.t('races with {0}', sideText(other)),
        ),
      ];
    }
    return diagnostic;
  }

  #decorate(): void {
    const races = [...this.#placed].flatMap(([module, { races: all }]) => {
      const summary = this.#services.summaries.of(Uri.parse(module, true));
      return all.filter(
        ({ shown: { result } }) =>
          summary === undefined || (summary.host === result.host && summary.model === result.model),
      );
    });
    for (const editor of window.visibleTextEditors)
      editor.setDecorations(this.#mark, this.#decorations(editor.document.uri, races));
  }

  /** One for each racing line, with all that it races with. */
  #decorations(file: Uri, races: readonly PlacedEncounter[]): DecorationOptions[] {
    const lines = new Map<number, { place: OriginalLine; met: Met[] }>();
    for (const race of races)
      for (const [me, other] of [
        [race.a, race.b],
        [race.b, race.a],
      ]) {
        const { place } = me;
        if (place === undefined || !isIn(place, file)) continue;
        const met: Met[] = lines.get(place.line)?.met ?? [];
        const name = sideFrom(other, file, place.line);
        if (!met.some((one) => sideFrom(one.other, file, place.line) === name)) met.push({ me, other, race });
        lines.set(place.line, { place, met });
      }
    const badged = this.#services.badges.of(file);
    return [...lines.values()].map(({ place, met }) => {
      const names = met.map(({ other }) => sideFrom(other, file, place.line));
      // VS Code draws the badge of a failed test over the end of its line.
      const words = badged.has(place.line) ? undefined : l10n.t('races with {0}', listOf(names, MAX_NAMES));
      return {
        range: placeNow(this.#edits, place).range,
        renderOptions: words === undefined ? undefined : { after: { contentText: words } },
        hoverMessage: hoverOf(
          met[0].race.module,
          met.map(({ me, other, race: { shown } }) => ({ me: me.party, other: other.party, shown })),
        ),
      };
    });
  }
}

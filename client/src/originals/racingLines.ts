/** Races that stress runs have shown, at the lines of originals: decorations with the other side, and diagnostics. */
import {
  type DecorationOptions,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Disposable,
  Location,
  languages,
  OverviewRulerLane,
  ThemeColor,
  Uri,
  window,
} from 'vscode';
import { metText } from '../../../core/report/sourced.ts';
import type { RaceParty } from '../../../core/stress/explore/result.ts';
import { callerName } from '../../../core/stress/scenario/scenario.ts';
import { listOf } from '../../../core/text/phrases.ts';
import type { OriginalPosition } from '../../../server/src/protocol.ts';
import type { Services } from '../services.ts';
import { STRESS_SOURCE } from '../stress/results/annotations.ts';
import { eachOnce, hoverOf, type ShownRace } from '../stress/results/races.ts';
import { baseName } from '../uris.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';
import { placeNow } from './ranges.ts';

/** Lines that the decoration of a line names. */
const MAX_NAMES = 2;

/** A race with the place of each side in an original of the workspace. */
interface PlacedRace {
  shown: ShownRace;
  module: Uri;
  a: Side;
  b: Side;
}
interface Side {
  party: RaceParty;
  /** Undefined where the code was not compiled from a file of the workspace. */
  place: { uri: string; line: number; character: number } | undefined;
}

/** Keeps races at the lines of originals in step with the results of stress runs. */
export class RacingLines extends Disposable {
  readonly #services: Pick<Services, 'server' | 'results'>;
  readonly #edits: Edits;
  readonly #collection = languages.createDiagnosticCollection('wasmHazards.racingLines');
  readonly #mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.wordHighlightStrongBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.warningForeground'),
    overviewRulerLane: OverviewRulerLane.Right,
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 1em 0 2em' },
  });
  /** By module. */
  readonly #races = new Map<string, PlacedRace[]>();

  constructor(services: Pick<Services, 'server' | 'results'>, originals: Originals, edits: Edits) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const one of [...subscriptions, this.#collection, this.#mark]) one.dispose();
    });
    this.#services = services;
    this.#edits = edits;
    const { results, server } = services;
    subscriptions.push(
      results.onDidChange((uri) => {
        const changed = uri === undefined ? [...this.#races.keys()].map((key) => Uri.parse(key, true)) : [uri];
        for (const module of changed) this.#place(module).catch((error) => server.report(error));
      }),
      // The lines of the file may have moved, or its editor is new.
      originals.onDidChange(() => this.#show()),
      window.onDidChangeVisibleTextEditors(() => this.#decorate()),
    );
  }

  async #place(module: Uri): Promise<void> {
    const { results, server } = this.#services;
    const found = results.of(module);
    const races = eachOnce(found, (result) => result.races);
    let placed: PlacedRace[] = [];
    if (races.length > 0) {
      const offsets = [...new Set(races.flatMap(({ race }) => [race.a.offset, race.b.offset]))];
      const { places } = await server.request('wasmHazards/originalsOf', { uri: module.toString(), offsets });
      const at = new Map(offsets.map((offset, i) => [offset, inWorkspace(places[i])]));
      placed = races.map((shown) => {
        const side = (party: RaceParty): Side => ({ party, place: at.get(party.offset) });
        return { shown, module, a: side(shown.race.a), b: side(shown.race.b) };
      });
    }
    // They may have been cleared meanwhile.
    if (results.of(module) !== found) return;
    this.#races.set(
      module.toString(),
      placed.filter(({ a, b }) => a.place !== undefined || b.place !== undefined),
    );
    this.#show();
  }

  #show(): void {
    const byFile = new Map<string, Diagnostic[]>();
    const told = new Set<string>();
    for (const race of [...this.#races.values()].flat()) {
      const key = keyOf(race);
      if (told.has(key)) continue;
      told.add(key);
      const diagnostic = this.#diagnostic(race);
      if (diagnostic !== undefined) byFile.set(diagnostic.uri, [...(byFile.get(diagnostic.uri) ?? []), diagnostic.of]);
    }
    this.#collection.clear();
    for (const [uri, diagnostics] of byFile) this.#collection.set(Uri.parse(uri, true), diagnostics);
    this.#decorate();
  }

  #diagnostic({ shown: { race, result }, a, b }: PlacedRace): { uri: string; of: Diagnostic } | undefined {
    const [at, other] = a.place === undefined ? [b, a] : [a, b];
    if (at.place === undefined) return undefined;
    const here = placeNow(this.#edits, at.place);
    const diagnostic = new Diagnostic(
      here.range,
      `Data race on ${metText(race)}: ${sideText(at)}, while ${sideText(other)}. Shown by schedule ${race.schedule} on ${result.host}, ${result.model}.`,
      DiagnosticSeverity.Warning,
    );
    diagnostic.source = STRESS_SOURCE;
    diagnostic.code = 'data-race';
    if (other.place !== undefined) {
      const there = placeNow(this.#edits, other.place);
      diagnostic.relatedInformation = [
        new DiagnosticRelatedInformation(new Location(there.uri, there.range), `races with ${sideText(other)}`),
      ];
    }
    return { uri: at.place.uri, of: diagnostic };
  }

  #decorate(): void {
    const races = [...this.#races.values()].flat();
    for (const editor of window.visibleTextEditors) {
      if (races.length === 0 && editor.document.uri.scheme !== 'file') continue;
      editor.setDecorations(this.#mark, this.#decorations(editor.document.uri, races));
    }
  }

  /** One for each racing line, with all that it races with. */
  #decorations(uri: Uri, races: readonly PlacedRace[]): DecorationOptions[] {
    const lines = new Map<number, { me: Side; other: Side; race: PlacedRace }[]>();
    for (const race of races)
      for (const [me, other] of [
        [race.a, race.b],
        [race.b, race.a],
      ]) {
        if (me.place === undefined || Uri.parse(me.place.uri, true).toString() !== uri.toString()) continue;
        const known = lines.get(me.place.line) ?? [];
        if (!known.some((one) => placeText(one.other, uri) === placeText(other, uri))) known.push({ me, other, race });
        lines.set(me.place.line, known);
      }
    return [...lines.values()].map((list) => {
      const [{ me, race }] = list;
      const names = list.map(({ other }) => placeText(other, uri, me.place?.line));
      return {
        range: placeNow(this.#edits, me.place!).range,
        renderOptions: { after: { contentText: `races with ${listOf(names, MAX_NAMES)}` } },
        hoverMessage: hoverOf(
          race.module,
          list.map((one) => ({ me: one.me.party, other: one.other.party, shown: one.race.shown })),
        ),
      };
    });
  }
}

const inWorkspace = (place: OriginalPosition | null | undefined): Side['place'] =>
  place?.uri == null ? undefined : { uri: place.uri, line: place.line, character: place.character };

const keyOf = ({ shown: { race }, a, b }: PlacedRace): string =>
  JSON.stringify([
    race.cell,
    [a, b].map(({ place, party }) => (place ? `${place.uri} ${place.line}` : party.offset)).sort(),
  ]);

const VERB: Readonly<Record<RaceParty['access'], string>> = {
  read: 'reads',
  write: 'writes',
  'atomic-read': 'reads atomically',
  'atomic-write': 'writes atomically',
};

/** `A reads at visits.c:16`, `B writes in code that is not in the workspace`. */
function sideText({ party, place }: Side): string {
  const where = place === undefined ? 'in code that is not in the workspace' : `at ${fileLine(place)}`;
  return `${callerName(party.caller)} ${VERB[party.access]} ${where}`;
}

const fileLine = ({ uri, line }: { uri: string; line: number }): string =>
  `${baseName(Uri.parse(uri, true))}:${line + 1}`;

/** `itself`, `line 16`, `counter.h:12`, as seen from a line of a file. */
function placeText({ place, party }: Side, from: Uri, line?: number): string {
  if (place === undefined) return party.op;
  if (Uri.parse(place.uri, true).toString() !== from.toString()) return fileLine(place);
  return place.line === line ? 'itself' : `line ${place.line + 1}`;
}

/** The scenarios of a plan in which exports get objects that it made up: few of them are run, and it is said. */
import { t } from '../../text/l10n.ts';
import { guessedNote } from './guessedText.ts';
import { type Candidate, withFewOf } from './planSelection.ts';
import { isGuessed } from './usage/guesses.ts';
import { type Usage, type UsageFacts, usagesOf } from './usage/roles.ts';

/** More of these scenarios show no more. */
const MAX_GUESSED = 4;

/** The pair of a scenario: positions in `Analysis.exports`. */
interface Positions {
  a: number;
  b: number;
}

/** Scenarios without most of those with objects that were made up. */
interface Bounded<One> {
  some: readonly One[];
  /** Number of pairs whose scenarios are all left out. */
  untested: number;
  /** At most one sentence. */
  notes: string[];
}

/** Which exports a plan calls with objects that it made up. */
export class Guesses {
  readonly #facts: UsageFacts;
  readonly #usages: ReadonlyMap<number, Usage>;
  readonly #known = new Map<number, boolean>();

  /** `usages`: how exports are called, by position; by default, the best guess. */
  constructor(facts: UsageFacts, usages: ReadonlyMap<number, Usage>) {
    this.#facts = facts;
    this.#usages = usages;
  }

  /** Names of the exports of a pair, as hosts call them. */
  of({ a, b }: Positions): string[] {
    const { exports } = this.#facts.analysis;
    return [...new Set([a, b])]
      .filter((position) => this.#isGuessed(position))
      .map((position) => exports[position].name);
  }

  /** Leaves out all but the most valuable scenarios with objects that were made up, where there is a limit at all. */
  bound<One extends Candidate & Positions>(all: readonly One[], limit: number): Bounded<One> {
    if (limit === Number.POSITIVE_INFINITY) return { some: all, untested: 0, notes: [] };
    const { kept, left } = withFewOf(all, (one) => this.of(one).length > 0, MAX_GUESSED);
    const omitted = all.length - kept.length;
    const notes =
      omitted === 0
        ? []
        : [
            t(
              'Only {0} scenarios with such objects are run and {1} are left out, because more of them show no more (option --all on the command line runs all).',
              MAX_GUESSED,
              omitted,
            ),
          ];
    return { some: kept, untested: left.length, notes };
  }

  /** What to know of the scenarios of a plan: at most one sentence. */
  notes(scenarios: readonly Positions[]): string[] {
    const names = [...new Set(scenarios.flatMap((one) => this.of(one)))];
    return names.length === 0 ? [] : [guessedNote(names)];
  }

  #isGuessed(position: number): boolean {
    const known = this.#known.get(position);
    if (known !== undefined) return known;
    const usage = this.#usages.get(position) ?? usagesOf(this.#facts, position)[0];
    const guessed = isGuessed(this.#facts, position, usage);
    this.#known.set(position, guessed);
    return guessed;
  }
}

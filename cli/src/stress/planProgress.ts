/** How far the scenarios of a plan are, in a line for the terminal: of the one that runs, or of all that run at a time. */
import type { Progress } from '../../../core/stress/session/environment.ts';
import { plural } from '../../../core/text/phrases.ts';

/** What searches have done and found so far. */
type Counts = Pick<Progress, 'schedules' | 'races' | 'wrong'>;

/** How far a scenario is, in words and, where it is searched, in numbers. */
export interface ToldProgress {
  text: string;
  counts?: Counts;
}

/** Adds up what scenarios tell, those that have ended included. */
export class PlanProgress {
  private readonly titles: readonly string[];
  /** What each scenario that has begun told last. */
  private readonly told = new Map<number, Counts>();
  private readonly running = new Set<number>();
  private ended = 0;

  constructor(titles: readonly string[]) {
    this.titles = titles;
  }

  begins(i: number): void {
    this.running.add(i);
  }

  ends(i: number): void {
    this.running.delete(i);
    this.ended++;
  }

  /** The line that scenario `i` changes. */
  tell(i: number, { text, counts }: ToldProgress): string {
    if (counts !== undefined) this.told.set(i, counts);
    const { titles, running, ended } = this;
    if (titles.length === 1) return text;
    if (running.size < 2) return `${i + 1} of ${titles.length}, ${titles[i]}: ${text}`;
    const all = [...this.told.values()].reduce((a, b) => ({
      schedules: a.schedules + b.schedules,
      races: a.races + b.races,
      wrong: a.wrong + b.wrong,
    }));
    return `${ended} of ${titles.length} done, ${running.size} running: ${countsText(all)}`;
  }
}

/** `1,234 executions, 2 races`. */
export function countsText({ schedules, races, wrong }: Counts): string {
  const found = [...(races > 0 ? [plural(races, 'race')] : []), ...(wrong > 0 ? [plural(wrong, 'wrong outcome')] : [])];
  return [plural(schedules, 'execution'), ...found].join(', ');
}

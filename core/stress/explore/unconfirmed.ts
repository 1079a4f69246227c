/** What a survey saw and no replayed schedule shows yet. */
import type { Confirmation } from './confirmation.ts';
import type { Exploration } from './exploration.ts';
import type { RaceCollector } from './raceCollector.ts';
import type { SeenOutcome, SeenRaces, Survey } from './survey.ts';

/** The findings of a survey that are left to be shown; what phases show meanwhile falls away. */
export class Unconfirmed {
  private readonly survey: Survey;
  private readonly confirmation: Confirmation;
  private readonly findings: RaceCollector;
  private readonly result: Exploration;
  private readonly outcomes: SeenOutcome[];
  private readonly races: SeenRaces[];

  /** To be made when the outcomes of serial orders are known. */
  constructor(survey: Survey, confirmation: Confirmation, findings: RaceCollector, result: Exploration) {
    this.survey = survey;
    this.confirmation = confirmation;
    this.findings = findings;
    this.result = result;
    // From the end, where the first ones are then.
    this.outcomes = [...survey.outcomes.values()].reverse();
    this.races = survey.races.toReversed();
  }

  /** Whether anything is left. */
  get left(): boolean {
    if (this.survey.hang !== undefined && this.result.hang === undefined) return true;
    return this.nextOutcome() !== undefined || this.nextRaces() !== undefined;
  }

  private nextOutcome(): SeenOutcome | undefined {
    const { outcomes } = this;
    while (outcomes.length > 0 && this.confirmation.news(outcomes[outcomes.length - 1].outcome) === undefined)
      outcomes.pop();
    return outcomes.at(-1);
  }

  private nextRaces(): SeenRaces | undefined {
    const { races } = this;
    while (races.length > 0 && races[races.length - 1].races.every(this.findings.isKnown)) races.pop();
    return races.at(-1);
  }

  /** Replays what is left, by the schedules of the survey. Ends where these can no longer be repeated. */
  async confirm(over: () => boolean): Promise<void> {
    const { survey, confirmation, findings } = this;
    for (let seen = this.nextOutcome(); seen !== undefined; seen = this.nextOutcome()) {
      if (over() || !survey.holds) return;
      this.outcomes.pop();
      await confirmation.judge(seen.outcome, seen.choices);
    }
    for (let seen = this.nextRaces(); seen !== undefined; seen = this.nextRaces()) {
      if (over() || !survey.holds) return;
      this.races.pop();
      await confirmation.confirm(
        seen.races.filter((race) => !findings.isKnown(race)),
        seen.choices,
      );
    }
    if (survey.hang === undefined || this.result.hang !== undefined || over() || !survey.holds) return;
    await confirmation.hangs(survey.hang.kind, survey.hang.choices);
  }
}

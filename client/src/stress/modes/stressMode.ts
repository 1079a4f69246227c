/** The mode of the commands: explores each scenario, then hammers it, in one test run. */
import { l10n, type TestMessage } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import type { HammerResult } from '../../../../core/stress/hammer/hammerResult.ts';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';
import type { Work } from '../runs/work.ts';
import type { ExploreMode } from './exploreMode.ts';
import type { HammerMode } from './hammerMode.ts';
import { type RunControl, type RunMode, stressTrust, worseOf } from './runMode.ts';

/** What both modes found of one scenario. */
export interface Stressed {
  explored: AdvisedResult;
  /** Undefined when the scenario could not be hammered; `failure` says why. */
  hammered: HammerResult | undefined;
  failure: string | undefined;
}

/**
 * Can run wherever exploring can: if hammering is not possible or fails, the explored result stands, with the reason.
 * A hammer that is cancelled is a failure, but the explored result is already kept by then.
 */
export class StressMode implements RunMode<Stressed> {
  readonly label = l10n.t('Explore and hammer');
  readonly trust = stressTrust();
  readonly hammersOnly = false;
  private readonly explore: ExploreMode;
  private readonly hammer: HammerMode;

  constructor(explore: ExploreMode, hammer: HammerMode) {
    this.explore = explore;
    this.hammer = hammer;
  }

  titleOf(name: string): string {
    return l10n.t('Stress test of {0}', name);
  }

  seconds(): number {
    return this.explore.seconds();
  }

  atOnce(): number {
    return 1;
  }

  missing(): string | undefined {
    return this.explore.missing();
  }

  async run(work: Work, control: RunControl): Promise<{ result: Stressed } | { failure: StressFailure }> {
    const explored = await this.explore.run(work, control);
    if ('failure' in explored) return explored;
    const { result } = explored;
    // Kept at once: the hammer needs it, and the editor shows it while the hammer runs.
    this.explore.keep(work, result);
    const missing = this.hammer.missing();
    if (missing !== undefined) return { result: { explored: result, hammered: undefined, failure: missing } };
    const hammered = await this.hammer.run(this.timed(work), control);
    if ('result' in hammered) return { result: { explored: result, hammered: hammered.result, failure: undefined } };
    if (hammered.failure.kind === 'cancelled') return hammered;
    return { result: { explored: result, hammered: undefined, failure: hammered.failure.message } };
  }

  /** Gives a planned scenario its share of the hammer's time. The budget of a scenario file applies to both modes. */
  private timed(work: Work): Work {
    if (work.base !== undefined) return work;
    const { scenario } = work;
    const seconds = (scenario.budget.seconds * this.hammer.seconds()) / Math.max(this.explore.seconds(), 0.001);
    return { ...work, scenario: { ...scenario, budget: { ...scenario.budget, seconds } } };
  }

  keep(work: Work, { hammered }: Stressed): void {
    if (hammered !== undefined) this.hammer.keep(work, hammered);
  }

  /** What exploration found; that the hammer showed more than that is told, too. */
  badgeOf(results: readonly Stressed[]): string {
    const badge = this.explore.badgeOf(results.map(({ explored }) => explored));
    const hammered = results.flatMap((one) => (one.hammered === undefined ? [] : [one.hammered]));
    const more = hammered.some((rounds) => results.every(({ explored }) => showsMore(explored, rounds)));
    return more ? `${badge}, ${this.hammer.badgeOf(hammered)}` : badge;
  }

  severityOf({ explored, hammered }: Stressed): number {
    return Math.max(this.explore.severityOf(explored), hammered === undefined ? 0 : this.hammer.severityOf(hammered));
  }

  outcomeOf({ explored, hammered, failure }: Stressed): 'passed' | 'errored' | 'failed' {
    const outcome = this.explore.outcomeOf(explored);
    const other =
      hammered === undefined ? (failure === undefined ? 'passed' : 'errored') : this.hammer.outcomeOf(hammered);
    return worseOf(outcome, other) as 'passed' | 'errored' | 'failed';
  }

  async textOf(work: Work, { explored, hammered, failure }: Stressed): Promise<string> {
    const text = await this.explore.textOf(work, explored);
    if (hammered === undefined)
      return failure === undefined ? text : `${text}${l10n.t('Not hammered: {0}', failure)}\n`;
    return `${text}\n${await this.hammer.textOf(work, hammered)}`;
  }

  async messagesOf(work: Work, { explored, hammered }: Stressed, badge: string): Promise<TestMessage[]> {
    const messages = await this.explore.messagesOf(work, explored, badge);
    if (hammered === undefined) return messages;
    return [...messages, ...(await this.hammer.messagesOf(work, hammered, this.hammer.badgeOf([hammered])))];
  }
}

/** Whether parallel calls went wrong in a way that no explored schedule does. */
const showsMore = ({ wrongOutcome, hang }: AdvisedResult, { verdict }: HammerResult): boolean =>
  (verdict === 'wrong-outcome' && !wrongOutcome) || (verdict === 'hang' && hang === null);

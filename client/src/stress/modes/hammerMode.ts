/** The mode `Hammer`: parallel calls on threads, the frequency of each outcome, and what remedies cost. */
import { Location, l10n, type TestMessage } from 'vscode';
import { reportText } from '../../../../core/report/formats.ts';
import { hammerReportOf } from '../../../../core/report/report.ts';
import { hammerBadge } from '../../../../core/report/shown/badge.ts';
import { hammerVerdict } from '../../../../core/report/verdicts.ts';
import { isFindingVerdict } from '../../../../core/stress/explore/headlines.ts';
import type { HammerAnswer } from '../../../../core/stress/hammer/hammer.ts';
import type { HammerResult } from '../../../../core/stress/hammer/hammerResult.ts';
import { callsOf } from '../../../../core/stress/scenario/steps.ts';
import { number } from '../../../../core/text/phrases.ts';
import { stressSettings } from '../../settings.ts';
import { testMessage } from '../../shown/testTexts.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import { answerInSource } from '../results/answerInSource.ts';
import type { Work } from '../runs/work.ts';
import type { StressServices } from '../services.ts';
import { type RunControl, type RunMode, stressTrust } from './runMode.ts';

/** Uses what exploration found of the same scenario, if it is still kept, to explain the outcomes. */
export class HammerMode implements RunMode<HammerResult> {
  readonly label = l10n.t('Hammer');
  readonly trust = stressTrust();
  readonly hammersOnly = true;
  private readonly services: StressServices;

  constructor(services: StressServices) {
    this.services = services;
  }

  titleOf(name: string): string {
    return l10n.t('Stress test of {0}', name);
  }

  seconds(): number {
    return stressSettings().hammerSeconds;
  }

  atOnce(): number {
    return 1;
  }

  missing(): string | undefined {
    return this.services.runner.missingForHammer();
  }

  async run({ info, scenario, base, title }: Work, { signal, report }: RunControl): Promise<HammerAnswer> {
    const { services } = this;
    const { results, runner } = services;
    const answer = await runner.hammer(
      { bytes: info.bytes, analysis: info.analysis, name: baseName(info.uri), scenario },
      {
        base,
        signal,
        explored: results.exploredOf(toBinaryUri(info.uri), scenario),
        onProgress: ({ rounds }) => report(l10n.t('{0}: hammer, {1} rounds', title, number(rounds))),
        onExplain: () => report(l10n.t('{0}: searching for schedules', title)),
      },
    );
    return answerInSource(services.server, info, answer);
  }

  keep({ info, base }: Work, result: HammerResult): void {
    const called = new Set(result.scenario.callers.flatMap(callsOf));
    const exports = info.exports
      .filter(({ name }) => called.has(name))
      .map(({ name, offset }) => [name, offset] as const);
    this.services.results.addHammered(toBinaryUri(info.uri), { result, file: base, exports: new Map(exports) });
  }

  badgeOf(results: readonly HammerResult[]): string {
    return hammerBadge(results);
  }

  severityOf(result: HammerResult): number {
    return severityOfHammer(result);
  }

  /** What exploration found remains true even if the hammer did not reproduce it. */
  outcomeOf({ verdict, explored }: HammerResult): 'passed' | 'errored' | 'failed' {
    if (verdict === 'wrong-outcome' || verdict === 'hang') return 'failed';
    if (explored !== null && isFindingVerdict(explored.verdict)) return 'failed';
    return verdict === 'not-judged' && explored?.verdict !== 'safe' ? 'errored' : 'passed';
  }

  textOf(_work: Work, result: HammerResult): Promise<string> {
    return Promise.resolve(reportText(hammerReportOf(result), 'text', { full: true, colour: false }));
  }

  /** The table of outcomes and that of costs. */
  messagesOf({ title, item }: Work, result: HammerResult, badge: string): Promise<TestMessage[]> {
    // Plain text: in Markdown, test messages collapse spaces, which breaks tables.
    const text = reportText(hammerReportOf(result), 'text', { full: false, colour: false });
    const message = testMessage(`${badge}\n${l10n.t('{0}: hammer: {1}', title, hammerVerdict(result))}\n\n${text}`);
    if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
    return Promise.resolve([message]);
  }
}

/** Higher is worse; 0 when nothing went wrong. */
export const severityOfHammer = ({ verdict }: HammerResult): number =>
  verdict === 'wrong-outcome' || verdict === 'hang' ? 2 : verdict === 'not-judged' ? 1 : 0;

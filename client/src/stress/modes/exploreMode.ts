/** The mode `Explore`: tries the interleavings of a scenario, and says what raced and what came out wrong. */
import { Location, l10n, type TestMessage } from 'vscode';
import type { AdvisedAnswer, AdvisedResult } from '../../../../core/advice/advised.ts';
import { reportText } from '../../../../core/report/formats.ts';
import { stressReportOf } from '../../../../core/report/report.ts';
import { exploredBadge } from '../../../../core/report/shown/badge.ts';
import { functionOf } from '../../../../core/report/sourced.ts';
import { verdictText } from '../../../../core/report/verdicts.ts';
import { severityOfResult } from '../../../../core/stress/explore/headlines.ts';
import { stressSettings } from '../../settings.ts';
import { testFrame, testMessage } from '../../shown/testTexts.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import { type ModuleInfo, rangesOf } from '../moduleInfo.ts';
import { answerInSource } from '../results/answerInSource.ts';
import { placesOf, sourcesOf } from '../results/places.ts';
import { playableMessage } from '../results/playedMessage.ts';
import type { Work } from '../runs/work.ts';
import type { StressServices } from '../services.ts';
import { type RunControl, type RunMode, stressTrust } from './runMode.ts';

/** Each scenario runs off this thread. An item passes on `safe`, is an error on `inconclusive` and fails otherwise. */
export class ExploreMode implements RunMode<AdvisedResult> {
  readonly label = l10n.t('Explore');
  readonly trust = stressTrust();
  readonly hammersOnly = false;
  private readonly services: StressServices;

  constructor(services: StressServices) {
    this.services = services;
  }

  titleOf(name: string): string {
    return l10n.t('Stress test of {0}', name);
  }

  seconds(): number {
    return stressSettings().seconds;
  }

  atOnce(): number {
    return this.services.runner.atOnce();
  }

  missing(): string | undefined {
    return this.services.runner.missing();
  }

  /** Explores the scenario, or replays `schedule`. */
  async run(
    { info, scenario, base, title }: Pick<Work, 'info' | 'scenario' | 'base' | 'title'>,
    { signal, report }: RunControl,
    schedule?: string,
  ): Promise<AdvisedAnswer> {
    const answer = await this.services.runner.explore(
      { bytes: info.bytes, analysis: info.analysis, name: baseName(info.uri), scenario, schedule },
      {
        base,
        signal,
        onProgress: ({ phase, schedules }) =>
          report(l10n.t('{0}: {1}, {2} executions', title, phase, schedules), schedules),
      },
    );
    return answerInSource(this.services.server, info, answer);
  }

  keep({ info, base }: Work, result: AdvisedResult): void {
    this.services.results.add(toBinaryUri(info.uri), result, base);
  }

  badgeOf(results: readonly AdvisedResult[]): string {
    return exploredBadge(results);
  }

  severityOf(result: AdvisedResult): number {
    return severityOfResult(result);
  }

  outcomeOf({ verdict }: AdvisedResult): 'passed' | 'errored' | 'failed' {
    if (verdict === 'safe') return 'passed';
    return verdict === 'inconclusive' ? 'errored' : 'failed';
  }

  textOf({ info }: { info: ModuleInfo }, result: AdvisedResult): Promise<string> {
    return this.text(info, result, true);
  }

  /** The verdict and the trace as text, the racing instructions as stack frames. */
  async messagesOf({ info, title, item }: Work, result: AdvisedResult, badge: string): Promise<TestMessage[]> {
    const { server, items } = this.services;
    // Plain text: in Markdown, test messages collapse spaces, which breaks tables.
    const text = await this.text(info, result, false);
    const message = testMessage(`${badge}\n${title}: ${verdictText(result)}\n\n${text}`);
    if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
    const [race] = result.races;
    if (race !== undefined && item.uri !== undefined) {
      const offsets = [race.a.offset, race.b.offset];
      const ranges = await rangesOf(server, info.uri, offsets);
      const sources = await sourcesOf(server, info, offsets);
      const uri = items.kindOf(item).kind === 'scenario' ? undefined : item.uri;
      message.stackTrace = [race.a, race.b].map((party) => {
        const range = ranges.get(party.offset);
        const label = l10n.t('{0} in {1}', party.op, functionOf(party, result) ?? l10n.t('unknown code'));
        const { uri: file, range: at } = sources.get(party.offset) ?? { uri, range };
        return testFrame(label, file, at?.start);
      });
    }
    message.contextValue = playableMessage(info.uri, result);
    return [message];
  }

  private async text(info: ModuleInfo, result: AdvisedResult, full: boolean): Promise<string> {
    const place = await placesOf(this.services.server, info, [
      ...result.races.flatMap(({ a, b }) => [a.offset, b.offset]),
      ...result.trace.map(({ offset }) => offset),
    ]);
    return reportText(stressReportOf(result, { place }), 'text', { full, colour: false });
  }
}

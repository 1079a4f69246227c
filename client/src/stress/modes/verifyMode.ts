/** The mode `Verify on wazero`: runs scenarios on the wazero of the user's Go module, beside what exploration found. */
import { Location, l10n, type TestMessage } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { terminalText } from '../../../../core/harmless/terminal.ts';
import { HOST_PROFILES, type HostId } from '../../../../core/hosts/index.ts';
import { reportText } from '../../../../core/report/formats.ts';
import { verifyReportOf } from '../../../../core/report/report.ts';
import { verifyBadge } from '../../../../core/report/shown/badge.ts';
import { verifyVerdict } from '../../../../core/report/verifyVerdict.ts';
import { isFindingVerdict } from '../../../../core/stress/explore/headlines.ts';
import type { RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { callsOf } from '../../../../core/stress/scenario/steps.ts';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';
import type { VerifyResult } from '../../../../core/verify/model.ts';
import { goOutputs } from '../../../../core/verify/verified.ts';
import type { OpenVerifier } from '../../runner.ts';
import { verifySettings } from '../../settings.ts';
import { testFrame, testMessage } from '../../shown/testTexts.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import { rangesOf } from '../moduleInfo.ts';
import { sourcesOf } from '../results/places.ts';
import type { Work } from '../runs/work.ts';
import type { StressServices } from '../services.ts';
import type { ExploreMode } from './exploreMode.ts';
import type { RunControl, RunMode } from './runMode.ts';

/** Hosts that run modules on wazero. */
const VERIFIED_HOSTS: readonly HostId[] = ['wazero', 'extism'];

type Opened = { verifier: OpenVerifier } | { failure: StressFailure };

/** Explores a scenario first unless that result is kept: what the host shows is told beside it. */
export class WazeroMode implements RunMode<VerifyResult> {
  readonly label = l10n.t('Verify on wazero');
  readonly trust = l10n.t(
    'Verification builds and runs code of a Go module, runs the code of WebAssembly modules, and requires a trusted workspace.',
  );
  readonly more = { title: l10n.t('Show Go output'), command: 'wasm-hazards.showGoOutput' } as const;
  readonly hammersOnly = false;
  private readonly services: StressServices;
  private readonly explore: ExploreMode;
  /** Verifiers of the current run by the folder of their Go module: building one takes seconds. */
  private readonly opened = new Map<string, Promise<Opened>>();

  constructor(services: StressServices, explore: ExploreMode) {
    this.services = services;
    this.explore = explore;
  }

  titleOf(name: string): string {
    return l10n.t('Verification of {0}', name);
  }

  seconds(): number {
    return verifySettings().seconds;
  }

  atOnce(): number {
    return 1;
  }

  missing(): string | undefined {
    return this.services.runner.verification.missing();
  }

  async run(work: Work, control: RunControl): Promise<{ result: VerifyResult } | { failure: StressFailure }> {
    const { info, scenario, base, title } = work;
    const { host } = scenario;
    if (!VERIFIED_HOSTS.includes(host))
      return {
        failure: {
          kind: 'invalid-scenario',
          message: l10n.t(
            '{0}: the host is {1}, and verification runs wazero; select the host profile wazero, or set "host" in the scenario',
            title,
            HOST_PROFILES[host].label,
          ),
        },
      };
    const found = await this.services.runner.verification.folderOf(base ?? info.uri);
    if ('refusal' in found) return { failure: { kind: 'unsupported-host', message: found.refusal } };
    control.report(l10n.t('{0}: building for wazero', title));
    const opened = await this.open(found.folder, control);
    if ('failure' in opened) return opened;
    const explored = await this.explored(work, control);
    if (explored !== undefined && 'failure' in explored) return explored;
    return opened.verifier.verify(
      { bytes: info.bytes, analysis: info.analysis, name: baseName(info.uri), scenario },
      {
        seconds: scenario.budget.seconds,
        explored: explored?.result,
        exact: verifySettings().exact,
        signal: control.signal,
        onProgress: (text) => control.report(`${title}: ${text}`),
      },
    );
  }

  private open(folder: string, { signal, report }: RunControl): Promise<Opened> {
    const known = this.opened.get(folder);
    if (known !== undefined) return known;
    const { verification } = this.services.runner;
    const opening = verification
      .open(folder, { signal, onProgress: report })
      .then((answer) => ('failure' in answer ? answer : { verifier: answer }));
    this.opened.set(folder, opening);
    return opening;
  }

  /** Undefined where this JavaScript runtime cannot explore. */
  private async explored(
    work: Work,
    control: RunControl,
  ): Promise<{ result: AdvisedResult } | { failure: StressFailure } | undefined> {
    const { info, scenario, base } = work;
    const known = this.services.results.exploredOf(toBinaryUri(info.uri), scenario);
    if (known !== undefined) return { result: known };
    if (this.explore.missing() !== undefined) return undefined;
    // A planned scenario has its share of the time for verifying.
    const share = base === undefined ? this.explore.seconds() / Math.max(this.seconds(), 0.001) : 1;
    const { budget } = scenario;
    const timed = { ...scenario, budget: { ...budget, seconds: budget.seconds * share } };
    const answer = await this.explore.run({ ...work, scenario: timed }, control);
    if ('result' in answer) this.explore.keep(work, answer.result);
    return answer;
  }

  /** Removes what was built. */
  async ended(): Promise<void> {
    const all = [...this.opened.values()];
    this.opened.clear();
    for (const one of await Promise.all(all)) if ('verifier' in one) one.verifier.close();
  }

  keep({ info, base, title }: Work, result: VerifyResult): void {
    this.services.goOutput.append(terminalText(goOutputOf(title, result)));
    const called = new Set(result.scenario.callers.flatMap(callsOf));
    const exports = info.exports
      .filter(({ name }) => called.has(name))
      .map(({ name, offset }) => [name, offset] as const);
    this.services.results.addVerified(toBinaryUri(info.uri), { result, file: base, exports: new Map(exports) });
  }

  badgeOf(results: readonly VerifyResult[]): string {
    return verifyBadge(results);
  }

  severityOf(result: VerifyResult): number {
    return severityOfVerify(result);
  }

  /** Not seeing on the host what exploration found takes nothing from the finding. */
  outcomeOf({ verdict, findings, remedies, explored, runs }: VerifyResult): 'passed' | 'errored' | 'failed' {
    const found = explored !== null && isFindingVerdict(explored.verdict);
    if (found || findings.length > 0 || remedies.some(({ clean }) => !clean)) return 'failed';
    const isJudged = runs.some(({ seen, notJudged }) => seen > 0 && notJudged === 0);
    return verdict === 'not-verified' || (!isJudged && explored?.verdict !== 'safe') ? 'errored' : 'passed';
  }

  textOf(_work: Work, result: VerifyResult): Promise<string> {
    return Promise.resolve(reportText(verifyReportOf(result), 'text', { full: true, colour: false }));
  }

  /** The table of findings, the racing instructions of the first one as stack frames. */
  async messagesOf({ info, title, item }: Work, result: VerifyResult, badge: string): Promise<TestMessage[]> {
    // Plain text: in Markdown, test messages collapse spaces, which breaks tables.
    const text = reportText(verifyReportOf(result), 'text', { full: false, colour: false });
    const message = testMessage(`${badge}\n${title}: ${verifyVerdict(result)}\n\n${text}`);
    if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
    const race = result.findings.map(({ explored }) => explored).find(isRace);
    if (race !== undefined && item.uri !== undefined) {
      const { server, items } = this.services;
      const offsets = [race.a.offset, race.b.offset];
      const ranges = await rangesOf(server, info.uri, offsets);
      const sources = await sourcesOf(server, info, offsets);
      const uri = items.kindOf(item).kind === 'scenario' ? undefined : item.uri;
      message.stackTrace = [race.a, race.b].map((party) => {
        const { uri: file, range: at } = sources.get(party.offset) ?? { uri, range: ranges.get(party.offset) };
        return testFrame(`${callerName(party.caller)}: ${party.op}`, file, at?.start);
      });
    }
    return [message];
  }
}

const isRace = (found: unknown): found is RaceReport => typeof found === 'object' && found !== null && 'a' in found;

/** Higher is worse; 0 when nothing went wrong. */
function severityOfVerify({ verdict, findings, remedies }: VerifyResult): number {
  if (verdict === 'confirmed' || verdict === 'new' || remedies.some(({ clean }) => !clean)) return 2;
  return verdict === 'not-verified' || findings.length > 0 ? 1 : 0;
}

/** Everything that Go wrote for a scenario. */
const goOutputOf = (title: string, result: VerifyResult): string =>
  goOutputs(result)
    .map(({ what, output }) => {
      const { wazero, go } = result.runtime;
      return `${title}: ${what}, wazero ${wazero}, ${go}\n${output === '' ? l10n.t('Go wrote nothing.') : output}\n\n`;
    })
    .join('');

/** Shows what the real host has shown: at races that exploration found, and at the exports that were called. */
import { Diagnostic, DiagnosticSeverity, l10n, type Range } from 'vscode';
import { findingText } from '../../../../core/report/verifyVerdict.ts';
import type { HostHazardReport, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { stepText } from '../../../../core/stress/scenario/steps.ts';
import { listOf, number, plural } from '../../../../core/text/phrases.ts';
import type { VerifyFinding, VerifyResult } from '../../../../core/verify/model.ts';
import type { VerifiedExports } from './stressResults.ts';

type Encounter = RaceReport | HostHazardReport;

/** `Confirmed on wazero 1.12.0: 12 race reports fit it in 500 rounds.` for a race that was verified; empty where it was not. */
export function verifiedText(race: Encounter, verified: readonly VerifiedExports[]): string {
  const key = keyOf(race);
  const told = verified.flatMap(({ result }) =>
    result.findings
      .filter(({ explored }) => isEncounter(explored) && keyOf(explored) === key)
      .map((finding) => ({ finding, wazero: wazeroOf(result) })),
  );
  if (told.length === 0) return '';
  const seen = told.filter(({ finding }) => finding.status !== 'not-seen');
  // Several scenarios make the same calls: those that showed it count.
  const counted = seen.length > 0 ? seen : told;
  const sum = (of: 'reports' | 'rounds'): number => counted.reduce((total, { finding }) => total + finding[of], 0);
  const versions = [...new Set(counted.map(({ wazero }) => wazero))];
  const on = listOf(versions, versions.length);
  const rounds = plural(sum('rounds'), 'round');
  if (seen.length === 0) return l10n.t('Not seen on wazero {0} in {1}, which proves nothing.', on, rounds);
  const reports = sum('reports');
  // A report can fit several races of a cell.
  if (reports === 0) return l10n.t('Confirmed on wazero {0} in {1}.', on, rounds);
  if (reports === 1) return l10n.t('Confirmed on wazero {0}: 1 race report fits it in {1}.', on, rounds);
  return l10n.t('Confirmed on wazero {0}: {1} race reports fit it in {2}.', on, number(reports), rounds);
}

/** `1.12.0`, or the folder that replaces it. */
const wazeroOf = ({ runtime }: VerifyResult): string => runtime.wazero.replace(/^v(?=\d)/, '');

const isEncounter = (explored: VerifyFinding['explored']): explored is Extract<typeof explored, Encounter> =>
  typeof explored === 'object' && explored !== null && 'a' in explored;

const keyOf = ({ kind, a, b }: Encounter): string => [kind, ...[a.offset, b.offset].sort((x, y) => x - y)].join();

/**
 * Diagnostics for what the host showed beyond the races that exploration found, one for each finding at the first export
 * that was called; and for a remedy under which it still showed something.
 */
export function verifiedDiagnostics(
  verified: readonly VerifiedExports[],
  ranges: ReadonlyMap<number, Range>,
): Diagnostic[] {
  return verified.flatMap(({ result, exports }) => {
    const range = [...exports.values()].map((offset) => ranges.get(offset)).find((one) => one !== undefined);
    if (range === undefined) return [];
    const { scenario, findings, remedies } = result;
    const callers = scenario.callers
      .map((calls, i) => `${callerName(i)} ${calls.map(stepText).join('; ')}`)
      .join(' | ');
    const told = [
      ...findings
        .filter(({ status, explored }) => status === 'new' || (status === 'confirmed' && !isEncounter(explored)))
        .map((finding) => ({
          text: `${finding.kind.replace('-', ' ')}: ${finding.text} ${findingText(finding)}`,
          code: finding.status === 'new' ? 'verified-new' : 'verified',
        })),
      ...remedies.filter(({ clean }) => !clean).map(({ text }) => ({ text, code: 'verified-remedy' })),
    ];
    return told.map(({ text, code }) => {
      const diagnostic = new Diagnostic(
        range,
        l10n.t('{0}, on wazero {1}: {2}', callers, wazeroOf(result), text),
        DiagnosticSeverity.Warning,
      );
      diagnostic.code = code;
      return diagnostic;
    });
  });
}

/** Shows what the real host has shown: at races that exploration found, and at the exports that were called. */
import { Diagnostic, DiagnosticSeverity, type Range } from 'vscode';
import { findingText } from '../../../../core/report/verifyVerdict.ts';
import type { HostHazardReport, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { stepText } from '../../../../core/stress/scenario/steps.ts';
import { plural } from '../../../../core/text/phrases.ts';
import type { VerifyFinding, VerifyResult } from '../../../../core/verify/model.ts';
import type { VerifiedExports } from './stressResults.ts';

type Encounter = RaceReport | HostHazardReport;

/** `Confirmed on wazero 1.12.0: 12 race reports in 500 rounds.` for a race that was verified; empty where it was not. */
export function verifiedText(race: Encounter, verified: readonly VerifiedExports[]): string {
  for (const { result } of verified) {
    const finding = result.findings.find(({ explored }) => isEncounter(explored) && keyOf(explored) === keyOf(race));
    if (finding !== undefined) return onHost(finding, result);
  }
  return '';
}

const isEncounter = (explored: VerifyFinding['explored']): explored is Extract<typeof explored, Encounter> =>
  typeof explored === 'object' && explored !== null && 'a' in explored;

const keyOf = ({ kind, a, b }: Encounter): string => [kind, ...[a.offset, b.offset].sort((x, y) => x - y)].join();

function onHost({ status, reports, wrong, rounds }: VerifyFinding, { runtime }: VerifyResult): string {
  const on = `on wazero ${runtime.wazero.replace(/^v(?=\d)/, '')}`;
  const inRounds = `in ${plural(rounds, 'round')}`;
  if (status === 'not-seen') return `Not seen ${on} ${inRounds}, which proves nothing.`;
  const seen = [
    ...(reports > 0 ? [plural(reports, 'race report')] : []),
    ...(wrong > 0 ? [plural(wrong, 'wrong outcome')] : []),
  ];
  return `Confirmed ${on}${seen.length === 0 ? '' : `: ${seen.join(' and ')}`} ${inRounds}.`;
}

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
    const { scenario, runtime, findings, remedies } = result;
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
    const on = `on wazero ${runtime.wazero.replace(/^v(?=\d)/, '')}`;
    return told.map(({ text, code }) => {
      const diagnostic = new Diagnostic(range, `${callers}, ${on}: ${text}`, DiagnosticSeverity.Warning);
      diagnostic.code = code;
      return diagnostic;
    });
  });
}

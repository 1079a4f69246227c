/** What `verify` found on the user's own host, and what only exploration found. */
import type { VerifyFinding, VerifyResult } from '../../verify/model.ts';
import { findingText } from '../verifyVerdict.ts';
import type { ReportFinding } from './reportFinding.ts';
import { findingOfRun, type RunSubject, steadyName } from './runFindings.ts';
import { RUN_RULES, type RunRuleId } from './runRules.ts';
import { spotOfPlace } from './scheduleFlow.ts';
import { locationOf } from './spots.ts';

const RULES: Readonly<Record<VerifyFinding['kind'], RunRuleId>> = {
  race: 'run/race',
  'wrong-outcome': 'run/wrong-outcome',
  hang: 'run/hang',
  'host-hazard': 'run/host-hazard',
  crash: 'run/crash',
};

/** Everything that exploration or the host showed. What the host did not show is no less serious: that proves nothing. */
export const verifiedFindings = (result: VerifyResult, subject: RunSubject): ReportFinding[] => [
  ...result.findings.map((finding) => verifiedFinding(finding, result, subject)),
  ...(result.explored?.verdict === 'private-state'
    ? [findingOfRun('run/private-state', result, subject, { text: RUN_RULES['run/private-state'].summary })]
    : []),
];

function verifiedFinding(finding: VerifyFinding, result: VerifyResult, subject: RunSubject): ReportFinding {
  const { kind, status, text, explored } = finding;
  const { runtime } = result;
  const met = explored !== null && 'a' in explored ? explored : undefined;
  const { spots, files } = subject;
  const seen = `On wazero ${runtime.wazero}, ${runtime.go}: ${findingText(finding)}${status === 'not-seen' ? ', which proves nothing' : ''}.`;
  return findingOfRun(RULES[kind], result, subject, {
    text: `${text}${/[.!?]$/.test(text) ? '' : '.'} ${seen}`,
    ...(met === undefined ? {} : { cell: steadyName(met), spot: spotOfPlace(met.a, spots) }),
    schedule: explored?.schedule,
    related: () => (met === undefined ? [] : [locationOf(spotOfPlace(met.b, spots), files, 'The other access')]),
    properties: { status, kind },
  });
}

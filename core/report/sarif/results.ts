/**
 * Findings as results. Code scanning takes findings of one rule on one line for the same one, so those at one place
 * become one result, with a way to each of them.
 */

import { displayable } from '../../harmless/names.ts';
import { sarifText } from '../../harmless/sarif.ts';
import { listOf, plural } from '../../text/phrases.ts';
import { SEVERITY_RANK } from '../checkedModule.ts';
import type { SarifCodeFlow, SarifLocation, SarifResult } from './model.ts';
import type { FindingIdentity, ReportFinding } from './reportFinding.ts';
import { LEVELS, type SarifRuleId } from './rules.ts';
import { locationOf, type SarifFiles } from './spots.ts';

/** What GitHub keeps of a log and of a result: https://docs.github.com/code-security, "SARIF support for code scanning". */
export const LIMITS = { results: 5000, steps: 1000, locations: 100 };
/** Ways that one result shows, other findings that its message names, and functions that it lists. */
const WAYS = 10;
const NAMED = 3;
const FUNCTIONS = 50;

/** What results are made with. */
export interface ResultOptions {
  files: SarifFiles;
  ruleIds: readonly SarifRuleId[];
  /** Whether a finding is in the baseline; undefined without one. */
  isKnown: ((identity: FindingIdentity) => boolean) | undefined;
}

/** The results of one report, worst first, at most `limit`; `total` is the number of all. */
export function resultsOf(
  found: Iterable<ReportFinding>,
  options: ResultOptions,
  limit: number,
): { results: RankedResult[]; total: number } {
  const groups = new Map<string, ReportFinding[]>();
  for (const one of found) {
    const { file, start, offset } = one.spot;
    const key = [one.rule, file, offset === undefined ? start.line : `@${offset}`].join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  // The toolchain's exports have hints at places where those of the author have warnings.
  for (const group of groups.values()) group.sort((a, b) => rankOf(b) - rankOf(a));
  const sorted = [...groups.values()].sort((a, b) => rankOf(b[0]) - rankOf(a[0]));
  const seen = new Map<string, number>();
  const results = sorted.slice(0, limit).map((group) => {
    const result = resultOf(group, options);
    addFingerprints(result, group[0], options.files, seen);
    return { rank: rankOf(group[0]), result };
  });
  return { results, total: groups.size };
}

/** A result and how bad it is, the higher the worse. */
export interface RankedResult {
  rank: number;
  result: SarifResult;
}

const rankOf = ({ severity }: ReportFinding): number => SEVERITY_RANK[severity];

function resultOf(group: readonly ReportFinding[], { files, ruleIds, isKnown }: ResultOptions): SarifResult {
  const [first] = group;
  const { rule, severity, spot, properties } = first;
  const functions = [...new Set(group.flatMap((one) => one.functions))];
  const codeFlows = flowsOf(group);
  const relatedLocations = relatedOf(group);
  const known = isKnown && group.filter(({ identity }) => isKnown(identity)).length;
  const result: SarifResult = {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level: LEVELS[severity],
    message: { text: messageOf(group) },
    locations: [{ ...locationOf(spot, files), ...logicalOf(first) }],
    ...(relatedLocations.length > 0 ? { relatedLocations } : {}),
    ...(codeFlows.length > 0 ? { codeFlows } : {}),
    partialFingerprints: {},
    ...(known === undefined
      ? {}
      : { baselineState: known === 0 ? 'new' : known === group.length ? 'unchanged' : 'updated' }),
    properties: { ...properties, functions: functions.slice(0, FUNCTIONS), findings: group.length },
  };
  return harmless(result);
}

const fullName = ({ identity }: ReportFinding, name: string): string => `${displayable(identity.module, 400)}::${name}`;

function logicalOf(found: ReportFinding): Pick<SarifLocation, 'logicalLocations'> {
  if (found.functions.length === 0) return {};
  const one = (name: string) => ({ name, fullyQualifiedName: fullName(found, name), kind: 'function' as const });
  return { logicalLocations: found.functions.slice(0, NAMED).map(one) };
}

/** The first finding in whole, the others by name. */
function messageOf(group: readonly ReportFinding[]): string {
  const [first, ...others] = group;
  const labels = [...new Set(others.map(({ label }) => label))].filter((label) => label !== first.label);
  if (labels.length === 0)
    return others.length === 0
      ? first.message()
      : `${first.message()} ${plural(group.length, 'finding')} of this kind are here.`;
  return `${first.message()} The same is found here for ${listOf(labels, NAMED)}.`;
}

/** The ways to the first findings, with at most as many steps as are kept. */
function flowsOf(group: readonly ReportFinding[]): SarifCodeFlow[] {
  const flows: SarifCodeFlow[] = [];
  let left = LIMITS.steps;
  for (const one of group.slice(0, WAYS)) {
    for (const flow of one.flows(left)) {
      flows.push(flow);
      for (const { locations } of flow.threadFlows) left -= locations.length;
    }
  }
  return flows;
}

/** Each place once. */
function relatedOf(group: readonly ReportFinding[]): SarifLocation[] {
  const related = new Map<string, SarifLocation>();
  for (const one of group) {
    if (related.size >= LIMITS.locations) break;
    for (const location of one.related()) related.set(JSON.stringify(location), location);
  }
  return [...related.values()].slice(0, LIMITS.locations);
}

/**
 * `primaryLocationLineHash` is what code scanning goes by. A binary has no lines that it could hash: there, what the
 * finding is about has to do, numbered where several are about the same.
 */
function addFingerprints(
  { partialFingerprints }: SarifResult,
  { identity, spot, rule }: ReportFinding,
  files: SarifFiles,
  seen: Map<string, number>,
): void {
  const { module, subject, cell } = identity;
  const about = [rule, module, subject, cell]
    .filter((part) => part !== '')
    .map(sarifText)
    .join(' | ');
  const times = (seen.get(about) ?? 0) + 1;
  seen.set(about, times);
  const own = times === 1 ? about : `${about} | ${times}`;
  const hash = spot.offset === undefined ? files.hash(spot.file, spot.start.line) : own;
  if (hash !== undefined) partialFingerprints.primaryLocationLineHash = hash;
  partialFingerprints['wasmHazards/v1'] = own;
}

/** Names may hold anything; URIs and hashes are plain already. */
function harmless(data: SarifResult): SarifResult {
  const mapped = (value: unknown): unknown => {
    if (typeof value === 'string') return sarifText(value);
    if (Array.isArray(value)) return value.map(mapped);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapped(part)]));
  };
  return mapped(data) as SarifResult;
}

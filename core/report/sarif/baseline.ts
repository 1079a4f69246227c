/**
 * Baselines: the findings that are known, in a file that is kept beside the code. An entry stands for findings of one
 * identity and their number: of more than that, all are new, because nothing tells which ones are. How many findings of one
 * identity runs show depends on the time that they had, so there an entry stands for any number.
 */
import { jsonText } from '../../harmless/json.ts';
import type { FindingIdentity } from './reportFinding.ts';

/** Findings of one identity. */
export interface BaselineEntry extends FindingIdentity {
  count: number;
}

/** Where a file is no baseline: a sentence without a full stop. */
export interface BaselineProblem {
  problem: string;
}

const KEYS = ['module', 'rule', 'subject', 'cell'] as const;

const keyOf = (identity: FindingIdentity): string => JSON.stringify(KEYS.map((key) => identity[key]));

/** Whether findings of a rule come from runs. */
export const isOfRuns = (rule: string): boolean => rule.startsWith('run/');

/** Findings counted by identity. */
export function countedFindings(identities: Iterable<FindingIdentity>): Map<string, BaselineEntry> {
  const counted = new Map<string, BaselineEntry>();
  for (const { module, rule, subject, cell } of identities) {
    const entry = { module, rule, subject, cell, count: 1 };
    const known = counted.get(keyOf(entry));
    if (known === undefined) counted.set(keyOf(entry), entry);
    else if (!isOfRuns(rule)) known.count++;
  }
  return counted;
}

/** Entries by identity, to be compared with. */
export const entriesByIdentity = (entries: readonly BaselineEntry[]): ReadonlyMap<string, BaselineEntry> =>
  new Map(entries.map((entry) => [keyOf(entry), entry]));

/** Whether `baseline` has as many findings of this identity as there are now, or more. */
export const isInBaseline = (
  identity: FindingIdentity,
  found: ReadonlyMap<string, BaselineEntry>,
  baseline: ReadonlyMap<string, BaselineEntry>,
): boolean => (found.get(keyOf(identity))?.count ?? 0) <= (baseline.get(keyOf(identity))?.count ?? 0);

/** The file of a baseline: an entry a line, sorted, so that version control shows what changed. */
export function baselineText(entries: Iterable<BaselineEntry>): string {
  const sorted = [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = sorted.map(({ count, ...identity }) => jsonText(count === 1 ? identity : { ...identity, count }));
  return `{\n"version": 1,\n"findings": [${lines.map((line) => `\n${line}`).join(',')}\n]\n}\n`;
}

/** The entries of a file. */
export function parseBaseline(text: string): BaselineEntry[] | BaselineProblem {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problem: `is not JSON: ${(error as Error).message}` };
  }
  const { version, findings } = Object(data) as { version?: unknown; findings?: unknown };
  if (version !== 1 || !Array.isArray(findings))
    return { problem: 'is no baseline: it needs "version": 1 and a list of "findings"' };
  const wrong = findings.findIndex((entry) => !isEntry(entry));
  if (wrong >= 0)
    return { problem: `finding ${wrong + 1} is wrong: it needs the texts ${KEYS.join(', ')}, and a count from 1 on` };
  return (findings as (FindingIdentity & { count?: number })[]).map(({ module, rule, subject, cell, count = 1 }) => ({
    ...{ module, rule, subject, cell, count },
  }));
}

function isEntry(entry: unknown): boolean {
  const { count = 1, ...texts } = Object(entry) as Record<string, unknown>;
  return (
    KEYS.every((key) => typeof texts[key] === 'string') && typeof count === 'number' && count >= 1 && count % 1 === 0
  );
}

/** Reads results of shares of a plan, and sees whether they belong together. */
import { readFile } from 'node:fs/promises';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { isHostId } from '../../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../../core/hosts/profile.ts';
import type { Shard } from '../../../core/report/report.ts';
import { inputName } from '../../../core/report/sourcePlace.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { listOf } from '../../../core/text/phrases.ts';
import { UsageError } from '../io.ts';

/** What one machine wrote of its share. */
interface Share {
  file: string;
  module: string;
  shard: Shard;
  results: (AdvisedResult & { title: string })[];
  failures: (StressFailure & { title: string })[];
}

/** Shares of one plan, each once, in order; at least one. */
export interface Shares {
  shares: readonly Share[];
  /** Indices of those that are missing, from 1. */
  missing: readonly number[];
}

/** @throws UsageError where a file is none of `stress --shard`, or not of the same plan as the others */
export async function readShares(files: readonly string[]): Promise<Shares> {
  const shares = await Promise.all(files.map(readShare));
  const [first] = shares;
  for (const { file, shard } of shares) {
    if (shard.plan !== first.shard.plan || shard.moduleHash !== first.shard.moduleHash)
      throw new UsageError(
        `merge: ${inputName(file)} and ${inputName(first.file)} are of different plans: run all shares with the same version, module and options, and with enough time for planning (--seconds)`,
      );
    if (shard.count !== first.shard.count)
      throw new UsageError(
        `merge: ${inputName(file)} is one of ${shard.count} shares, ${inputName(first.file)} one of ${first.shard.count}`,
      );
  }
  const inOrder = shares.toSorted((a, b) => a.shard.index - b.shard.index);
  for (const [i, { file, shard }] of inOrder.entries())
    if (i > 0 && inOrder[i - 1].shard.index === shard.index)
      throw new UsageError(
        `merge: ${inputName(inOrder[i - 1].file)} and ${inputName(file)} are the same share, ${shard.index} of ${shard.count}`,
      );
  const there = new Set(inOrder.map(({ shard }) => shard.index));
  const missing = Array.from({ length: first.shard.count }, (_, i) => i + 1).filter((index) => !there.has(index));
  return { shares: inOrder, missing };
}

/** `Shares 2 and 3 of 4 are missing.` */
export const missingText = (missing: readonly number[], count: number): string =>
  missing.length === 1
    ? `Share ${missing[0]} of ${count} is missing.`
    : `Shares ${listOf(missing.map(String), 20)} of ${count} are missing.`;

async function readShare(file: string): Promise<Share> {
  const name = inputName(file);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : `cannot be read: ${(error as Error).message}`;
    throw new UsageError(`merge: ${name} ${why}`);
  }
  if (!isShare(value))
    throw new UsageError(`merge: ${name} is not what wasm-hazards stress --shard --format json writes`);
  return { ...value, file };
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, fits: (item: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.every(fits);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value has the form of a share as far as this program relies on it. */
function isShare(value: unknown): value is Omit<Share, 'file'> {
  if (!isObject(value) || value.version !== 1 || !isText(value.module) || !isShard(value.shard)) return false;
  const { shard, results, failures } = value;
  return (
    isListOf(results, isResult) &&
    results.length === shard.ran.length &&
    isListOf(failures, (failure) => isObject(failure) && isText(failure.title) && isText(failure.message)) &&
    failures.length === shard.failed.length
  );
}

function isShard(value: unknown): value is Shard {
  if (!isObject(value)) return false;
  const { index, count, plan, moduleHash, host, model, suspending, scenarios, untested, notes, ran, failed } = value;
  if (!isCount(index) || !isCount(count) || index < 1 || index > count || !isCount(scenarios) || !isCount(untested))
    return false;
  const isPosition = (position: unknown): boolean =>
    isCount(position) && position < scenarios && position % count === index - 1;
  const models: readonly unknown[] = ['auto', ...SHARING_MODELS];
  return (
    [plan, moduleHash, host].every(isText) &&
    isHostId(host as string) &&
    models.includes(model) &&
    isListOf(suspending, isText) &&
    isListOf(notes, isText) &&
    isListOf(ran, isPosition) &&
    isListOf(failed, isPosition) &&
    new Set([...ran, ...failed]).size === ran.length + failed.length &&
    typeof value.interrupted === 'boolean'
  );
}

/** Fields of a result that reports go through. */
const LISTS = ['races', 'hostHazards', 'defects', 'trace', 'pool', 'growth', 'restsOn', 'grain', 'notes', 'advice'];

function isResult(value: unknown): boolean {
  if (!isObject(value) || value.version !== 1 || !isText(value.title) || !isText(value.verdict)) return false;
  const { scenario, explored, outcomes, remedies, imports, functions } = value;
  return (
    LISTS.every((name) => Array.isArray(value[name])) &&
    [scenario, explored, outcomes, remedies, imports, functions].every(isObject)
  );
}

/** The value of `--shard`. */
import type { Shard } from '../../../core/report/report.ts';

/** Which share of how many, from 1. */
export type ShardOption = Pick<Shard, 'index' | 'count'>;

/** Most shares of a plan. */
const MOST = 10_000;

/** Parses `2/4`; undefined for anything else. */
export function parseShard(text: string): ShardOption | undefined {
  const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text)?.map(Number) ?? [];
  return index >= 1 && index <= count && count <= MOST ? { index, count } : undefined;
}

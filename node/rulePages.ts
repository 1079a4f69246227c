/** The pages of the rules. The bundle of the command line has them inside. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageOf, RULE_IDS, type RuleId } from '../core/analysis/rules/index.ts';

/** The page of each rule, in Markdown. @throws if one is missing */
export async function readRulePages(): Promise<ReadonlyMap<RuleId, string>> {
  const read = async (id: RuleId): Promise<[RuleId, string]> => [
    id,
    await readFile(join(import.meta.dirname, '..', pageOf(id)), 'utf8'),
  ];
  return new Map(await Promise.all(RULE_IDS.map(read)));
}

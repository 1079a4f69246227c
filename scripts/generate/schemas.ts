/** Enumerations in JSON schemas of hosts, sharing models, rules and other words from the tables. */

import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type JSONPath, modify } from 'jsonc-parser';
import { CLASS_TEXT } from '../../core/analysis/classText.ts';
import { RULE_IDS } from '../../core/analysis/rules/index.ts';
import { SEVERITIES } from '../../core/analysis/rules/rule.ts';
import { HOST_IDS } from '../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../core/hosts/profile.ts';
import { formatted } from './format.ts';

/** Names of properties and definitions, and their values wherever they are an `enum`. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  host: HOST_IDS,
  model: SHARING_MODELS,
  sharingModel: SHARING_MODELS,
  rule: RULE_IDS,
  // A rule that is off has no findings.
  severity: SEVERITIES.filter((severity) => severity !== 'off'),
  class: Object.keys(CLASS_TEXT),
};

/** Whether a value belongs to the schema: `auto` before the words and `null` after them are kept. */
const isOfSchema = (value: unknown): boolean => value === 'auto' || value === null;

/** The schema at `path` with the words of the tables. */
export function withEnums(path: string, text: string): string {
  let edited = text;
  for (const { at, values } of enumsIn(JSON.parse(text), [])) {
    edited = applyEdits(edited, modify(edited, at, values, {}));
  }
  return edited === text ? text : formatted(path, edited);
}

/** Enums that differ from the tables, and the values that they should have. */
function enumsIn(node: unknown, at: JSONPath): { at: JSONPath; values: unknown[] }[] {
  if (typeof node !== 'object' || node === null) return [];
  const found = Object.entries(node).flatMap(([key, value]) => enumsIn(value, [...at, key]));
  const words = WORDS[String(at.at(-1))];
  const given: unknown = 'enum' in node ? node.enum : undefined;
  if (words === undefined || !Array.isArray(given)) return found;
  const first = given.filter((value) => value === 'auto');
  const values = [...first, ...words, ...given.filter((value) => isOfSchema(value) && value !== 'auto')];
  return isDeepStrictEqual(values, given) ? found : [...found, { at: [...at, 'enum'], values }];
}

/** Settings that are generated from hosts, sharing models and rules, and the table of all settings. */

import { RULES } from '../../core/analysis/rules/index.ts';
import { SEVERITIES } from '../../core/analysis/rules/rule.ts';
import { MANIFEST_NAMES } from '../../core/hosts/detect.ts';
import { DEFAULT_HOST, HOST_IDS, HOST_PROFILES, hostDescription } from '../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../core/hosts/profile.ts';
import { type ManifestTexts, withTexts } from '../manifestTexts.ts';
import { formatted } from './format.ts';
import { markdownTable } from './markdown.ts';

type Property = Record<string, unknown> & {
  order: number;
  default?: unknown;
  description?: string;
  markdownDescription?: string;
};

interface Manifest {
  contributes: { configuration: { properties: Record<string, Property> } };
}

const RULE_PREFIX = 'wasmHazards.rules.';
/** Position of the rules in the settings editor. */
const RULE_ORDER = 10;

const MODELS: Readonly<Record<SharingModel, string>> = {
  'shared-instance': 'One instance, many host threads: memory, globals and tables are all shared.',
  'shared-memory': 'One instance per thread on one shared memory: globals and tables are private.',
  isolated: 'One instance per caller: only host functions are shared.',
  cooperative:
    'One instance on one thread: another call runs while one is suspended in an import (JSPI, Asyncify), or inside a call that an import makes.',
};

/** Texts of the generated settings by their keys in the manifest. */
function generatedTexts(): Record<string, string> {
  const texts: Record<string, string> = {
    'setting.host.auto': `Detects the host from ${MANIFEST_NAMES.join(', ')} in the workspace; ${DEFAULT_HOST} if none of them names a host.`,
    'setting.sharingModel.auto': 'The default of the host profile for the module.',
  };
  for (const id of HOST_IDS) texts[`setting.host.${id}`] = `${HOST_PROFILES[id].label}: ${hostDescription(id)}`;
  for (const model of SHARING_MODELS) texts[`setting.sharingModel.${model}`] = MODELS[model];
  for (const { id, summary } of Object.values(RULES))
    texts[`setting.rules.${id}`] = `Severity of the rule \`${id}\`. ${summary}`;
  return texts;
}

/** `package.json` with the choices of hosts and models and a setting for each rule. */
export function withSettings(text: string): string {
  const manifest: Manifest = JSON.parse(text);
  const { configuration } = manifest.contributes;
  const choices = (setting: string, words: readonly string[]) => ({
    enum: ['auto', ...words],
    enumDescriptions: ['auto', ...words].map((word) => `%setting.${setting}.${word}%`),
  });
  const old = Object.entries(configuration.properties);
  const first = old.findIndex(([name]) => name.startsWith(RULE_PREFIX));
  const others = old.filter(([name]) => !name.startsWith(RULE_PREFIX));
  others.splice(first < 0 ? others.length : first, 0, ...ruleSettings());
  const properties = Object.fromEntries(others);
  Object.assign(properties['wasmHazards.host'], choices('host', HOST_IDS));
  Object.assign(properties['wasmHazards.sharingModel'], choices('sharingModel', SHARING_MODELS));
  configuration.properties = properties;
  return formatted('package.json', JSON.stringify(manifest));
}

const ruleSettings = (): [string, Property][] =>
  Object.values(RULES).map(({ id, defaultSeverity }) => [
    RULE_PREFIX + id,
    {
      order: RULE_ORDER,
      type: 'string',
      enum: SEVERITIES,
      default: defaultSeverity,
      markdownDescription: `%setting.rules.${id}%`,
    },
  ]);

/** The English texts of `package.json`, with those of hosts, models and rules, and without those of others. */
export function withGeneratedTexts(texts: ManifestTexts): string {
  const generated = /^setting\.(?:host|sharingModel|rules)\./;
  const kept = Object.entries(texts).filter(([key]) => !generated.test(key));
  const all = [...kept, ...Object.entries(generatedTexts())].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
}

/**
 * A table of all settings of a `package.json` in the order of the settings editor, with one row for all rules. `texts`
 * is the `package.nls.json` of it.
 */
export function settingsTable(text: string, texts: string): string {
  const manifest: Manifest = withTexts(JSON.parse(text), JSON.parse(texts));
  const properties = Object.entries(manifest.contributes.configuration.properties);
  const rows: [string, string, string, number][] = properties
    .filter(([name]) => !name.startsWith(RULE_PREFIX))
    .map(([name, property]) => [
      `\`${name}\``,
      `\`${JSON.stringify(property.default)}\``,
      textOf(property).replaceAll(/`#([\w.]+)#`/g, '`$1`'),
      property.order,
    ]);
  const severities = SEVERITIES.map((severity) => `\`"${severity}"\``).join(', ');
  rows.push([`\`${RULE_PREFIX}<rule>\``, 'as in the table of rules', `Severity of a rule: ${severities}.`, RULE_ORDER]);
  rows.sort((a, b) => a[3] - b[3]);
  return markdownTable(
    ['setting', 'default', 'meaning'],
    rows.map(([name, value, meaning]) => [name, value, meaning]),
  );
}

const textOf = ({ markdownDescription, description }: Property): string => markdownDescription ?? description ?? '';

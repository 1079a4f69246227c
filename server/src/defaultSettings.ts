/** Default settings, equal to those in package.json. */
import { SEVERITIES } from '../../core/analysis/rules/rule.ts';
import { isHostId } from '../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../core/hosts/profile.ts';
import type { SentSettings, Settings } from './protocol.ts';

/** The value of each setting that the client does not send. */
export const DEFAULT_SETTINGS: Settings = {
  host: 'auto',
  sharingModel: 'auto',
  suspendingImports: [],
  codeLens: 'conflicting',
  inlayHints: true,
  rules: {},
  ignore: [],
  sourcePaths: {},
  textBudget: 1_000_000,
  analysisSeconds: 30,
};

/** Settings whose values are more than of a type. */
const IS_VALID: { [Key in keyof Settings]?: (value: Settings[Key]) => boolean } = {
  host: (value) => value === 'auto' || isHostId(value),
  sharingModel: (value) => value === 'auto' || SHARING_MODELS.includes(value),
  codeLens: (value) => ['all', 'conflicting', 'none'].includes(value),
  suspendingImports: (value) => value.every((one) => typeof one === 'string'),
  ignore: (value) => value.every((one) => typeof one === 'string'),
  sourcePaths: (value) => Object.values(value).every((one) => typeof one === 'string'),
  textBudget: (value) => value >= 0,
  analysisSeconds: (value) => value > 0,
};

/** `object`, `list`, `number`, ... */
const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/**
 * The settings that a client sent, with the defaults of those that it did not send, and of those that cannot be: people
 * write settings by hand.
 */
export function settingsOf(sent: SentSettings | null | undefined): Settings {
  const settings: Settings = { ...DEFAULT_SETTINGS };
  const take = <Key extends keyof Settings>(key: Key, value: unknown): void => {
    if (typeOf(value) !== typeOf(settings[key])) return;
    const given = value as Settings[Key];
    if (IS_VALID[key]?.(given) ?? true) settings[key] = given;
  };
  for (const key of Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[]) take(key, sent?.[key]);
  if (sent?.codeLens === false) settings.codeLens = 'none';
  settings.rules = Object.fromEntries(Object.entries(settings.rules).filter(([, one]) => SEVERITIES.includes(one)));
  return settings;
}

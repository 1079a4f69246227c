/** Default settings, equal to those in package.json. */
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

/**
 * The settings that a client sent, with the defaults of those that it did not send.
 */
export function settingsOf(sent: SentSettings): Settings {
  const { codeLens = DEFAULT_SETTINGS.codeLens, ...rest } = sent;
  const lenses = codeLens === true ? DEFAULT_SETTINGS.codeLens : codeLens === false ? 'none' : codeLens;
  return { ...DEFAULT_SETTINGS, ...rest, codeLens: lenses };
}

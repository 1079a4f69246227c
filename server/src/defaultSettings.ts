/** Default settings, equal to those in package.json. */
import type { Settings } from './protocol.ts';

/** The value of each setting that the client does not send. */
export const DEFAULT_SETTINGS: Settings = {
  host: 'auto',
  sharingModel: 'auto',
  suspendingImports: [],
  codeLens: true,
  inlayHints: true,
  rules: {},
  ignore: [],
  sourcePaths: {},
  textBudget: 1_000_000,
  analysisSeconds: 30,
};

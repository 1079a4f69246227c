/** The settings as they are when nobody has set them; those that package.json gives VS Code are the same. */
import type { Settings } from './protocol.ts';

export const DEFAULT_SETTINGS: Settings = {
  host: 'auto',
  sharingModel: 'auto',
  codeLens: true,
  inlayHints: true,
  rules: {},
  ignore: [],
  textBudget: 1_000_000,
  analysisSeconds: 30,
};

/** The settings `wasmHazards.*`, in the form that those who use them want. */
import { workspace } from 'vscode';
import { DEFAULT_SETTINGS, type Settings } from '../../server/src/protocol.ts';

export const SECTION = 'wasmHazards';

/** What the server wants to know. */
export function readSettings(): Settings {
  const settings = workspace.getConfiguration(SECTION);
  return {
    host: settings.get('host', DEFAULT_SETTINGS.host),
    sharingModel: settings.get('sharingModel', DEFAULT_SETTINGS.sharingModel),
    codeLens: settings.get('codeLens', DEFAULT_SETTINGS.codeLens),
    inlayHints: settings.get('inlayHints', DEFAULT_SETTINGS.inlayHints),
    rules: { ...settings.get<Settings['rules']>('rules', {}) },
    ignore: [...settings.get('ignore', DEFAULT_SETTINGS.ignore)],
    textBudget: settings.get('text.budget', DEFAULT_SETTINGS.textBudget),
    analysisSeconds: settings.get('analysis.seconds', DEFAULT_SETTINGS.analysisSeconds),
  };
}

export interface StressSettings {
  /** Seconds for exploring a plan, and for hammering one; a scenario file has a budget of its own. */
  seconds: number;
  hammerSeconds: number;
  /** Megabytes of heap of a run, and of a plan. */
  memory: number;
  /** Seconds that a plan may take. */
  planSeconds: number;
}

/** What bounds stress runs. */
export function stressSettings(): StressSettings {
  const settings = workspace.getConfiguration(SECTION);
  return {
    seconds: settings.get('stress.seconds', 10),
    hammerSeconds: settings.get('stress.hammerSeconds', 5),
    memory: settings.get('stress.memory', 2048),
    planSeconds: readSettings().analysisSeconds,
  };
}

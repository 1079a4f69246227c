/** The settings `wasmHazards.*`, in the form that those who use them want. */
import { workspace } from 'vscode';
import type { Settings } from '../../server/src/protocol.ts';

export const SECTION = 'wasmHazards';

/** What the server wants to know. The defaults are those of package.json. */
export function readSettings(): Partial<Settings> {
  const settings = workspace.getConfiguration(SECTION);
  return {
    host: settings.get('host'),
    sharingModel: settings.get('sharingModel'),
    codeLens: settings.get('codeLens'),
    inlayHints: settings.get('inlayHints'),
    rules: { ...settings.get<Settings['rules']>('rules') },
    ignore: [...settings.get<string[]>('ignore', [])],
    textBudget: settings.get('text.budget'),
    analysisSeconds: settings.get('analysis.seconds'),
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
    planSeconds: settings.get('analysis.seconds', 30),
  };
}

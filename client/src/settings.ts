/** Reads the settings `wasmHazards.*`. */
import { type WorkspaceConfiguration, workspace } from 'vscode';
import { RULE_IDS } from '../../core/analysis/rules/index.ts';
import type { Isolation } from '../../node/stress/isolation.ts';
import type { SentSettings, Settings } from '../../server/src/protocol.ts';

/** Prefix of all settings. Also the id of the language client and the name of its diagnostics. */
export const SECTION = 'wasmHazards';

/** The settings of the server. The defaults are those of package.json. */
export function readSettings(): SentSettings {
  const settings = workspace.getConfiguration(SECTION);
  return {
    host: settings.get('host'),
    sharingModel: settings.get('sharingModel'),
    suspendingImports: [...settings.get<string[]>('suspendingImports', [])],
    codeLens: settings.get('codeLens'),
    inlayHints: settings.get('inlayHints'),
    rules: rulesThatAreSet(settings),
    ignore: [...settings.get<string[]>('ignore', [])],
    sourcePaths: { ...settings.get<Record<string, string>>('sourcePaths', {}) },
    textBudget: settings.get('text.budget'),
    analysisSeconds: settings.get('analysis.seconds'),
  };
}

/**
 * Severities that the user has set. The default of a rule is none of them: a finding that holds only for some arguments,
 * say, is less severe than its rule.
 */
function rulesThatAreSet(settings: WorkspaceConfiguration): Settings['rules'] {
  const rules: Settings['rules'] = {};
  for (const id of RULE_IDS) {
    const found = settings.inspect<Settings['rules'][string]>(`rules.${id}`);
    const severity = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    if (severity !== undefined) rules[id] = severity;
  }
  return rules;
}

/** Limits of stress runs as the user set them, or else package.json's defaults. */
export interface StressSettings {
  /** Seconds for exploring and for hammering a plan. Scenario files have their own budget. */
  seconds: number;
  hammerSeconds: number;
  /** Most scenarios of a plan. */
  scenarios: number;
  /** Scenarios of a plan that are explored at the same time; undefined: as many as the machine allows. */
  jobs: number | undefined;
  /** Limit of all that a run or planning takes, in megabytes. */
  memory: number;
  /** Where modules run. */
  isolation: Isolation;
  /** Time limit for planning, in seconds. */
  planSeconds: number;
}

/** Limits of stress runs. */
export function stressSettings(): StressSettings {
  const settings = workspace.getConfiguration(SECTION);
  return {
    seconds: settings.get('stress.seconds', 10),
    hammerSeconds: settings.get('stress.hammerSeconds', 5),
    scenarios: settings.get('stress.scenarios', 24),
    jobs: settings.get('stress.jobs', 0) || undefined,
    memory: settings.get('stress.memory', 4096),
    isolation: settings.get('stress.isolation', 'process'),
    planSeconds: settings.get('analysis.seconds', 30),
  };
}

/** Settings of verification on wazero. */
export interface VerifySettings {
  /** Seconds for all scenarios of a plan. */
  seconds: number;
  /** Folder of the Go module, absolute or relative to the folder of the workspace; empty: look for it. */
  goFolder: string;
  /** Whether each access is watched, too, which names the instructions on both sides of a race. */
  exact: boolean;
}

/** Settings of verification on wazero as the user set them, or else package.json's defaults. */
export function verifySettings(): VerifySettings {
  const settings = workspace.getConfiguration(SECTION);
  return {
    seconds: settings.get('verify.seconds', 30),
    goFolder: settings.get('verify.goFolder', '').trim(),
    exact: settings.get('verify.exact', false),
  };
}

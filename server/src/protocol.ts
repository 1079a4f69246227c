/**
 * Requests and notifications between client and server beside the Language Server Protocol: the
 * only module of the server, besides pure ones, that the client's UI imports. Method names and
 * types only, so that importing it costs nothing.
 */

import type { ExportClass } from '../../core/analysis/model.ts';
import type { HostId, SharingModel } from '../../core/hosts/profile.ts';
import type { TextRange } from '../../core/text/lines.ts';

/** Settings below `wasmHazards.` in the form the server wants them; sent whole on each change. */
export interface Settings {
  /** `auto`: decided from go.mod, Cargo.toml or package.json of the workspace. */
  host: HostId | 'auto';
  /** `auto`: the host profile's default for the module. */
  sharingModel: SharingModel | 'auto';
  codeLens: boolean;
  inlayHints: boolean;
  /** Severity by rule id; a rule that is missing keeps its default. */
  rules: Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>;
  /** Finding keys `<file name>:<export>:<rule>` that the user silenced (`*` for any export). */
  ignore: string[];
  /** Characters of function bodies that the text of a binary shows before it elides. */
  textBudget: number;
  /** Bounds of one analysis. */
  analysisSeconds: number;
}

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

/** Counts for the status bar and the result of `wasmHazards/analyse`. */
export interface ModuleSummary {
  /** URI of the binary. */
  uri: string;
  host: HostId;
  hostReason: string;
  model: SharingModel;
  bytes: number;
  functions: number;
  exports: number;
  /** Exports that conflict with nothing, themselves included, and call no host function. */
  safe: number;
  classes: Record<ExportClass, number>;
  hazards: { error: number; warning: number; information: number };
  /** Malformed or partial: one sentence. */
  problem: string | undefined;
  milliseconds: number;
}

/** client -> server: text of a binary. Params `TextParams`, result `TextResult`. */
export const TextRequest = 'wasmHazards/text';
export interface TextParams {
  /** URI of the binary. */
  uri: string;
  /** Function indices whose elided bodies the user opened. */
  expand: number[];
}
export interface TextResult {
  text: string;
  /** Size of the binary in bytes and its modification time (ms since 1970). */
  bytes: number;
  mtime: number;
}

/** client -> server: analyse again although nothing changed. Params `UriParams`, result `ModuleSummary`. */
export const AnalyseRequest = 'wasmHazards/analyse';
/** client -> server: the conflict matrix as a text table. Params `UriParams`, result `{ text: string }`. */
export const MatrixRequest = 'wasmHazards/matrix';
export interface UriParams {
  uri: string;
}

/** client -> server: ranges of byte offsets in the text. Params `LocateParams`, result `LocateResult`. */
export const LocateRequest = 'wasmHazards/locate';
export interface LocateParams {
  uri: string;
  offsets: number[];
}
/** Both lists have an entry for each offset, in their order. */
export interface LocateResult {
  /** Null where the text does not show the offset. */
  ranges: (TextRange | null)[];
  /** Set where the offset lies in an elided body: expand this function, then ask again. */
  elidedFunctions: (number | null)[];
}

/** client -> server: findings and conflicts of one export, as a list to pick from. */
export const ExportRequest = 'wasmHazards/export';
export interface ExportParams {
  uri: string;
  exportName: string;
}
export interface ExportResult {
  /** One line about the export as a whole; null when the module has no such export. */
  headline: string | null;
  items: ExportItem[];
  /** Everything known about the export, as Markdown. */
  report: string;
}
export interface ExportItem {
  kind: 'error' | 'warning' | 'information' | 'hint' | 'conflict' | 'advice';
  label: string;
  detail: string;
  /** Byte offset to show when it is picked; null: nothing to show. */
  offset: number | null;
}

/** client -> server: what a stress run needs of a module. Params `UriParams`, result `StressModule`. */
export const StressModuleRequest = 'wasmHazards/stressModule';
export interface StressModule {
  /** The binary, or what the source compiled to, base64. */
  bytes: string;
  host: HostId;
  model: SharingModel;
  /** Exported functions, at most `MAX_STRESS_EXPORTS`. */
  exports: StressExport[];
}
export interface StressExport {
  name: string;
  /** Byte offset of the export. */
  offset: number;
  /** Exports that conflict with it, perhaps itself, in order; at most `MAX_STRESS_PARTNERS`. */
  partners: string[];
}
export const MAX_STRESS_EXPORTS = 1000;
export const MAX_STRESS_PARTNERS = 20;

/** server -> client, notification `ModuleSummary`: an analysis ended. */
export const SummaryNotification = 'wasmHazards/summary';
/** client -> server, notification `{ uri }`: the binary changed or vanished. */
export const BinaryChangedNotification = 'wasmHazards/binaryChanged';
/** client -> server, notification `Settings`. */
export const SettingsNotification = 'wasmHazards/settings';
/** server -> client: bytes of a file that the server cannot read itself, base64. Params `UriParams`, result `{ base64: string, mtime: number }`. */
export const ReadFileRequest = 'wasmHazards/readFile';

/** Commands that the server puts into code lenses, hovers and quick fixes; the client registers them. */
export const Commands = {
  /** `[uri, offset]`: show the instruction at a byte offset of a binary's text. */
  reveal: 'wasm-hazards.reveal',
  /** `[uri, func]`: open an elided function body. */
  showBody: 'wasm-hazards.showBody',
  /** `[uri, exportName]`: what the code lens of an export does: list its findings and conflicts. */
  showExport: 'wasm-hazards.showExport',
  /** `[ruleId]`: open the page of a rule. */
  openRule: 'wasm-hazards.openRule',
  /** `[ruleId]`: pick a severity and write it to the settings. */
  changeSeverity: 'wasm-hazards.changeSeverity',
  /** `[key]`: add a finding to `wasmHazards.ignore`. */
  ignoreFinding: 'wasm-hazards.ignoreFinding',
  /** `[uri?]` */
  showMatrix: 'wasm-hazards.showMatrix',
  analyse: 'wasm-hazards.analyseModule',
  /** `[uri?]`: run the exports of a module at the same time. */
  stressModule: 'wasm-hazards.stressModule',
  /** `[uri, exportName]`: the same for one export and those that it conflicts with. */
  stressExport: 'wasm-hazards.stressExport',
  clearStress: 'wasm-hazards.clearStressResults',
  showStressOutput: 'wasm-hazards.showStressOutput',
  /** `[uri, schedule]`: run a schedule of the last results again and show its trace. */
  replaySchedule: 'wasm-hazards.replaySchedule',
  /** `[uri, exportName?, otherName?]` */
  createScenario: 'wasm-hazards.createScenario',
  /** `[uri?, ignored?, { kind?, evidence? }?]`: write a pool, a lock or a test for a module. */
  generateWrapper: 'wasm-hazards.generateWrapper',
  selectHost: 'wasm-hazards.selectHostProfile',
  restart: 'wasm-hazards.restartServer',
  showOutput: 'wasm-hazards.showOutput',
} as const;

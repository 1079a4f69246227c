/**
 * Requests and notifications between client and server beside the Language Server Protocol: the
 * only module of the server, besides pure ones, that the client's UI imports. Method names and
 * types only, so that importing it costs nothing.
 */

import type { ExportClass } from '../../core/analysis/model.ts';
import type { HostId, SharingModel } from '../../core/hosts/profile.ts';
/** LSP ranges are zero-based lines and UTF-16 columns. */
export interface TextRange {
  start: {
    line: number;
    character: number;
  };
  end: {
    line: number;
    character: number;
  };
}
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
export declare const DEFAULT_SETTINGS: Settings;
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
  hazards: {
    error: number;
    warning: number;
    information: number;
  };
  /** Malformed or partial: one sentence. */
  problem: string | undefined;
  milliseconds: number;
}
/** client -> server: text of a binary. Params `TextParams`, result `TextResult`. */
export declare const TextRequest = 'wasmHazards/text';
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
export declare const AnalyseRequest = 'wasmHazards/analyse';
/** client -> server: the conflict matrix as a text table. Params `UriParams`, result `{ text: string }`. */
export declare const MatrixRequest = 'wasmHazards/matrix';
export interface UriParams {
  uri: string;
}
/** client -> server: ranges of byte offsets in the text. Params `LocateParams`, result `LocateResult`. */
export declare const LocateRequest = 'wasmHazards/locate';
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
export declare const ExportRequest = 'wasmHazards/export';
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
export declare const StressModuleRequest = 'wasmHazards/stressModule';
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
export declare const MAX_STRESS_EXPORTS = 1000;
export declare const MAX_STRESS_PARTNERS = 20;
/** server -> client, notification `ModuleSummary`: an analysis ended. */
export declare const SummaryNotification = 'wasmHazards/summary';
/** client -> server, notification `{ uri }`: the binary changed or vanished. */
export declare const BinaryChangedNotification = 'wasmHazards/binaryChanged';
/** client -> server, notification `Settings`. */
export declare const SettingsNotification = 'wasmHazards/settings';
/** server -> client: bytes of a file that the server cannot read itself, base64. Params `UriParams`, result `{ base64: string, mtime: number }`. */
export declare const ReadFileRequest = 'wasmHazards/readFile';
/** Commands that the server puts into code lenses, hovers and quick fixes; the client registers them. */
export declare const Commands: {
  /** `[uri, offset]`: show the instruction at a byte offset of a binary's text. */
  readonly reveal: 'wasm-hazards.reveal';
  /** `[uri, func]`: open an elided function body. */
  readonly showBody: 'wasm-hazards.showBody';
  /** `[uri, exportName]`: what the code lens of an export does: list its findings and conflicts. */
  readonly showExport: 'wasm-hazards.showExport';
  /** `[ruleId]`: open the page of a rule. */
  readonly openRule: 'wasm-hazards.openRule';
  /** `[ruleId]`: pick a severity and write it to the settings. */
  readonly changeSeverity: 'wasm-hazards.changeSeverity';
  /** `[key]`: add a finding to `wasmHazards.ignore`. */
  readonly ignoreFinding: 'wasm-hazards.ignoreFinding';
  /** `[uri?]` */
  readonly showMatrix: 'wasm-hazards.showMatrix';
  readonly analyse: 'wasm-hazards.analyseModule';
  /** `[uri?]`: run the exports of a module at the same time. */
  readonly stressModule: 'wasm-hazards.stressModule';
  /** `[uri, exportName]`: the same for one export and those that it conflicts with. */
  readonly stressExport: 'wasm-hazards.stressExport';
  readonly clearStress: 'wasm-hazards.clearStressResults';
  readonly showStressOutput: 'wasm-hazards.showStressOutput';
  /** `[uri, schedule]`: run a schedule of the last results again and show its trace. */
  readonly replaySchedule: 'wasm-hazards.replaySchedule';
  /** `[uri, exportName?, otherName?]` */
  readonly createScenario: 'wasm-hazards.createScenario';
  /** `[uri?, ignored?, { kind?, evidence? }?]`: write a pool, a lock or a test for a module. */
  readonly generateWrapper: 'wasm-hazards.generateWrapper';
  readonly selectHost: 'wasm-hazards.selectHostProfile';
  readonly restart: 'wasm-hazards.restartServer';
  readonly showOutput: 'wasm-hazards.showOutput';
};

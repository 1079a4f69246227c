/**
 * The protocol between client and server beyond the Language Server Protocol, as types only: the client
 * contains no code of the server. `typedConnection.ts` in the server and `typedClient.ts` in the client
 * are typed by it, so that a misspelt method does not compile.
 */

import type { AdvisedResult } from '../../core/advice/advised.ts';
import type { ExportClass } from '../../core/analysis/model.ts';
import type { RuleId } from '../../core/analysis/rules/index.ts';
import type { HostId } from '../../core/hosts/index.ts';
import type { SharingModel } from '../../core/hosts/profile.ts';
import type { Tone } from '../../core/report/shown/moduleStanding.ts';
import type { ShownRun } from '../../core/report/shown/shownRun.ts';
import type { StressFinding } from '../../core/report/shown/shownText.ts';
import type { ModuleView } from '../../core/report/view/model.ts';
import type { PageQuestion, ReportFocus } from '../../core/report/view/pageMessages.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { FolderEntry } from '../../core/text/folders.ts';
import type { Translations } from '../../core/text/l10n.ts';
import type { TextRange } from '../../core/text/lines.ts';

/** What the client passes when it starts the server; a client of another editor may pass nothing. */
export interface InitializationOptions {
  /** Missing ones have their default. */
  settings?: SentSettings;
  /** Texts in the language of the editor; English without them. */
  translations?: Translations;
  /**
   * For a server in a browser: address of the program of its workers, and URI of the folder with the files that belong to
   * it, without a slash at the end.
   */
  workers?: { script: string; folder: string };
}

/** Requests to the server. `uri` is that of a binary or of an open source. */
export interface ServerRequests {
  /** The text of a binary. */
  'wasmHazards/text': { params: TextParams; result: TextResult };
  /** Analyses again even if nothing changed. */
  'wasmHazards/analyse': { params: UriParams; result: ModuleSummary };
  /** The conflict matrix as a text table. */
  'wasmHazards/matrix': { params: UriParams; result: { text: string } };
  /** The report's part about a module, with what runs have shown laid over it. */
  'wasmHazards/report': { params: UriParams; result: { view: ModuleView } };
  /** A question of the report's page: `params` and `answer` are those of its kind. */
  'wasmHazards/reportQuestion': { params: ReportQuestionParams; result: { answer: unknown } };
  /** Finds the ranges of byte offsets in the text. */
  'wasmHazards/locate': { params: LocateParams; result: LocateResult };
  /** Findings and conflicts of one export, as a list to pick from. */
  'wasmHazards/export': { params: ExportParams; result: ExportResult };
  /** A module as a row of a list of modules. */
  'wasmHazards/moduleRow': { params: UriParams; result: ModuleRow };
  /** What stands below a module, or below an item of it, in a tree of modules. */
  'wasmHazards/moduleItems': { params: ModuleItemsParams; result: { items: ModuleItem[] } };
  /** What a stress run needs of a module. */
  'wasmHazards/stressModule': { params: UriParams; result: StressModule };
  /** A result in words of the source that its module was compiled from; the same result where that is not known. */
  'wasmHazards/inSource': { params: InSourceParams; result: { result: AnyResult } };
  /** What the code of a line of an original does, in Markdown; empty where there is nothing to tell. */
  'wasmHazards/originalHover': { params: OriginalLineParams; result: { text: string } };
  /** Finds the code of a line of an original in the modules that were compiled from it. */
  'wasmHazards/codeOf': { params: OriginalLineParams; result: { modules: LineCode[] } };
  /** Finds what byte offsets of a module were compiled from. */
  'wasmHazards/originalsOf': { params: LocateParams; result: { places: (OriginalPosition | null)[] } };
  /** The same for a position in the text of a module; the answer is about the line of the text. */
  'wasmHazards/originalAt': { params: TextPositionParams; result: { place: OriginalPosition | null } };
  /** Names of the exports that a position in an open text is about; none where it is about no function. */
  'wasmHazards/exportsAt': { params: TextPositionParams; result: { names: string[] } };
}

/** Notifications to the server, and their parameters. */
export interface ServerNotifications {
  /** A binary changed or was deleted. */
  'wasmHazards/binaryChanged': UriParams;
  /** The binaries whose files are open in editors of other extensions; takes the place of what was sent before. */
  'wasmHazards/openElsewhere': { uris: string[] };
  /** Everything that stress runs have shown of a module; takes the place of what was sent before. */
  'wasmHazards/shown': ShownParams;
  /** The originals that are open; takes the place of what was sent before. */
  'wasmHazards/originals': { files: OpenOriginal[] };
  /** All settings; missing ones have their default. */
  'wasmHazards/settings': SentSettings;
}

/** Requests to the client. */
export interface ClientRequests {
  /** Reads a file that the server cannot access: its bytes in base64, and its modification time in ms since 1970. */
  'wasmHazards/readFile': { params: UriParams; result: { base64: string; mtime: number } };
  /** Lists a folder that the server cannot access. */
  'wasmHazards/readFolder': { params: UriParams; result: { entries: FolderEntry[] } };
}

/** Notifications to the client, and their parameters. */
export interface ClientNotifications {
  /** A module has a new state. */
  'wasmHazards/summary': ModuleSummary;
  /** An open original has new findings, or none any longer. */
  'wasmHazards/original': OriginalNotes;
}

/**
 * Commands and their arguments. The client registers them; the server refers to some in code lenses,
 * hovers and quick fixes. From menus, VS Code passes arguments of its own.
 */
export interface CommandArguments {
  /** Shows the instruction at a byte offset of a module. */
  'wasm-hazards.reveal': [uri: string, offset: number, preserveFocus?: boolean];
  /** Opens the elided body of a function. */
  'wasm-hazards.showBody': [uri: string, func: number];
  /** Lists the findings and conflicts of an export. */
  'wasm-hazards.showExport': [uri: string, exportName: string];
  /** Lists what can be done at a position of a text, from 0: by default, at the cursor. */
  'wasm-hazards.showActions': [uri?: string, line?: number, character?: number];
  /** Opens the page of a rule. */
  'wasm-hazards.openRule': [rule: string];
  /** Picks a severity of a rule and writes it to the settings. */
  'wasm-hazards.changeSeverity': [rule: string];
  /** Adds a finding, `<file name>:<export>:<rule>`, to `wasmHazards.ignore`. */
  'wasm-hazards.ignoreFinding': [key: string];
  /** Shows which exports conflict: as a picture in the report, or as a text. */
  'wasm-hazards.showMatrix': [uri?: string];
  'wasm-hazards.showMatrixText': [uri?: string];
  /** Opens the report of a module, at what `focus` names. */
  'wasm-hazards.openReport': [uri?: string, focus?: ReportFocus];
  /** Opens the report at the schedule of a finding, by the id of the finding (`findingId`) or by its schedule. */
  'wasm-hazards.playSchedule': [uri: string, finding: string];
  /** Runs the schedule of a finding again, for the player; resolves with a `ReplayedView`. */
  'wasm-hazards.runSchedule': [uri: string, finding: string];
  'wasm-hazards.analyseModule': [uri?: string];
  /** Analyses all modules of the workspace for the tree of modules. */
  'wasm-hazards.analyseWorkspace': [];
  /** Analyses a module again for the tree of modules. */
  'wasm-hazards.refreshModule': [uri?: string];
  /** Shows more items of a long list in the tree of modules. `node`: the row that stands for them. */
  'wasm-hazards.showMoreItems': [node: unknown];
  /** Opens a module as text, whichever editor its file opens in. */
  'wasm-hazards.openText': [uri?: string];
  /** Runs the exports of a module concurrently. */
  'wasm-hazards.stressModule': [uri?: string];
  /** Runs one export concurrently with those that it conflicts with, or with the other one alone. */
  'wasm-hazards.stressExport': [uri?: string, exportName?: string, otherName?: string];
  /** Runs the exports of a module, or a scenario, on the wazero of a Go module. */
  'wasm-hazards.verifyModule': [uri?: string];
  'wasm-hazards.clearStressResults': [];
  'wasm-hazards.showStressOutput': [];
  'wasm-hazards.showGoOutput': [];
  /** Replays a schedule of the latest results and shows its trace. */
  'wasm-hazards.replaySchedule': [uri: string, schedule: string];
  'wasm-hazards.createScenario': [uri?: string, exportName?: string, otherName?: string];
  /** Writes a pool, a lock or a test for a module. */
  'wasm-hazards.generateWrapper': [uri?: string, selected?: null, options?: { kind: 'pool' | 'mutex' | 'test' }];
  /** Goes from a line (from 0) of an original to its code; from menus, the line of the cursor. */
  'wasm-hazards.showWebAssembly': [uri?: string, line?: number];
  /** Goes from the cursor in the text of a module to the line that its code was compiled from. */
  'wasm-hazards.showSource': [];
  'wasm-hazards.selectHostProfile': [];
  'wasm-hazards.selectSharingModel': [];
  'wasm-hazards.restartServer': [];
  'wasm-hazards.showOutput': [];
  /** Opens the walkthrough. */
  'wasm-hazards.openTour': [];
  /** Opens a small module to try things out on. */
  'wasm-hazards.openSample': [];
  /** The menu behind the status bar item. */
  'wasm-hazards.showMenu': [];
}

/** Identifier of one of our commands, as the client registers it with the editor. */
export type CommandId = keyof CommandArguments;

/** Settings of the server, those below `wasmHazards.`. */
export interface Settings {
  /** `auto`: the host that the manifests around the module name. */
  host: HostId | 'auto';
  /** `auto`: the host profile's default for the module. */
  sharingModel: SharingModel | 'auto';
  /** Patterns of `module.name`, `*` for anything, of imports that suspend their caller. */
  suspendingImports: string[];
  /** Exports that have a code lens; `conflicting`: those of which the lens of the module does not say it all. */
  codeLens: 'all' | 'conflicting' | 'none';
  inlayHints: boolean;
  /** Severity by rule id; missing rules have their default. */
  rules: Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>;
  /** Keys of ignored findings, `<file name>:<export>:<rule>`; `*` stands for any export. */
  ignore: string[];
  /** Folders by the beginning of paths that a build wrote: where the sources of that build are on this machine. */
  sourcePaths: Record<string, string>;
  /** Characters of function bodies that the text of a binary shows before it elides the rest. */
  textBudget: number;
  /** Time limit of one analysis, in seconds. */
  analysisSeconds: number;
}

/** Settings as a client sends them. `codeLens` was `true` or `false` in older versions. */
export type SentSettings = Omit<Partial<Settings>, 'codeLens'> & { codeLens?: Settings['codeLens'] | boolean };

/** Summary of a binary, or of all modules of a source, for the status bar. */
export interface ModuleSummary {
  /** URI of the binary, or of the source. */
  uri: string;
  /** What is new: an analysis, or only what stress runs have shown. */
  about: 'analysis' | 'stress';
  host: HostId;
  hostReason: string;
  model: SharingModel;
  bytes: number;
  functions: number;
  exports: number;
  /** The verdict of the module, of a source that of its worst one; undefined where nothing was analysed. */
  verdict: { tone: Tone; words: string; line: string } | undefined;
  /** Exports that conflict with nothing, themselves included, and call no host function; none that stress showed otherwise. */
  withoutConflicts: number;
  stress: StressSummary;
  classes: Record<ExportClass, number>;
  hazards: { error: number; warning: number; information: number };
  /** Why the module is malformed or its analysis incomplete, in one sentence. */
  problem: string | undefined;
  milliseconds: number;
}

/** What stress runs have shown of the exports of a module. */
export interface StressSummary {
  /** Exports that were run. */
  ran: number;
  /** Exports of which something was found, by the worst of it. */
  found: Partial<Record<StressFinding, number>>;
  /** Exports that were run with all that they may conflict with, exhaustively, without a finding. */
  clean: number;
}

/** Results of stress runs that count until the module changes. */
export interface ShownParams {
  /** URI of the binary, or of the source. */
  uri: string;
  /** Key of the bytes that were run (`core/wasm/contentKey.ts`); runs of other bytes say nothing of the module. */
  content: string;
  runs: ShownRun[];
}

/** Which text of a binary is requested. */
export interface TextParams {
  /** URI of the binary. */
  uri: string;
  /** Function indices whose elided bodies the user opened. */
  expand: number[];
  /** Id of the text that the client has already. */
  have?: string;
}
/** The disassembly of a binary, or comments that say why there is none. */
export interface TextResult {
  /** Of this text; equal texts may have several. */
  id: string;
  /** Missing if its id is `TextParams.have`. */
  text?: string;
  /** Size of the binary in bytes and its modification time (ms since 1970). */
  bytes: number;
  mtime: number;
}

/** For requests and notifications that need nothing but a URI. */
export interface UriParams {
  uri: string;
}

/** A question about a module; see `core/report/view/pageMessages.ts`. */
export interface ReportQuestionParams {
  uri: string;
  question: PageQuestion;
  params: unknown;
}

/** Byte offsets in the binary, or in what the source compiled to. */
export interface LocateParams {
  uri: string;
  offsets: number[];
}
/** Both lists have an entry for each offset, in their order. */
export interface LocateResult {
  /** Null where the text does not show the offset. */
  ranges: (TextRange | null)[];
  /** The function whose elided body contains the offset: expand it, then ask again. Null otherwise. */
  elidedFunctions: (number | null)[];
}

/** An exported function, by the name that hosts call it by. */
export interface ExportParams {
  uri: string;
  exportName: string;
}
/** What is known of one export, for a list and for a page. */
export interface ExportResult {
  /** One line about the export as a whole; null when the module has no such export. */
  headline: string | null;
  items: ExportItem[];
  /** Everything known about the export, as Markdown. */
  report: string;
}
/** An entry of the list: a finding, by its severity, an export that conflicts, or advice. */
export interface ExportItem {
  kind: 'error' | 'warning' | 'information' | 'hint' | 'conflict' | 'advice';
  label: string;
  detail: string;
  /** Byte offset to reveal when it is picked; null if there is none. */
  offset: number | null;
}

/** A module in a list: its verdict, and what was found. Texts are plain, names in them printable. */
export interface ModuleRow {
  /** `component`: see `coreModules`; `broken`: there is nothing to analyse. */
  tone: Tone | 'component' | 'broken';
  /** The verdict, or why there is none, in a few words. */
  words: string;
  /** The verdict in full; one to three sentences each. */
  sentences: string[];
  /** Why the module is malformed or its analysis incomplete, in one sentence. */
  problem: string | undefined;
  /** The text does not compile any longer: the verdict is that of an earlier one. */
  stale: boolean;
  host: HostId;
  model: SharingModel;
  exports: number;
  /** Findings of the analysis, by severity. */
  hazards: ModuleSummary['hazards'];
  stress: StressSummary;
  /** URIs of the core modules of a component. */
  coreModules: string[];
}

/** Items below an item of a module. */
export interface ModuleItemsParams {
  uri: string;
  /** Key of the item; empty for those below the module itself. */
  parent: string;
  /** Most items that are wanted. */
  limit: number;
}
/** An item below a module. Texts are plain, names in them printable. */
export interface ModuleItem {
  /** Identifies it among all items of its module, also after the next analysis. */
  key: string;
  /**
   * - `state`, `cell`: what the module keeps; below it the exports that touch it
   * - `group`: a list of findings or exports
   * - `finding`, `shown`: one of the analysis, one that a stress run has shown
   * - `export`, and `plumbing` for those of the toolchain
   * - `more`: stands for items beyond the limit
   */
  kind: 'state' | 'cell' | 'group' | 'finding' | 'shown' | 'export' | 'plumbing' | 'more';
  label: string;
  /** Beside the label. */
  detail: string;
  /** In full, for a tooltip; empty where label and detail say it all. */
  text: string;
  /** How bad it is; `none` where that is no question. */
  sign: 'error' | 'warning' | 'information' | 'good' | 'none';
  hasItems: boolean;
  /** Byte offset to go to; null if there is none. */
  offset: number | null;
  /** The export that it is about, by the name that hosts call it by; null if it is about none, or about several. */
  exportName: string | null;
}

/** What the client needs to run the exports of a module concurrently. */
export interface StressModule {
  /** The binary, or what the source compiled to, base64. */
  bytes: string;
  /** Its analysis as `Platform.packed` gives it, base64; null where a budget ended that, or threads cannot take one. */
  analysis: string | null;
  host: HostId;
  model: SharingModel;
  /** It may have debug information. */
  mayHaveSource: boolean;
  /** Exported functions, the first 1,000. */
  exports: StressExport[];
}
/** A result of exploration or of the hammer. */
export type AnyResult = AdvisedResult | HammerResult;
/** A result and the module that was run. */
export interface InSourceParams {
  uri: string;
  result: AnyResult;
}
/** An export that can be called, and what to call it together with. */
export interface StressExport {
  name: string;
  /** Name in the source, where `name` is minified. */
  symbol?: string;
  /** Byte offset of the export. */
  offset: number;
  /** Exports that conflict with it, perhaps itself, in order; at most 20. */
  partners: string[];
}

/** An original, a source file in another language, with the modules that may be compiled from it, the likeliest first. */
export interface OpenOriginal {
  uri: string;
  /** Modification time (ms since 1970); 0 if unknown. */
  mtime: number;
  modules: OriginalModule[];
}
/** A binary that may be compiled from an original. */
export interface OriginalModule {
  /** URI of the binary. */
  uri: string;
  /** Modification time (ms since 1970) and size in bytes; both 0 if unknown. */
  mtime: number;
  bytes: number;
}

/** A line of an original, from 0. */
export interface OriginalLineParams {
  uri: string;
  line: number;
  modules: OriginalModule[];
}
/** The code of a line in one module. */
export interface LineCode {
  /** URI of the binary. */
  module: string;
  /** Byte offsets of its instructions, ascending; at most 1,000. */
  offsets: number[];
  /** Ranges in the text of the binary, each once, without those that it does not show. */
  ranges: TextRange[];
}

/** A position in a text. */
export interface TextPositionParams {
  /** URI of the text. */
  uri: string;
  line: number;
  character: number;
}
/** What some code was compiled from. */
export interface OriginalPosition {
  /** URI of the file in the workspace; null if it is not there, or if that is not certain. */
  uri: string | null;
  /** Path as the build wrote it. */
  path: string;
  /** From 0. */
  line: number;
  character: number;
}

/** What is known of an original from the modules that were compiled from it. Lines are from 0. */
export interface OriginalNotes {
  uri: string;
  /** Modules that were compiled from it; empty if there are none. */
  modules: NotedModule[];
  findings: OriginalFinding[];
  exports: OriginalExport[];
}
/** A module that was compiled from an original. */
export interface NotedModule {
  /** URI of the binary. */
  uri: string;
  name: string;
  /** The original is newer than the module: lines may differ. */
  stale: boolean;
}
/** A finding at a line of an original. */
export interface OriginalFinding {
  /** URI of the binary. */
  module: string;
  rule: RuleId;
  exportName: string;
  /** Entry of `wasmHazards.ignore` that silences it, and one for its rule in the whole module. */
  ignoreKey: string;
  moduleKey: string;
  line: number;
  character: number;
  /** As in the Language Server Protocol: 1 is an error, 4 a hint. */
  severity: 1 | 2 | 3 | 4;
  message: string;
  /** The way to the access, and the exports on the other side. */
  related: OriginalStep[];
}
/** A line below a finding, with its place in an original or in the text of the module. */
export interface OriginalStep {
  uri: string;
  line: number;
  character: number;
  message: string;
}
/** An exported function in an original. */
export interface OriginalExport {
  /** URI of the binary. */
  module: string;
  exportName: string;
  line: number;
  /** It is the line of some code of the function: a source map does not say where functions begin. */
  isGuess: boolean;
  /** What is known of it, for the code lens above it. */
  text: string;
}

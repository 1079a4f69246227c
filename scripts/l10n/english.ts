/**
 * Literals that read like sentences and are not translated, with the reason. `scripts/l10n.test.ts` fails for any
 * other, and for an entry that nothing needs any longer.
 */

import type { Unwrapped } from './unwrapped.ts';

/** A kind of literals that stays as it is. All that an entry names has to match. */
export interface English {
  /** Path of the source, relative to the root. */
  readonly path: RegExp;
  /** The literal. */
  readonly text?: RegExp;
  /** The code before it. */
  readonly before?: RegExp;
  readonly reason: string;
}

/** What is no text for the reader of the editor, or is meant to be English. */
export const STAYS_ENGLISH: readonly English[] = [
  {
    path: /./,
    before: /\bthrow new (?:Error|RangeError|TypeError)\($/,
    reason: 'a mistake in the program, which the output channel shows to its authors',
  },
  {
    path: /^core\/analysis\/(?:allocatorShape|guardWalk|guards|valueFlow|locks\/lock(?:Flow|Walk))\.ts$/,
    before: /\b(?:fail|DecodeFailure|GaveUp|giveUp|count|need\w*|Error)\([^;]*$/,
    reason: 'why an analysis of a body gives up, which nobody is told',
  },
  {
    path: /^core\/analysis\/(?:allocatorNames|conflicts|finalEffects|locks\/lockKeys|locks\/lockWords)\.ts$/,
    reason: 'names of functions, and keys of maps',
  },
  {
    path: /^core\/analysis\/rivals\.ts$/,
    text: /^\w+ \w+$/,
    reason: 'names of what rivals do, which hints put into words',
  },
  { path: /^core\/analysis\/rules\/rule\.ts$/, text: /^threads proposal$/, reason: 'the title of a page' },
  {
    path: /^core\/analysis\/verdict\/kept\.ts$/,
    text: /^(?:mutable global|static variable)$/,
    reason: 'keys of a table with the words',
  },
  { path: /^core\/wasm\/(?:printer|instructionTable)\b/, reason: 'WebAssembly text' },
  {
    path: /^core\/wasm\/(?:structure|webassemblyjs)\.ts$/,
    reason: 'how two readers of a binary differ, which nobody is told',
  },
  { path: /^core\/wasm\/component\//, text: /^core module$/, reason: 'a kind of item, as the format calls it' },
  { path: /^core\/wasm\/decode\.ts$/, text: /^data count$/, reason: 'a section, as the format calls it' },
  { path: /^core\/debug\/dwarf\/names\.ts$/, text: /^\(anonymous namespace\)$/, reason: 'a part of a name in C++' },
  { path: /^view\//, before: /\bclass=\{?[^<>]*$/, reason: 'class names' },
  { path: /^view\//, before: /<path [^<>]*$/, reason: 'class names' },
  { path: /^view\//, before: /\bsaveSvg\([^;]*$/, reason: 'the name of a file' },
  { path: /^client\//, text: /^1px \w+$/, reason: 'a border' },
  { path: /^client\/src\/report\/pageHtml\.ts$/, text: /^(style|font)-src /, reason: 'a policy' },
  { path: /^client\//, text: /^wasm-hazards \w+$/, reason: 'a source of diagnostics, which settings name' },
  { path: /^client\/src\/commands\/matrix\.ts$/, text: /^\{\} conflicts$/, reason: 'the path of a document' },
  { path: /^client\//, text: /^Wasm Hazards: \{\}$/, reason: 'the name of the product' },
  { path: /^client\/src\/stress\/modes\/verifyMode\.ts$/, text: /wazero \{\}, \{\}/, reason: 'names and versions' },
  { path: /^server\//, before: /\bconsole\.(?:error|warn|info|log)\($/, reason: 'a line of the log' },
  {
    path: /^server\/src\/documents\/source\/liveSource/,
    text: /^function \{|for single instr/,
    reason: 'a line of the log',
  },
  { path: /^server\/src\/threads\//, before: /\bmessage:$/, reason: 'a mistake in the program' },
  { path: /unshowable/, before: /\bstartsWith\($/, reason: 'the beginning of a file' },
  { path: /^server\/src\/features\/wat\w+Fix\.ts$/, before: /\b(?:text|comment)(?::| =)$/, reason: 'WebAssembly text' },
  { path: /^core\/advice\/evidenceLines\.ts$/, text: /./, reason: 'comments of generated code' },
  {
    path: /^core\/hosts\//,
    before: /(?:' *'|otherwise): \{ text:$|const \w+(?:: HostNote)? = \{ text:$/,
    reason: 'rows of the pages of rules, which are English',
  },
  {
    path: /^core\/hosts\//,
    before: /\b(?:label|measured|shown|runtime):$|\bMEASURED = $/,
    reason: 'names and versions',
  },
  {
    path: /^core\/stress\/(?:run|hammer|explore|imports|scenario|session)\//,
    before: /\bnew (?:HostError|GuestExit|ExpressionError|[\w.]*RuntimeError)\($/,
    reason: 'the message of a trap, which is compared between runs, as those of engines are',
  },
  { path: /^core\/stress\//, text: /^trap: /, reason: 'the message of a trap' },
  {
    path: /^core\/stress\/run\/(?!memoryBudget|meter)/,
    reason: 'names of cells, words of traces and messages of traps: runs are compared by them',
  },
  {
    path: /^core\/stress\/(?:explore\/(?:hang|outcomes|serialOutcomes)|hammer|imports|run|session)\b/,
    text: /^(?:did not return|waits forever|loop iterations|uncaught|call stack exhausted|other texts)/,
    reason: 'the message of a trap',
  },
  {
    path: /^core\/stress\/(?:explore|session)\//,
    text: /^(?:cell \{\}|the instance|host (?:state of \{\}|reads|writes|grows)|\{\} memory \(\{\}\)|the references .* keeps)$/,
    reason: 'names of cells and operations: runs are compared by them',
  },
  { path: /^core\/stress\/hammer\/hammer\.ts$/, text: /^could not allocate memory$/, reason: 'what the engine says' },
  {
    path: /^core\/stress\/imports\/(?:presets\/(?!fitting)|hostOperations|hostResults|stubs)/,
    reason: 'contents of requests, names of cells and messages of traps',
  },
  {
    path: /^core\/stress\/imports\/hostFunctions\.ts$/,
    text: /^no JavaScript function/,
    reason: 'the message of a trap',
  },
  { path: /^core\/stress\/instrument\//, reason: 'keys of tables' },
  {
    path: /^core\/stress\/scenario\/(?:contents|evaluation|steps|usage\/bodyUse)\.ts$/,
    reason: 'steps as they are written, values, and messages of traps',
  },
  {
    path: /^core\/verify\/(?:exact\/sitesGo|remedies\/holders|stateExports)\.ts$/,
    reason: 'Go code and names in it',
  },
  {
    path: /^core\/verify\/(?:planImports|providers|races\/parties)\.ts$/,
    reason: 'keys of what the driver knows',
  },
  { path: /^core\/verify\//, text: /^trap: /, reason: 'the message of a trap' },
  {
    path: /^core\/verify\/races\//,
    text: /^(?:\{\} size|(?:\{\} )?slots? (?:\{\}(?:\.\.\{\})?)?|@verify round .*)$/s,
    reason: 'names of cells: runs are compared by them',
  },
  {
    path: /^node\/verify\/(?:goModule|reportStream)\.ts$/,
    text: /^(?:go: downloading|@verify end )$/,
    reason: 'what Go prints',
  },
  {
    path: /^core\/report\/(?:text|html|json|sarif)\//,
    reason: 'the command line speaks English; what the editor shares of it is translated there',
  },
  {
    path: /^core\/(?:report\/(?:sourcePlace|stepSyntax)|source\/coreModules)\.ts$/,
    reason: 'the command line speaks English',
  },
  { path: /^core\/report\/runEvidence\.ts$/, reason: 'comments of generated code' },
  { path: /^core\/report\/shown\/shownRun\.ts$/, text: /^\{\}, wazero \{\}$/, reason: 'a name and a version' },
  { path: /^core\/report\/view\/scheduleFolds\.ts$/, text: /^\{\} private$/, reason: 'a key' },
  { path: /^core\/report\/view\/scheduleSvg\.ts$/, text: /^\nsvg\{/, reason: 'a style sheet' },
];

/** Sources with texts that still have to be translated: a folder ends with a slash. */
export const NOT_YET: readonly string[] = [];

/** Whether an entry is about a literal of a source. */
export const matches = ({ path, text, before }: English, source: string, literal: Unwrapped): boolean =>
  path.test(source) && (text?.test(literal.text) ?? true) && (before?.test(literal.before.trimEnd()) ?? true);

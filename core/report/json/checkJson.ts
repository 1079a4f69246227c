/**
 * The JSON form of `check`, described by `schemas/check.schema.json`. Written in pieces, one
 * line for each export: a module may have tens of thousands of exports, more than one string can hold.
 */

import type { Cell, CellKind } from '../../analysis/cells.ts';
import { namedCell } from '../../analysis/cellText.ts';
import type { ObjectCondition } from '../../analysis/conditions/condition.ts';
import { threadSafetyOf } from '../../analysis/conditions/threads.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import { lockedStatesOf } from '../../analysis/locks/lockGuards.ts';
import type { Analysis, Conflict, Hazard } from '../../analysis/model.ts';
import { nothingShared } from '../../analysis/nothingShared.ts';
import { type OneInstance, onOneInstanceToo } from '../../analysis/oneInstance.ts';
import { against } from '../../analysis/partners.ts';
import { moduleVerdict } from '../../analysis/verdict/moduleVerdict.ts';
import { canBlock } from '../../analysis/waiting.ts';
import { sourceFunctionName, sourceFunctionSite, sourceSite } from '../../debug/sourceWords.ts';
import { jsonText } from '../../harmless/json.ts';
import type { Module } from '../../wasm/module.ts';
import type { CheckedModule } from '../checkedModule.ts';
import { listConflicts } from '../conflictList.ts';
import { VERSION } from '../report.ts';
import { verdictJson } from './verdictJson.ts';

/** Most conflicting pairs of a module, and most cells of one pair. */
const MAX_CONFLICTS = 10_000;
const MAX_CELLS = 8;
/** Exports that an exception of a thread-compatible export names. */
const MAX_EXCEPT = 20;

/** The beginning of the document, up to the first module. */
export function jsonHead(host: string): string {
  return `{"version":${jsonText(VERSION)},"host":${jsonText(host)},"modules":[`;
}

/** The end of the document, after the last module. */
export const jsonTail = '\n]}\n';

interface JsonOptions {
  /** The first module of the report: no comma before it. */
  first: boolean;
  /** Whether to name the module's host, because the document only says `auto`. */
  withHost: boolean;
}

/** One module, in pieces. */
export function* jsonModule(checked: CheckedModule, { first, withHost }: JsonOptions): Generator<string> {
  const { file, bytes, module, analysis, errors, source, component } = checked;
  const head = {
    file,
    ...(source?.module === undefined ? {} : { module: source.module }),
    ...(component === undefined ? {} : { component: jsonComponent(component) }),
    bytes,
    ...(withHost ? { host: checked.host } : {}),
    sharingModel: analysis?.model ?? null,
    functions: module?.functions.typeIndex.length ?? 0,
  };
  yield `${first ? '\n' : ',\n'}${jsonText(head).slice(0, -1)}`;
  if (analysis === undefined) {
    yield `,"exports":[],"hazards":[],"conflicts":[],"conflictsTotal":0,"conflictsTruncated":false`;
  } else {
    yield `,"verdict":${jsonText(verdictJson(moduleVerdict(module!, analysis), analysis))}`;
    yield `,"exports":[`;
    yield* lines(exportsOf(checked, analysis));
    yield `],"hazards":[`;
    yield* lines(
      checked.moduleHazards.map(({ rule, severity, cell, offset, message }) => ({
        rule,
        severity,
        cell: jsonCell(module!, cell),
        site: { offset, ...placesOf(checked, offset) },
        message,
      })),
    );
    yield `],"conflicts":[`;
    const list = listConflicts(analysis, MAX_CONFLICTS, MAX_CELLS);
    yield* lines(
      list.conflicts.map(({ a, b, confidence, condition, cells }) => ({
        a,
        b,
        confidence,
        condition: jsonConditions(condition),
        cells: cells.map((cell) => jsonCell(module!, cell)),
      })),
    );
    yield `],"conflictsTotal":${list.total},"conflictsTruncated":${list.total > list.conflicts.length}`;
  }
  if (module !== undefined && analysis !== undefined) {
    const { steps, missing } = lifeOf(module, analysis);
    if (steps.length + missing.length > 0) yield `,"life":${jsonText({ steps, missing })}`;
  }
  const unshared = analysis && nothingShared(analysis);
  if (unshared !== undefined) yield `,"nothingShared":${jsonText(unshared)}`;
  const oneInstance = analysis && onOneInstanceToo(analysis);
  if (oneInstance !== undefined) yield `,"oneInstance":${jsonText(namesIn(checked, oneInstance))}`;
  if (analysis?.partial) yield `,"partial":${jsonText(analysis.partial)}`;
  if (source !== undefined) {
    const { ignored, unusedIgnores, skipped } = source;
    yield `,${jsonText({ ignored, unusedIgnores, skipped }).slice(1, -1)}`;
  }
  const wrong = errors.map(({ offset, message, line, column }) => ({ offset, message, line, column }));
  yield `,"errors":${jsonText(wrong)}}`;
}

/** Which core module it is, and the world of the component. */
const jsonComponent = ({ whole, own }: NonNullable<CheckedModule['component']>): object => ({
  coreModule: own.number,
  name: own.name,
  coreModules: whole.modules.length,
  imports: whole.imports.map(({ name, kind }) => ({ name, kind })),
  exports: whole.exports.map(({ name, kind }) => ({ name, kind })),
});

function namesIn({ module, analysis }: CheckedModule, { imports, exports }: OneInstance): object {
  const functions = module!.imports.filter(({ kind }) => kind === 'func');
  return {
    imports: imports.map((index) => `${functions[index].module}.${functions[index].name}`),
    exports: exports.map((position) => analysis!.exports[position].name),
  };
}

function* exportsOf(checked: CheckedModule, analysis: Analysis): Generator<object> {
  for (const [position, summary] of analysis.exports.entries()) {
    yield {
      name: summary.name,
      symbol: summary.symbol,
      func: summary.func,
      place: sourceFunctionSite(checked.module!, summary.func),
      class: summary.class,
      threads: jsonThreads(checked, analysis, position),
      canBlock: canBlock(analysis, position),
      locks: jsonLocks(checked, analysis, position),
      hazards: checked.hazards[position].map((hazard) => jsonHazard(checked, position, hazard)),
    };
  }
}

/** Locks that keep the export from conflicts; undefined where there are none. */
function jsonLocks({ module }: CheckedModule, analysis: Analysis, position: number): object[] | undefined {
  const states = lockedStatesOf(analysis, position);
  if (states.length === 0) return undefined;
  return states.map(({ lock: { memory, start, end, proven }, cells }) => ({
    ...{ memory, start, end, proven },
    cells: cells.map((cell) => jsonCell(module!, cell)),
  }));
}

/** The word for an export, and what it rests on. */
function jsonThreads({ module }: CheckedModule, analysis: Analysis, position: number): object {
  const { word, objects, through, ownData, causes, confidence, except, host, atomics } = threadSafetyOf(
    analysis,
    position,
  );
  return {
    word,
    objects,
    sharedThroughPointers: through,
    moduleData: ownData,
    causes: causes.slice(0, MAX_CELLS).map((effect) => jsonCell(module!, analysis.effects[effect].cell)),
    confidence: confidence ?? null,
    except: except.slice(0, MAX_EXCEPT).map((other) => analysis.exports[other].name),
    exceptTotal: except.length,
    callsHost: host,
    atomics,
  };
}

const jsonConditions = (condition: Conflict['condition']): object | string =>
  condition === 'always' ? condition : condition.map(jsonCondition);

/** `parameters` has null for a place that no argument decides. */
const jsonCondition = ({ when, parameters, through }: ObjectCondition): object => ({
  when,
  parameters: parameters.map((parameter) => parameter ?? null),
  ...(through ? { through } : {}),
});

function jsonHazard(checked: CheckedModule, position: number, hazard: Hazard): object {
  const { rule, severity, confidence, cell, site, path, effect } = hazard;
  const { condition } = against(checked.analysis!, effect, position);
  return {
    rule,
    severity,
    confidence,
    condition: jsonConditions(condition),
    cell: jsonCell(checked.module!, cell),
    site: { ...site, ...placesOf(checked, site.offset) },
    path: path.map((func) => sourceFunctionName(checked.module!, func)),
  };
}

/** Line and column in a text; `place` in the source that a binary was compiled from. Both only where they are known. */
function placesOf({ source, module }: CheckedModule, offset: number): object {
  const place = sourceSite(module!, offset);
  return { ...source?.place(offset), ...(place === undefined ? {} : { place }) };
}

/** How the schema writes kinds of cells that it has no word for: as another kind with a fixed name. */
const FORMS: Readonly<Partial<Record<CellKind, Partial<Cell>>>> = {
  heap: { kind: 'global', name: 'objects of the garbage-collected heap' },
  'host-unknown': { kind: 'host' },
  'ref.func': { kind: 'host', name: 'ref.func' },
  anything: { kind: 'memory', name: 'anything', address: { base: 'unknown' } },
};

/**
 * `index` and `name` are null if the cell has none; `address` and `segment` are only on kinds of cells that have them,
 * `variable` where the source names the bytes.
 */
function jsonCell(module: Module, cell: Cell): object {
  const { kind, index, name, address, segment } = { ...cell, ...FORMS[cell.kind] };
  const variable = namedCell(module, cell);
  return {
    kind,
    index: index ?? null,
    name: name ?? null,
    ...(address ? { address } : {}),
    ...(segment ? { segment } : {}),
    ...(variable ? { variable } : {}),
  };
}

function* lines(items: Iterable<object>): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield separator + jsonText(item);
    separator = ',\n';
  }
}

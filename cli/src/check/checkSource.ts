/**
 * A source as input of `check`: compiled, analysed, and related to its text. It loads wasm-tools, so it is itself
 * loaded only if there is a source.
 */

import {
  type CheckError,
  type CheckedModule,
  type CheckedSource,
  type CheckSettings,
  checkModule,
  type SourceNote,
  unchecked,
} from '../../../core/report/checkedModule.ts';
import { placeIn, placesIn } from '../../../core/report/sourcePlace.ts';
import { analyseSource } from '../../../core/source/analyseSource.ts';
import {
  type IgnoringDocument,
  isIgnoredAt,
  isModuleHazardIgnored,
  unusedIgnores,
} from '../../../core/source/ignoring.ts';
import { sourceLineStarts } from '../../../core/text/lines.ts';
import type { Span, WatDocument } from '../../../core/wat/model.ts';
import { readWat } from '../../../core/wat/read.ts';
import { watSourceMap } from '../../../core/wat/watSourceMap.ts';
import { COMPONENT_TEXT } from '../input/readInput.ts';
import { byteOffsetOf, isScriptFile, sourceText } from '../input/sourceText.ts';

type Analysed = NonNullable<Awaited<ReturnType<typeof analyseSource>>>;
type Found = Extract<Analysed['modules'][number], { kind: 'compiled' }>;

/** A text that was read, and the functions that name its places. */
interface Source {
  file: string;
  settings: CheckSettings;
  script: boolean;
  wat: WatDocument;
  lineStarts: Uint32Array;
  errorAt(at: number, message: string): CheckError;
  /** Length of a span in UTF-8 bytes. */
  size(span: Span): number;
}

/** Checks each module of the source; at least one entry. */
export async function checkSource(file: string, bytes: Uint8Array, settings: CheckSettings): Promise<CheckedModule[]> {
  const read = sourceText(bytes);
  if ('error' in read) return [unchecked(file, settings, [read.error])];
  const { text } = read;
  const script = isScriptFile(file, text, () => readWat(text).modules.length);
  const analysed = await compiled(file, text, script, settings);
  if (typeof analysed === 'string') return [unchecked(file, settings, [{ offset: 0, message: analysed }])];
  const lineStarts = sourceLineStarts(text);
  const source: Source = {
    ...{ file, settings, script, wat: analysed.wat, lineStarts },
    errorAt: (at, message) => ({ offset: byteOffsetOf(bytes, text, at), message, ...placeIn(lineStarts, at) }),
    size: ({ start, end }) => (script ? Buffer.byteLength(text.slice(start, end)) : bytes.length),
  };
  const entries = analysed.modules.map((found, index) =>
    found.kind === 'compiled'
      ? checkFound(source, found, index)
      : withoutAnalysis(source, index, [source.errorAt(found.error.start, found.error.message)]),
  );
  if (entries.length === 0) entries.push(withoutAnalysis(source, undefined, []));
  if (script) addRest(source, entries[0]);
  return entries;
}

/** The file at which wasm-tools crashed. After that it must not be used again in this process. */
let failedAt: string | undefined;

/** The analysis of a text, or why there is none. */
async function compiled(
  file: string,
  text: string,
  script: boolean,
  { host, model, suspending }: CheckSettings,
): Promise<Analysed | string> {
  if (failedAt !== undefined) return `not checked, because the compiler failed at ${failedAt}: check it on its own`;
  try {
    return (await analyseSource({ text, script, host, model, suspending }, { now: () => performance.now() }))!;
  } catch (error) {
    // A trap, or a stack overflow.
    if (error instanceof Error && /^(Runtime|Range)Error$/.test(error.name)) failedAt = file;
    throw error;
  }
}

function checkFound(source: Source, { module, analysis, map: data, invalid }: Found, index: number): CheckedModule {
  const { file, wat, lineStarts, settings } = source;
  const map = watSourceMap(data, wat, module, lineStarts);
  const place = placesIn(map);
  const textAt = (offset: number): number => {
    const { line, column } = place.place(offset);
    return lineStarts[line - 1] + column - 1;
  };
  if (module.kind === 'component') return withoutAnalysis(source, index, [source.errorAt(textAt(0), COMPONENT_TEXT)]);
  // Nothing of a module that no engine accepts can be called, so there is nothing to say about its exports.
  if (invalid?.kind === 'invalid')
    return withoutAnalysis(source, index, [
      source.errorAt(textAt(invalid.offset ?? 0), `not valid: ${invalid.message}`),
    ]);
  const doc: IgnoringDocument = {
    ...{ map, module, lineStarts, analysis },
    source: { wat, index },
  };
  const checked = checkModule(file, module, analysis, settings, {
    hazard: (position, hazard) => isIgnoredAt(doc, position, hazard),
    moduleHazard: (hazard) => isModuleHazardIgnored(doc, hazard),
  });
  const errors = checked.errors.map(({ offset, message }) => source.errorAt(textAt(offset), message));
  const notes = unusedIgnores(doc).map(({ start, message }) => ({ ...placeIn(lineStarts, start), message }));
  return {
    ...checked,
    bytes: source.size(wat.modules[index] ?? { start: 0, end: wat.text.length }),
    errors,
    source: {
      ...plainSource(source, index, notes),
      ...place,
      ignored: wat.ignores.length > 0 ? countSilenced(doc) : 0,
    },
  };
}

/** Number of findings that comments silence, whatever their severities are in this run. */
function countSilenced(doc: IgnoringDocument): number {
  const { exports, moduleHazards } = doc.analysis;
  const ofExports = exports.flatMap(({ hazards }, position) =>
    hazards.filter((hazard) => isIgnoredAt(doc, position, hazard)),
  );
  return ofExports.length + moduleHazards.filter((hazard) => isModuleHazardIgnored(doc, hazard)).length;
}

/** A module without an analysis, or a script without modules. */
const withoutAnalysis = (source: Source, index: number | undefined, errors: CheckError[]): CheckedModule => ({
  ...unchecked(source.file, source.settings, errors),
  source: plainSource(source, index, []),
});

const plainSource = ({ script }: Source, index: number | undefined, unusedIgnores: SourceNote[]): CheckedSource => ({
  module: script && index !== undefined ? index + 1 : undefined,
  place: () => ({ line: 1, column: 1 }),
  end: () => ({ line: 1, column: 1 }),
  ignored: 0,
  unusedIgnores,
  skipped: [],
});

/** What a script has between its modules, analysed or wrong, is reported with the first module. */
function addRest({ wat, lineStarts, errorAt }: Source, first: CheckedModule): void {
  first.source!.skipped = wat.skipped.map(({ start, what }) => ({ ...placeIn(lineStarts, start), message: what }));
  const inModule = (at: number): boolean => wat.modules.some(({ start, end }) => start <= at && at < end);
  const outside = wat.errors.filter(({ start }) => !inModule(start));
  first.errors.push(...outside.map(({ start, message }) => errorAt(start, message)));
}

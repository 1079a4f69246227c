/** The input of `stress`, `replay`, `hammer` and `wrap`: a module, its scenario, and names for its places. */

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Analysis } from '../../../core/analysis/model.ts';
import { displayable } from '../../../core/harmless/names.ts';
import { DEFAULT_HOST, type HostId } from '../../../core/hosts/index.ts';
import type { Silenced } from '../../../core/report/checkedModule.ts';
import {
  inputName,
  placeIn,
  placeName,
  placesIn,
  type SourcePlace,
  sourcePlace,
} from '../../../core/report/sourcePlace.ts';
import { addressOf } from '../../../core/source/coreModules.ts';
import { parseScenario } from '../../../core/stress/scenario/checkScenario.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { offsetOf, offsetOfCompleted } from '../../../core/stress/scenario/scenarioPlaces.ts';
import { listOf, plural } from '../../../core/text/phrases.ts';
import { decodeComponent, isComponent } from '../../../core/wasm/component/decodeComponent.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import { withNamesOnDisk } from '../../../node/namesBeside.ts';
import { UsageError } from '../io.ts';
import type { SourceOptions } from '../options.ts';
import { type ImportsPermission, permittedImports } from './permittedImports.ts';
import { NOT_REGULAR, readInput } from './readInput.ts';
import { speakOfSource } from './speakOfSource.ts';

const SCENARIO_END = /\.stress\.json$/i;
/** Endings of modules, as the editor looks for them. */
const MODULE_ENDS = ['.wasm', '.wat'];

/** For a source, `bytes` and `module` are what its first module was compiled to. */
export interface StressInput {
  /** How reports call it. */
  name: string;
  bytes: Uint8Array;
  module: Module;
  /** The scenario that was given, if any. */
  scenario: Scenario | undefined;
  /** Place of a path into that scenario: `put.stress.json:4:12`. Undefined without a file. */
  scenarioPlace: ((path: readonly (string | number)[]) => string) | undefined;
  /** Absolute path of the JavaScript module that the scenario names for its imports, and may run. */
  importsModule: string | undefined;
  /** Line and column of the source, `12:5`, or the byte offset, `0x1f`. */
  place(func: number, offset: number): string;
  /** Name of the source that lines and columns refer to; undefined for a binary. */
  source: string | undefined;
  /** What the source says of findings; undefined for a binary. */
  sourceFacts: SourceFacts | undefined;
}

/** What a source says of the findings about its module. */
export interface SourceFacts {
  place(offset: number): SourcePlace;
  /** The place after what is there. */
  end(offset: number): SourcePlace;
  /** What its comments silence. */
  silenced(analysis: Analysis): Silenced;
}

/** How an input is read. Without `allowImports` and `ask`, no code outside of a scenario's folder is run. */
interface Reading extends Partial<ImportsPermission> {
  host: HostId | undefined;
  source: SourceOptions;
}

/** @throws UsageError when something cannot be read, or would run code that nobody allowed */
export async function readStressInput(
  file: string,
  scenarioFile: string | undefined,
  { host, source, allowImports = false, ask }: Reading,
  stdin: Readable | undefined,
): Promise<StressInput> {
  const isScenario = SCENARIO_END.test(file);
  const path = scenarioFile ?? (isScenario ? file : undefined);
  const { scenario, place: scenarioPlace } =
    path === undefined
      ? { scenario: undefined, place: undefined }
      : await readScenario(path, host ?? DEFAULT_HOST, stdin);
  const folder = path === undefined ? dirname(file) : dirname(path);
  const importsModule = await permittedImports(
    scenario,
    { folder, scenarioFile: path ?? file, at: scenarioPlace?.(['imports', 'module']) },
    { allowImports, ask },
  );
  const moduleFile = isScenario ? moduleOf(file, folder, scenario?.module) : file;
  const input = await readInput(moduleFile, stdin);
  if ('error' in input) throw new UsageError(`${inputName(moduleFile)}: ${input.error.message}`);
  const binary = 'bytes' in input ? moduleBytes(moduleFile, input.bytes) : undefined;
  const read =
    'source' in input ? await compiled(moduleFile, input.source) : plain(await withNamesOnDisk(moduleFile, binary!));
  speakOfSource(read.module, moduleFile, source);
  return { ...read, name: moduleFile === '-' ? 'standard input' : moduleFile, scenario, scenarioPlace, importsModule };
}

/**
 * The bytes of a module, or of the only core module of a component.
 * @throws UsageError for a component with several, of which one has to be named
 */
function moduleBytes(file: string, bytes: Uint8Array): Uint8Array {
  if (!isComponent(bytes)) return bytes;
  const component = decodeComponent(bytes);
  const { modules } = component;
  if (modules.length === 1) return bytes.slice(modules[0].start, modules[0].end);
  if (modules.length === 0) throw new UsageError(`${inputName(file)}: a component without core modules`);
  const choices = modules.map((one) => {
    const exported = decodeModule(bytes.slice(one.start, one.end)).exports.filter(({ kind }) => kind === 'func').length;
    const name = one.name === undefined ? '' : `${displayable(one.name)}, `;
    return `${addressOf(basename(file), one)} (${name}${plural(exported, 'exported function')})`;
  });
  throw new UsageError(
    `${inputName(file)}: a component with ${modules.length} core modules; name one of them: ${listOf(choices, 8, 'or')}`,
  );
}

/** The module that a scenario file names, else the one of the same name beside it. */
function moduleOf(file: string, folder: string, named: string | undefined): string {
  if (named !== undefined) return isAbsolute(named) ? named : join(folder, named);
  const stem = file.replace(SCENARIO_END, '');
  const beside = MODULE_ENDS.map((end) => stem + end).find((path) => existsSync(path));
  if (beside !== undefined) return beside;
  throw new UsageError(
    `${file}: the scenario names no module; give the module as FILE and the scenario with --scenario`,
  );
}

async function readScenario(
  path: string,
  host: HostId,
  stdin: Readable | undefined,
): Promise<{ scenario: Scenario; place: NonNullable<StressInput['scenarioPlace']> }> {
  let text: string;
  try {
    if (stdin === undefined && !(await stat(path)).isFile()) throw new Error(NOT_REGULAR);
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${(error as Error).message}`);
  }
  const parsed = parseScenario(text, host);
  // Columns do not count the byte order mark, which editors hide.
  const shown = text.replace(/^\uFEFF/, '');
  const at = (offset: number): string => placeName(path, sourcePlace(shown, offset));
  if ('scenario' in parsed) return { scenario: parsed.scenario, place: (where) => at(offsetOfCompleted(shown, where)) };
  const [first, ...more] = parsed.problems;
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  const where =
    first.offset === undefined && first.path.length === 0
      ? inputName(path)
      : at(first.offset ?? offsetOf(shown, first.path));
  throw new UsageError(`${where}: ${first.message}${rest}`);
}

type Read = Omit<StressInput, 'scenario' | 'scenarioPlace' | 'importsModule' | 'name'>;

const plain = (bytes: Uint8Array): Read => ({
  bytes,
  module: decodeModule(bytes),
  place: (_func, offset) => hex(offset),
  source: undefined,
  sourceFacts: undefined,
});

/** A source, whose places are lines and columns. Loads the compiler only when it is needed. */
async function compiled(file: string, source: Uint8Array): Promise<Read> {
  const [
    { sourceText },
    { analyseSource },
    { watSourceMap },
    { sourceLineStarts },
    { isIgnoredAt, isModuleHazardIgnored },
  ] = await Promise.all([
    import('./sourceText.ts'),
    import('../../../core/source/analyseSource.ts'),
    import('../../../core/wat/watSourceMap.ts'),
    import('../../../core/text/lines.ts'),
    import('../../../core/source/ignoring.ts'),
  ]);
  const read = sourceText(source);
  if ('error' in read) throw new UsageError(`${inputName(file)}: ${read.error.message}`);
  const { text } = read;
  const lineStarts = sourceLineStarts(text);
  const analysed = await analyseSource(
    { text, script: false, host: DEFAULT_HOST, model: 'auto' },
    { now: () => performance.now() },
  );
  const found = analysed?.modules[0];
  if (analysed === undefined || found === undefined) throw new UsageError(`${inputName(file)}: has no module`);
  if (found.kind !== 'compiled')
    throw new UsageError(`${placeName(file, placeIn(lineStarts, found.error.start))}: ${found.error.message}`);
  const map = watSourceMap(found.map, analysed.wat, found.module, lineStarts);
  const sourceFacts: SourceFacts = {
    ...placesIn(map),
    silenced(analysis) {
      const doc = { map, module: found.module, lineStarts, analysis, source: { wat: analysed.wat, index: 0 } };
      return {
        hazard: (position, hazard) => isIgnoredAt(doc, position, hazard),
        moduleHazard: (hazard) => isModuleHazardIgnored(doc, hazard),
      };
    },
  };
  return {
    sourceFacts,
    bytes: found.module.bytes,
    module: found.module,
    source: inputName(file),
    place(_func, offset) {
      const start = map.rangeOf(offset)?.start;
      return start === undefined ? hex(offset) : `${start.line + 1}:${start.character + 1}`;
    },
  };
}

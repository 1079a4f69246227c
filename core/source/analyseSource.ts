/**
 * From a source text to its analysis: compiles, validates and analyses it, reads the text, and maps one to the other.
 */
import { analyse } from '../analysis/analyse.ts';
import type { Analysis } from '../analysis/model.ts';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Module } from '../wasm/module.ts';
import { type ValidationError, validationError } from '../wasm/validate.ts';
import { type Compiled, type CompileError, compile } from '../wat/compile.ts';
import type { WatDocument, WatModule } from '../wat/model.ts';
import { readWat } from '../wat/read.ts';
import { emptyMapData, mapData, type WatMapData } from '../wat/watMapData.ts';

/** A text to analyse. */
export interface SourceRequest {
  text: string;
  /** Whether the text is a script (`.wast`) of modules and commands: each module with text is compiled separately. */
  script: boolean;
  host: HostId;
  model: SharingModel | 'auto';
  /** Patterns of `module.name` of imports that suspend; none unless given. */
  suspending?: readonly string[];
}

/** A module that compiled. It may still be invalid. */
export interface SourceModule<M> {
  kind: 'compiled';
  module: M;
  analysis: Analysis;
  map: WatMapData;
  invalid: ValidationError | undefined;
}

/** A module that did not compile. The place is in the whole text. */
export interface SourceFailure {
  kind: 'failed';
  error: CompileError;
}

/** Time that each stage took, in milliseconds. */
export interface SourceTimes {
  compile: number;
  validate: number;
  analyse: number;
  read: number;
  map: number;
}

/** The text as read, and its modules in order. */
export interface AnalysedSource {
  wat: WatDocument;
  modules: (SourceModule<Module> | SourceFailure)[];
  times: SourceTimes;
}

/** Clock, budget and cancellation of an analysis. */
export interface SourceAnalysisOptions {
  /** Current time in milliseconds, of any clock. */
  now(): number;
  /** Whether the analysis must end now with a partial result. */
  stop?: () => boolean;
  /** Whether the result is no longer needed. */
  abandoned?: () => boolean;
  progress?: (message: string, done: number, total: number) => void;
}

/**
 * Analyses a source text. Undefined if it was abandoned.
 * @throws only on a defect, after which the thread must not be used again.
 */
export async function analyseSource(
  job: SourceRequest,
  options: SourceAnalysisOptions,
): Promise<AnalysedSource | undefined> {
  const times: SourceTimes = { compile: 0, validate: 0, analyse: 0, read: 0, map: 0 };
  const timed = <T>(stage: keyof SourceTimes, work: () => T): T => {
    const started = options.now();
    const result = work();
    times[stage] += options.now() - started;
    return result;
  };
  options.progress?.('reading', 0, 0);
  const wat = timed('read', () => readWat(job.text));
  const modules: AnalysedSource['modules'] = [];
  options.progress?.('compiling', 0, 0);
  for (const part of partsOf(job, wat)) {
    if (options.abandoned?.()) return undefined;
    const started = options.now();
    const compiled = await compilePart(job.text, part);
    times.compile += options.now() - started;
    if (options.abandoned?.()) return undefined;
    if ('error' in compiled) {
      modules.push({ kind: 'failed', error: compiled.error });
      continue;
    }
    const decoded = timed('analyse', () => decodeModule(compiled.bytes));
    const validating = options.now();
    const invalid = decoded.kind === 'module' ? await validationError(decoded) : undefined;
    times.validate += options.now() - validating;
    const { module, analysis } = timed('analyse', () => {
      const progress = (done: number, total: number) => options.progress?.('analysing', done, total);
      const { host, model, suspending } = job;
      return {
        module: decoded,
        analysis: analyse(decoded, { host, model, suspending, deadline: options.stop, progress }),
      };
    });
    const map = timed('map', () =>
      part.wat && module.kind === 'module'
        ? mapData(wat, part.wat, module)
        : emptyMapData(module, part.start, part.end),
    );
    modules.push({ kind: 'compiled', module, analysis, map, invalid });
  }
  return { wat, modules, times };
}

/** A part of the text that is compiled separately. */
interface Part {
  wat: WatModule | undefined;
  start: number;
  end: number;
}

/** A `.wat` is one module, and anything else in it is an error; a script has a part for each of its modules. */
function partsOf({ text, script }: Pick<SourceRequest, 'text' | 'script'>, wat: WatDocument): Part[] {
  if (!script) return [{ wat: wat.modules[0], start: 0, end: text.length }];
  return wat.modules.map((module) => ({ wat: module, start: module.start, end: module.end }));
}

/** `(module definition $m ...)`: the second word belongs to scripts, not to modules. */
const DEFINITION = /^\(\s*module\s+definition(?=[\s()])/;

async function compilePart(text: string, { start, end }: Part): Promise<Compiled> {
  const own = text
    .slice(start, end)
    .replace(DEFINITION, (words) => words.replace('definition', ' '.repeat('definition'.length)));
  const compiled = await compile(own);
  if ('bytes' in compiled) return compiled;
  const { error } = compiled;
  return { error: { ...error, start: start + error.start, end: start + error.end } };
}

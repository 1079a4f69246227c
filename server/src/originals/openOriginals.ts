/**
 * What the modules of the workspace say of the originals that are open. Nothing is read for a file before the client opens
 * it, and of each module only as much as is needed to know that it was not compiled from the file.
 */
import { type Binary, fileName, ReadFailure } from '../../../core/source/binary.ts';
import type { LazySources } from '../documents/lazySources.ts';
import { Unavailable } from '../documents/liveDocument.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { OpenOriginal, OriginalModule, OriginalNotes } from '../protocol.ts';
import { hasDebugInfo, mayBeCompiledFrom } from './candidates.ts';
import { originalFindings } from './findings.ts';
import { originalExports } from './lenses.ts';
import { type Origin, originOf, pathsOf, uriKey } from './origin.ts';

/** Modules that a file is looked for in. */
const MAX_MODULES = 60;
/** Modules that were compiled from one file and are shown at it: a debug and a release build, say. */
const MAX_SHOWN = 3;
/** Bytes of modules that are not open and are read for one file. */
const MAX_BYTES = 256 << 20;

/** What is needed of the rest of the server. */
export interface OriginalServices {
  /** Analysed at the last state; starts the analysis if there is none. @throws Unavailable */
  module(uri: string): Promise<ModuleDocument>;
  /** Whether that needs no new analysis. */
  isAnalysed(uri: string): boolean;
  /** @throws ReadFailure */
  read(uri: string): Promise<Binary>;
  publish(notes: OriginalNotes): void;
  failed(uri: string, error: unknown): void;
}

/** A module that was compiled from a file. */
export interface CompiledModule {
  doc: ModuleDocument;
  origin: Origin;
}

interface Open {
  file: OpenOriginal;
  /** What the client was told last. */
  told: string;
  due: boolean;
}

/** The originals that are open. Notes of a file are published when they differ from those before. */
export class OpenOriginals {
  readonly #services: OriginalServices;
  readonly #open = new Map<string, Open>();
  /** Binaries (`keyOf`) without debug information, and those (with a name) that cannot name a file: not to be read again. */
  readonly #without = new Set<string>();
  /** Modification times of originals when they were first looked at, by build of the module. */
  readonly #firstTimes = new WeakMap<LazySources, Map<string, number>>();
  /** One file is worked on at a time. */
  #work: Promise<void> = Promise.resolve();

  constructor(services: OriginalServices) {
    this.#services = services;
  }

  /** These files are open, and no others. */
  set(files: readonly OpenOriginal[]): void {
    const now = new Map(files.map((file) => [file.uri, file]));
    for (const uri of [...this.#open.keys()]) if (!now.has(uri)) this.#open.delete(uri);
    for (const file of files) {
      const known = this.#open.get(file.uri);
      if (known !== undefined && JSON.stringify(known.file) === JSON.stringify(file)) continue;
      this.#open.set(file.uri, { file, told: known?.told ?? '', due: false });
      this.#later(file.uri);
    }
  }

  /** A module has a new state, or its file changed. */
  moduleChanged(uri: string): void {
    for (const [original, { file }] of this.#open)
      if (file.modules.some((module) => module.uri === uri)) this.#later(original);
  }

  /** Something changed that all findings depend on. */
  refresh(): void {
    for (const uri of this.#open.keys()) this.#later(uri);
  }

  /** The modules that were compiled from a file, in the given order; at most three. */
  async compiledFrom(uri: string, modules: readonly OriginalModule[]): Promise<CompiledModule[]> {
    const found: CompiledModule[] = [];
    let bytes = 0;
    for (const candidate of modules.slice(0, MAX_MODULES)) {
      if (found.length === MAX_SHOWN) break;
      if (this.#without.has(keyOf(candidate)) || this.#without.has(keyOf(candidate, fileName(uri)))) continue;
      if (!this.#services.isAnalysed(candidate.uri)) {
        bytes += candidate.bytes;
        if (bytes > MAX_BYTES) break;
      }
      const one = await this.#compiled(uri, candidate);
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  async #compiled(uri: string, candidate: OriginalModule): Promise<CompiledModule | undefined> {
    const { isAnalysed, module } = this.#services;
    try {
      if (!isAnalysed(candidate.uri) && !(await this.#mayName(candidate, fileName(uri)))) return undefined;
      const doc = await module(candidate.uri);
      // Cheaper than a look at the debug information, which nobody may have asked for so far.
      if (!mayBeCompiledFrom(doc.module.bytes, fileName(uri))) return undefined;
      const origin = await originOf(doc);
      return pathsOf(origin, uriKey(uri)).length > 0 ? { doc, origin } : undefined;
    } catch (error) {
      // A module that cannot be read has no findings anywhere.
      if (error instanceof Unavailable || error instanceof ReadFailure) return undefined;
      throw error;
    }
  }

  async #mayName(candidate: OriginalModule, name: string): Promise<boolean> {
    const { bytes } = await this.#services.read(candidate.uri);
    if (mayBeCompiledFrom(bytes, name)) return true;
    if (candidate.mtime > 0) this.#without.add(hasDebugInfo(bytes) ? keyOf(candidate, name) : keyOf(candidate));
    return false;
  }

  #later(uri: string): void {
    const open = this.#open.get(uri);
    if (open === undefined || open.due) return;
    open.due = true;
    this.#work = this.#work.then(() => this.#tell(open)).catch((error) => this.#services.failed(uri, error));
  }

  async #tell(open: Open): Promise<void> {
    open.due = false;
    const { file } = open;
    if (this.#open.get(file.uri) !== open) return;
    const notes = await this.#notesOf(file);
    const text = JSON.stringify(notes);
    // Most files are in no module, of which the client needs no word.
    const nothing = open.told === '' && notes.modules.length === 0;
    if (this.#open.get(file.uri) !== open || nothing || text === open.told) return;
    open.told = text;
    this.#services.publish(notes);
  }

  async #notesOf({ uri, mtime, modules }: OpenOriginal): Promise<OriginalNotes> {
    const notes: OriginalNotes = { uri, modules: [], findings: [], exports: [] };
    for (const { doc, origin } of await this.compiledFrom(uri, modules)) {
      const key = uriKey(uri);
      const stale =
        pathsOf(origin, key).some((path) => origin.fileOf(path)?.stale) || this.#isSavedSince(doc, key, mtime);
      notes.modules.push({ uri: doc.uri, name: fileName(doc.uri), stale });
      notes.findings.push(...originalFindings(doc, origin, key));
      if (doc.settings.codeLens !== 'none') notes.exports.push(...originalExports(doc, origin, key));
    }
    return notes;
  }

  /** Whether a file was written since it was first looked at for this build of the module. */
  #isSavedSince({ sources }: ModuleDocument, key: string, mtime: number): boolean {
    const times = this.#firstTimes.get(sources) ?? new Map<string, number>();
    this.#firstTimes.set(sources, times);
    const first = times.get(key) ?? mtime;
    times.set(key, first);
    return mtime > first;
  }
}

/** Of a binary as it is now, or of a file name for it. */
const keyOf = ({ uri, mtime, bytes }: OriginalModule, name?: string): string =>
  JSON.stringify(name === undefined ? [uri, mtime, bytes] : [uri, mtime, bytes, name]);

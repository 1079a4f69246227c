/**
 * The debug information of a document, which is read in the background when somebody first asks for it. Questions are
 * answered at once from what has been read; the document gets a new state when all has been.
 */

import { mayHaveSource } from '../../../core/debug/debugInfo.ts';
import type { FoundSource } from '../../../core/debug/foundSource.ts';
import { emptyLayer } from '../../../core/debug/layer.ts';
import type { DebugInfo } from '../../../core/debug/model.ts';
import { attachSource } from '../../../core/debug/moduleSource.ts';
import { problemNote, staleNote } from '../../../core/debug/notes.ts';
import type { Module } from '../../../core/wasm/module.ts';

/** A file of the workspace that a module was compiled from. */
export interface DocumentSource extends Pick<FoundSource, 'stale'> {
  uri: string;
  /** How people call it: its path in its folder of the workspace. */
  name: string;
}

/** Debug information that has been read, with the files of the workspace. */
export interface DocumentSources {
  info: DebugInfo;
  /** For a path as `info` gives it; undefined where the workspace has no such file, or it is in doubt which one it is. */
  sourceOf(file: string): DocumentSource | undefined;
}

/** What features ask of a document. */
export interface LazySources {
  /** What has been read; nothing before. Asking starts the reading. */
  now(): DocumentSources;
  /** The same once all has been read. Never rejects. */
  loaded(): Promise<DocumentSources>;
  /** Whether something could not be read, which may be there at the next analysis. */
  readonly isIncomplete: boolean;
}

const NOTHING: DocumentSources = { info: emptyLayer(), sourceOf: () => undefined };

/** Of a module that was not compiled from another language. */
export const NO_SOURCES: LazySources = { now: () => NOTHING, loaded: async () => NOTHING, isIncomplete: false };

/** What happens when the debug information has been read. */
export interface SourceEvents {
  /** All that speaks of the module speaks of its source from now on. */
  ready(): void;
  /** It could not be read for a reason that is a defect; the module is spoken of by its binary. */
  failed(error: unknown): void;
}

/** `load` is called once, with the first question. */
export function lazySources(
  module: Module,
  load: () => Promise<DocumentSources>,
  { ready, failed }: SourceEvents,
): LazySources {
  if (!mayHaveSource(module)) return NO_SOURCES;
  let known = NOTHING;
  let loading: Promise<DocumentSources> | undefined;
  const read = async (): Promise<DocumentSources> => {
    try {
      const found = await load();
      known = found;
      attachSource(module, {
        info: found.info,
        pathOf: (file) => found.sourceOf(file)?.name,
        notes: () => notesOf(found),
      });
      ready();
    } catch (error) {
      failed(error);
    }
    return known;
  };
  const loaded = (): Promise<DocumentSources> => {
    loading ??= read();
    return loading;
  };
  return {
    now() {
      void loaded();
      return known;
    },
    loaded,
    get isIncomplete() {
      return known.info.problems().length > 0;
    },
  };
}

function notesOf({ info, sourceOf }: DocumentSources): string[] {
  const stale = info.files().flatMap((file) => {
    const found = sourceOf(file);
    return found?.stale === undefined ? [] : [staleNote(found.name, found.stale)];
  });
  return [...info.problems().map(problemNote), ...stale];
}

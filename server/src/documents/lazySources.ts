/**
 * The debug information of a document, which is read in the background when somebody first asks for it. Questions are
 * answered at once from what has been read; the document gets a new state when all has been.
 */

import type { FoundSource } from '../../../core/debug/foundSource.ts';
import { emptyLayer } from '../../../core/debug/layer.ts';
import type { DebugInfo } from '../../../core/debug/model.ts';

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
}

const NOTHING: DocumentSources = { info: emptyLayer(), sourceOf: () => undefined };

/** Of a module that was not compiled from another language. */
export const NO_SOURCES: LazySources = { now: () => NOTHING, loaded: async () => NOTHING };

/** `load` is called once, with the first question, and must not reject; `ready` when what it found can be asked. */
export function lazySources(load: () => Promise<DocumentSources>, ready: () => void): LazySources {
  let known = NOTHING;
  let loading: Promise<DocumentSources> | undefined;
  const loaded = (): Promise<DocumentSources> => {
    loading ??= load().then((found) => {
      known = found;
      if (found.info.origin !== 'none') ready();
      return found;
    });
    return loading;
  };
  return {
    now() {
      void loaded();
      return known;
    },
    loaded,
  };
}

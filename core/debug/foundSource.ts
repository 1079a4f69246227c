/** Files of the workspace that a module was compiled from. */

/** One of them, found for a path of the build. */
export interface FoundSource {
  /** Absolute path on this machine. */
  path: string;
  /**
   * Why its lines may not be those that were compiled. `newer`: it was written after the module. `changed`: the build kept a
   * copy, and the file differs from it.
   */
  stale?: 'newer' | 'changed';
}

/** The file for a path of the build as `DebugInfo.files` gives it; undefined where there is none, or doubt which one it is. */
export type FindSource = (path: string) => FoundSource | undefined;

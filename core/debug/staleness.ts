/** Whether a file of the workspace is what a module was compiled from. */

/** A source may be this much newer than the module, in ms: some file systems round, and a checkout writes both. */
export const NEWER_MS = 2000;
/** Largest source that is compared with the copy that the build kept, in bytes. */
export const MOST_COMPARED = 4 << 20;

/** Line ends may differ between machines. */
export const sameText = (a: string, b: string): boolean =>
  a === b || a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');

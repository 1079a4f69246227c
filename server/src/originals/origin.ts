/**
 * The files that a module was compiled from, as far as they are here. An original is such a file: C, Rust, Go,
 * AssemblyScript. (A source, in this server, is a `.wat` file.)
 */
import type { DebugInfo, SourceLine } from '../../../core/debug/model.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { LazySources } from '../documents/lazySources.ts';

/** A file of the workspace that a module was compiled from. */
export interface OriginalFile {
  uri: string;
  /** The same for comparisons, see `uriKey`. */
  key: string;
  /** It is not, or may not be, what was compiled. */
  stale: boolean;
}

/** Debug information of a module, and the files of the workspace in place of those of the build. */
export interface Origin {
  info: DebugInfo;
  /** Undefined for a file of the build that is not in the workspace, or where that is not certain. */
  fileOf(path: string): OriginalFile | undefined;
}

/** A place in an original of the workspace. */
export interface OriginalPlace {
  file: OriginalFile;
  /** From 0, as editors count. */
  line: number;
  /** From 0; 0 where only the line is known. */
  character: number;
}

/** The origin of a module, which is read if that was not done before. Never rejects. */
export async function originOf({ sources }: { sources: LazySources }): Promise<Origin> {
  const { info, sourceOf } = await sources.loaded();
  const files = new Map<string, OriginalFile | undefined>();
  return {
    info,
    fileOf(path) {
      if (!files.has(path)) {
        const found = sourceOf(path);
        files.set(path, found && { uri: found.uri, key: uriKey(found.uri), stale: found.stale !== undefined });
      }
      return files.get(path);
    },
  };
}

/** A URI for comparisons: editors escape other characters than we do, and write drives in capitals. */
export function uriKey(uri: string): string {
  let plain = uri;
  try {
    plain = decodeURIComponent(uri);
  } catch {
    // It has a percent sign of its own.
  }
  return plain.replace(/^file:\/\/\/[A-Z]:/, (start) => start.toLowerCase());
}

/**
 * The places of an instruction that are in the workspace, innermost first: the line itself, then the calls that were
 * inlined. Code of a library that was inlined is seen at the line that uses it.
 */
export function placesAt(origin: Origin, offset: number): OriginalPlace[] {
  const place = origin.info.placeOf(offset);
  if (place === undefined) return [];
  return [place, ...(place.inlined ?? [])].flatMap((one) => originalPlace(origin, one) ?? []);
}

/** Undefined outside of the workspace, and for line 0, which stands for code that no line was written for. */
function originalPlace({ fileOf }: Origin, { file: path, line, column }: SourceLine): OriginalPlace | undefined {
  const file = line < 1 ? undefined : fileOf(path);
  return file && { file, line: line - 1, character: Math.max(0, (column ?? 1) - 1) };
}

/** Where a function is written. */
export interface FunctionPlace extends OriginalPlace {
  /** Only its code is known: it is the line of one of its instructions. */
  isGuess: boolean;
}

/** Where a function is written; where only its code is known, the line of its first instruction. */
export function placeOfFunction(origin: Origin, { functions }: Module, func: number): FunctionPlace | undefined {
  const named = origin.info.functionAt(func);
  if (named?.file !== undefined && named.line !== undefined) {
    const place = originalPlace(origin, { file: named.file, line: named.line });
    return place && { ...place, isGuess: false };
  }
  const start = func < functions.imported ? 0 : functions.bodyStart[func - functions.imported];
  // What is inlined at its beginning is another function's.
  const place = start > 0 ? placesAt(origin, start).at(-1) : undefined;
  return place && { ...place, isGuess: true };
}

/** The paths that the build had for an original. */
export const pathsOf = ({ info, fileOf }: Origin, key: string): string[] =>
  info.files().filter((path) => fileOf(path)?.key === key);

/** Byte offsets of the instructions of a line (from 0) of an original, ascending. */
export function offsetsAt(origin: Origin, key: string, line: number): number[] {
  const offsets = pathsOf(origin, key).flatMap((path) => origin.info.offsetsOf(path, line + 1));
  return [...new Set(offsets)].sort((a, b) => a - b);
}

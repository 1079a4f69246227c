/** Exported names: those with two meanings, those exported from two files, and those that nobody imports. */

import type { Fault } from './fault.ts';
import type { SourceFile } from './sourceFile.ts';

/** Names that more than one file declares and exports, sorted. The key is the name. */
export function doubleNames(sources: readonly SourceFile[]): Fault[] {
  const places = new Map<string, Map<string, number>>();
  for (const { path, exports } of sources) {
    for (const { name, line } of exports) {
      const files = places.get(name) ?? new Map<string, number>();
      // Overloads, and a type with the name of a value, count as one declaration in a file.
      if (!files.has(path)) files.set(path, line);
      places.set(name, files);
    }
  }
  return [...places]
    .filter(([, files]) => files.size > 1)
    .map(([name, files]) => ({
      key: name,
      text: `${name} is exported by ${[...files].map(([path, line]) => `${path}:${line}`).join(' and ')}`,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Each `export ... from`, which exports names from a second file. The key is the file and the source of the names. */
export function reexports(sources: readonly SourceFile[]): Fault[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ reexport }) => reexport)
      .map((one) => ({
        key: `${path} re-exports ${one.path}`,
        text: `${path}:${one.line} re-exports ${one.path}`,
      })),
  );
}

/** Imported names by file. */
type Taken = ReadonlyMap<string, ReadonlySet<string>>;

/** Collects the names that `users` import, by file. */
export function takenBy(users: readonly SourceFile[]): Taken {
  const taken = new Map<string, Set<string>>();
  for (const { imports } of users) {
    for (const { path, names } of imports) {
      const of = taken.get(path) ?? new Set();
      for (const name of names) of.add(name);
      taken.set(path, of);
    }
  }
  return taken;
}

/**
 * Exported names that no other source imports. Two kinds are allowed: a type that its own file uses, since it may be
 * part of another export, and what its own file uses and a test imports. A name that only tests use is dead.
 */
export function unusedExports(sources: readonly SourceFile[], bySources: Taken, byTests: Taken): Fault[] {
  const isTaken = (taken: Taken, path: string, name: string): boolean =>
    taken.get(path)?.has(name) === true || taken.get(path)?.has('*') === true;
  return sources.flatMap(({ path, exports }) =>
    exports
      .filter(({ name, isType, usedInFile }) => {
        if (isTaken(bySources, path, name)) return false;
        return !usedInFile || !(isType || isTaken(byTests, path, name));
      })
      .map(({ name, line }) => ({ key: `${path} ${name}`, text: `${path}:${line} exports ${name}` })),
  );
}

/** Lets a command speak of the source that a module was compiled from. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, parse, relative, resolve } from 'node:path';
import { mayHaveSource } from '../../../core/debug/debugInfo.ts';
import { attachSource } from '../../../core/debug/moduleSource.ts';
import { problemNote, staleNote } from '../../../core/debug/notes.ts';
import { coreModuleAddress } from '../../../core/source/coreModules.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { moduleSources } from '../../../node/debugFiles.ts';
import type { SourceOptions } from '../options.ts';

/**
 * Attaches the debug information of a module to it, unless the user wants to hear of the binary alone. Files that the module
 * names are opened in its own folder only; its sources are looked for there and in the current folder.
 * @param file as given on the command line: a path, that of a component with the number of the module, or `-`
 */
export function speakOfSource(module: Module, file: string, { mode, paths }: SourceOptions): void {
  if (mode === 'off' || !mayHaveSource(module)) return;
  const path = resolve(file === '-' ? '-' : (coreModuleAddress(file)?.file ?? file));
  const here = resolve('.');
  const { info, sourceOf } = moduleSources(module, {
    module: path,
    roots: [],
    sourceRoots: isSearchable(here) ? [here, dirname(path)] : [dirname(path)],
    sourcePaths: paths,
    mtime: mtimeOf(path),
  });
  attachSource(module, {
    info,
    pathOf(built) {
      const found = sourceOf(built);
      return found && relative(here, found.path);
    },
    notes: () => [
      ...info.problems().map(problemNote),
      ...info.files().flatMap((built) => {
        const found = sourceOf(built);
        return found?.stale === undefined ? [] : [staleNote(relative(here, found.path), found.stale)];
      }),
    ],
  });
}

/** A whole disk or all of somebody's files are no place to look for a source by its name. */
const isSearchable = (folder: string): boolean => folder !== parse(folder).root && folder !== homedir();

/** Of standard input, nothing is newer. */
function mtimeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

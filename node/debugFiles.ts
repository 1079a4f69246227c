/**
 * The debug information of a module with the files that it needs: side files, and the sources in the workspace. For the
 * command line everything is read when it is asked for; for the server it is read in the background.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { debugInfoOf, type ModuleDebugInfo, neededFiles } from '../core/debug/debugInfo.ts';
import type { FindSource } from '../core/debug/foundSource.ts';
import { NO_SIDE_FILES, type ReadSideFile, type SideFile, type SideReference } from '../core/debug/sideFiles.ts';
import type { Steps } from '../core/debug/steps.ts';
import type { Module } from '../core/wasm/module.ts';
import { readSideFile, sideFilesOf } from './debug/readSideFile.ts';
import { findSources, findSourcesNow, type SourceScope } from './debug/sourceFiles.ts';

/** What is known of the source of a module, and which files of the workspace it is. */
export interface ModuleSources {
  info: ModuleDebugInfo;
  sourceOf: FindSource;
}

/** Nothing is read before it is asked for; a question may then wait for the disk. */
export function moduleSources(module: Module, scope: SourceScope): ModuleSources {
  const info = debugInfoOf(module, sideFilesOf(scope));
  let find: FindSource | undefined;
  return {
    info,
    sourceOf(file) {
      find ??= findSourcesNow(info, scope);
      return find(file);
    },
  };
}

/** Reads all that questions will need, in the background. Never rejects. */
export async function loadModuleSources(module: Module, scope: SourceScope): Promise<ModuleSources> {
  const files = new Map<string, SideFile>();
  for (const reference of neededFiles(module)) files.set(keyOf(reference), await readSideFile(reference, scope));
  const read: ReadSideFile = (reference) => files.get(keyOf(reference)) ?? NO_SIDE_FILES(reference);
  const info = debugInfoOf(module, read);
  await inSteps(info.prepare());
  // All that is needed of them has been read.
  files.clear();
  return { info, sourceOf: await findSources(info, scope) };
}

/** Two units may have halves of one name, from different folders. */
const keyOf = ({ name, also = [] }: SideReference): string => [name, ...also].join('\0');

/** Others may have to wait this long, in milliseconds. */
const SLICE_MS = 8;

/** Does work in slices, between which others get their turn. */
async function inSteps(steps: Steps<void>): Promise<void> {
  let since = performance.now();
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    if (performance.now() - since < SLICE_MS) continue;
    await breath();
    since = performance.now();
  }
}

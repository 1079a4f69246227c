/** The module that a scenario file is about. */
import { type TextDocument, Uri, workspace } from 'vscode';
import { decodeModule } from '../../../../core/wasm/decode.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import type { Server } from '../../server.ts';
import { baseName } from '../../uris.ts';
import { besides, type ModuleInfo, moduleInfo } from '../moduleInfo.ts';

/** The server's answer about a module, and the module decoded from its bytes. */
export interface ScenarioModule {
  info: ModuleInfo;
  module: Module;
}

/** Modules in the cache, each with its bytes: more than the scenarios that anybody edits at a time. */
const MAX_KNOWN = 8;

/** Modules by URI until they change, least recently used first: a scenario is checked at every keystroke. */
const known = new Map<string, Promise<ScenarioModule>>();

/** The module that the scenario names, or else the one beside it; undefined when there is none. */
export async function scenarioModuleUri(scenario: Uri, named: unknown): Promise<Uri | undefined> {
  if (typeof named === 'string') return besides(scenario, named);
  const stem = baseName(scenario).slice(0, -'.stress.json'.length);
  for (const extension of ['wasm', 'wat']) {
    const uri = Uri.joinPath(scenario, '..', `${stem}.${extension}`);
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      // Not there; try the next name.
    }
  }
  return undefined;
}

/** Rejects, with a message for the user, when the module cannot be read. */
export function scenarioModule(server: Server, uri: Uri): Promise<ScenarioModule> {
  const key = uri.toString();
  const found = known.get(key) ?? moduleInfo(server, uri).then((info) => ({ info, module: decodeModule(info.bytes) }));
  known.delete(key);
  known.set(key, found);
  for (const oldest of known.keys()) {
    if (known.size <= MAX_KNOWN) break;
    known.delete(oldest);
  }
  found.catch(() => {
    // Another one may be in its place by now.
    if (known.get(key) === found) known.delete(key);
  });
  return found;
}

/** The module changed. */
export const forgetModule = (uri: Uri): void => void known.delete(uri.toString());

/** Whether the document is a scenario file, judged by its name alone: `*.stress.json`. */
export const isScenario = ({ uri }: TextDocument): boolean => uri.path.endsWith('.stress.json');

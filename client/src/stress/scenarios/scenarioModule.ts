/** The module that a scenario file is about. */
import { type TextDocument, Uri, workspace } from 'vscode';
import { decodeModule } from '../../../../core/wasm/decode.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import type { Server } from '../../server.ts';
import { baseName } from '../../uris.ts';
import { besides, type ModuleInfo, moduleInfo } from '../moduleInfo.ts';

export interface ScenarioModule {
  info: ModuleInfo;
  module: Module;
}

/** Modules that are kept: more than the scenarios that somebody edits at a time. Each holds its bytes. */
const MAX_KNOWN = 8;

/** Modules that were read, until they change, those used last at the end: a scenario is looked at with every key. */
const known = new Map<string, Promise<ScenarioModule>>();

/** The file that `module` names, else the one beside the scenario; undefined when there is none. */
export async function scenarioModuleUri(scenario: Uri, named: unknown): Promise<Uri | undefined> {
  if (typeof named === 'string') return besides(scenario, named);
  const stem = baseName(scenario).slice(0, -'.stress.json'.length);
  for (const extension of ['wasm', 'wat']) {
    const uri = Uri.joinPath(scenario, '..', `${stem}.${extension}`);
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      // It is not there: the next name may be.
    }
  }
  return undefined;
}

/** Rejects with what the user should read when the module cannot be read. */
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
    // Another one may have taken its place.
    if (known.get(key) === found) known.delete(key);
  });
  return found;
}

/** The module changed. */
export const forgetModule = (uri: Uri): void => void known.delete(uri.toString());

export const isScenario = ({ uri }: TextDocument): boolean => uri.path.endsWith('.stress.json');

/** The hosts: a row each, in the order in which they are offered to the user. All else follows from this table. */
import { extism } from './extism.ts';
import { javascript } from './javascript.ts';
import { localised } from './localised.ts';
import type { HostProfile } from './profile.ts';
import { wamr } from './wamr.ts';
import { wasiThreads } from './wasiThreads.ts';
import { wasmedge } from './wasmedge.ts';
import { wasmer } from './wasmer.ts';
import { wasmtime } from './wasmtime.ts';
import { wasmtimeCApi } from './wasmtimeCApi.ts';
import { wasmtimePy } from './wasmtimePy.ts';
import { wazero } from './wazero.ts';

const TABLE = {
  wazero,
  wasmtime,
  'wasmtime-c-api': wasmtimeCApi,
  'wasmtime-py': wasmtimePy,
  wasmer,
  wamr,
  wasmedge,
  'wasi-threads': wasiThreads,
  javascript,
  extism,
} as const satisfies Readonly<Record<string, HostProfile>>;

/** Name of a host in settings, options and scenario files. */
export type HostId = keyof typeof TABLE;

/** All host profiles by id, each in the language of the reader when it is asked for. */
export const HOST_PROFILES: Readonly<Record<HostId, HostProfile>> = Object.defineProperties(
  {} as Record<HostId, HostProfile>,
  Object.fromEntries(
    Object.entries(TABLE).map(([id, profile]) => [id, { enumerable: true, get: () => localised(profile) }]),
  ),
);

/** All ids, in the order of the table. `auto`, which settings and options accept too, is not one. */
export const HOST_IDS = Object.keys(TABLE) as readonly HostId[];

/** The profile where nothing tells which host runs the module: the one with the most to warn of. */
export const DEFAULT_HOST: HostId = 'wazero';

/** Hosts for whose embedders code can be generated. */
export const TEMPLATE_HOSTS: readonly HostId[] = HOST_IDS.filter((id) => !('refusal' in HOST_PROFILES[id].template));

/** What the host allows by the model that its embedders mostly use, one sentence. */
export const hostDescription = (id: HostId): string => HOST_PROFILES[id].stance[HOST_PROFILES[id].models[0]].text;

/** Whether `text` is the id of a host. Case matters; `auto` and names that every object has are not ids. */
export const isHostId = (text: string): text is HostId => Object.hasOwn(TABLE, text);

/** All host profiles by id. */
import { extism } from './extism.ts';
import { javascript } from './javascript.ts';
import type { HostId, HostProfile } from './profile.ts';
import { wamr } from './wamr.ts';
import { wasiThreads } from './wasiThreads.ts';
import { wasmer } from './wasmer.ts';
import { wasmtime } from './wasmtime.ts';
import { wazero } from './wazero.ts';

export const HOST_PROFILES: Readonly<Record<HostId, HostProfile>> = {
  wazero,
  wasmtime,
  wasmer,
  wamr,
  'wasi-threads': wasiThreads,
  javascript,
  extism,
};

/** In the order in which they are offered to the user. */
export const HOST_IDS = Object.keys(HOST_PROFILES) as HostId[];

/** The profile where nothing tells which host runs the module: the one with the most to warn of. */
export const DEFAULT_HOST: HostId = 'wazero';

export const isHostId = (text: string): text is HostId => Object.hasOwn(HOST_PROFILES, text);

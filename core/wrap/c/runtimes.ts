/** Which runtime a host profile's code in C is for. */
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { CRuntime } from './runtime.ts';
import { WAMR } from './wamr/runtime.ts';
import { WASMTIME } from './wasmtime/runtime.ts';

/** By the host of the analysis. */
export function runtimeOf({ analysis }: WrapInput): CRuntime {
  const { template } = HOST_PROFILES[analysis.host];
  return 'runtime' in template && template.runtime.startsWith('WAMR') ? WAMR : WASMTIME;
}

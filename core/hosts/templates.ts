/**
 * In which language, and for which runtime, code is written for the embedders of a host. Data beside the host
 * profiles: who adds a profile says here what its users get.
 */
import type { HostId } from './profile.ts';

export type TemplateLanguage = 'go' | 'rust' | 'typescript';

export type TemplateChoice =
  | {
      language: TemplateLanguage;
      /** The runtime whose API the code uses. */
      runtime: string;
      /** What a user of another host has to know about it, whole sentences. */
      note: string | undefined;
    }
  /** Why there is no code for this host, one sentence. */
  | { refusal: string };

export const HOST_TEMPLATES: Readonly<Record<HostId, TemplateChoice>> = {
  wazero: { language: 'go', runtime: 'wazero', note: undefined },
  wasmtime: { language: 'rust', runtime: 'Wasmtime', note: undefined },
  javascript: { language: 'typescript', runtime: 'Node.js', note: undefined },
  extism: {
    language: 'go',
    runtime: 'wazero',
    note: "Extism's Go SDK runs on wazero, which is what this code uses. A plugin that imports extism:host/env needs the SDK's CompiledPlugin.Instance in place of InstantiateModule; pool and lock around it stay as they are.",
  },
  wasmer: {
    language: 'rust',
    runtime: 'Wasmtime',
    note: 'This is code for Wasmtime. Wasmer has the same parts, an Engine and a Module that threads share and a Store for each caller, under an API of its own: functions are called through wasmer::TypedFunction, imports come from wasmer::imports!.',
  },
  wamr: { refusal: 'WAMR is embedded through its C API, for which there is no template.' },
  'wasi-threads': {
    refusal: 'Under wasi-threads the host starts the threads by itself, so there is nothing to wrap.',
  },
};

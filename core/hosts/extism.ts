/** Extism: plugins over wazero (Go SDK) or Wasmtime (Rust and the SDKs made from it). */
import type { HostNote, HostProfile } from './profile.ts';

const GO_SDK = 'https://pkg.go.dev/github.com/extism/go-sdk#NewPlugin';

const GO_SDK_PAGE = { label: 'go-sdk', url: 'https://pkg.go.dev/github.com/extism/go-sdk#NewPlugin' };
const NO_SHARED_MEMORY: HostNote = {
  text: 'Does not apply: plugins share no memory.',
  sources: [{ label: 'extism::Pool', url: 'https://docs.rs/extism/latest/extism/struct.Pool.html' }],
};

export const extism: HostProfile = {
  id: 'extism',
  label: 'Extism',
  models: ['isolated'],
  defaultModel: () => 'isolated',
  stance: {
    'shared-instance': {
      status: 'forbidden',
      text: 'A Plugin is not thread-safe: each concurrent caller needs its own instance of the compiled plugin.',
      // NewPlugin: "Plugins are not thread-safe."
      source: GO_SDK,
    },
    'shared-memory': {
      status: 'unavailable',
      text: 'Plugins exchange data with the host through a memory of the Extism kernel; no SDK runs several plugin instances over one shared memory.',
      source: 'https://extism.org/docs/concepts/memory',
    },
    isolated: {
      status: 'allowed',
      text: 'CompiledPlugin.Instance in Go and Pool in Rust give each caller a plugin of its own; host functions are still shared.',
      source: 'https://docs.rs/extism/latest/extism/struct.Pool.html',
    },
  },
  growMovesMemory: true,
  growText:
    'A plugin that two callers use at once grows as its runtime does: on the Go SDK, wazero moves the buffer without a lock.',
  importsShared: false,
  refFuncUnsafe: false,
  segmentDropCrashes: false,
  unguardedWasi: [],
  advice: {
    pure: 'Call NewCompiledPlugin once and CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: also a pure export must not run twice at once on one Plugin.',
    'reads-only': 'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool.',
    stateful:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool for the whole conversation. Variables of a plugin live in its instance: keep common state in host functions.',
    grows:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool, and bound its memory with MaxPages in the manifest.',
    stack:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: every instance has its own stack pointer.',
    synchronised:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: the atomics have no effect beyond one instance.',
    'host-dependent': 'Make host functions safe for concurrent use: all instances of a compiled plugin share them.',
    table: 'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: tables belong to the instance.',
    segment:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: segments belong to the instance.',
    unknown:
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool, and check what the host functions share.',
  },
  remedy: {
    lock: 'one mutex over the Plugin',
    write: 'the input',
    read: 'the output',
    pool: 'call NewCompiledPlugin once and keep plugins of CompiledPlugin.Instance in a pool, or use the Pool of the Rust SDK',
    reserve: () => undefined,
  },
  detection: {
    goModule: /github\.com\/extism\/(go-sdk|extism|go-pdk)(\/.*)?/,
    crate: /extism(-pdk|-manifest)?/,
    npmPackage: /@extism\/.+/,
    header: /(?:.*\/)?extism\.h/,
    layer: 2,
  },
  template: {
    language: 'go',
    runtime: 'wazero',
    note: "Extism's Go SDK runs on wazero, which is what this code uses. A plugin that imports extism:host/env needs the SDK's CompiledPlugin.Instance in place of InstantiateModule; pool and lock around it stay as they are.",
  },
  notes: {
    otherwise: { text: 'A plugin must not be used by two callers at once.', sources: [GO_SDK_PAGE] },
    'active-segment-shared-memory': NO_SHARED_MEMORY,
    'memory-read': NO_SHARED_MEMORY,
    'memory-write': NO_SHARED_MEMORY,
    'mixed-atomics': NO_SHARED_MEMORY,
    'static-memory-write': NO_SHARED_MEMORY,
    'host-call': { text: 'Host functions are shared by all instances of a compiled plugin.', sources: [GO_SDK_PAGE] },
    'ref-func': { text: 'The rule is not used: a call has its instance to itself.', sources: [GO_SDK_PAGE] },
  },
};

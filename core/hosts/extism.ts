/** Extism: plugins over wazero (Go SDK) or Wasmtime (Rust and the SDKs made from it). */
import { message } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const GO_SDK = 'https://pkg.go.dev/github.com/extism/go-sdk#NewPlugin';

const GO_SDK_PAGE = { label: 'go-sdk', url: 'https://pkg.go.dev/github.com/extism/go-sdk#NewPlugin' };
const NO_SHARED_MEMORY: HostNote = {
  text: 'Does not apply: plugins share no memory.',
  sources: [{ label: 'extism::Pool', url: 'https://docs.rs/extism/latest/extism/struct.Pool.html' }],
};

/** A plugin has one caller at a time, so `isolated` is the only model. Generated code is Go for wazero. */
export const extism: HostProfile = {
  id: 'extism',
  label: 'Extism',
  models: ['isolated'],
  defaultModel: () => 'isolated',
  stance: {
    'shared-instance': {
      status: 'forbidden',
      text: message(
        'A Plugin is not thread-safe: each concurrent caller needs its own instance of the compiled plugin.',
      ),
      // NewPlugin: "Plugins are not thread-safe."
      source: GO_SDK,
    },
    'shared-memory': {
      status: 'unavailable',
      text: message(
        'Plugins exchange data with the host through a memory of the Extism kernel; no SDK runs several plugin instances on one shared memory.',
      ),
      source: 'https://extism.org/docs/concepts/memory',
    },
    isolated: {
      status: 'allowed',
      text: message(
        'CompiledPlugin.Instance in Go and Pool in Rust give each caller its own plugin; host functions are still shared.',
      ),
      source: 'https://docs.rs/extism/latest/extism/struct.Pool.html',
    },
    cooperative: {
      status: 'forbidden',
      text: message(
        'A host function must not call the plugin that called it: the Rust SDK and those made from it return an error (older versions waited for ever), and elsewhere the inner call overwrites the input and output of the outer one.',
      ),
      source: 'https://github.com/extism/extism/pull/836',
    },
  },
  growMovesMemory: true,
  growText: message(
    'If two callers use a plugin concurrently, its memory grows as in the underlying runtime: in the Go SDK, wazero moves the buffer without a lock.',
  ),
  importsShared: false,
  hostHazards: {
    'overlapping-calls': {
      name: message('two calls of one plugin at the same time'),
      text: message(
        'A Plugin is not thread-safe: a call resets and fills the input, output and error of the plugin, which concurrent calls share. The Rust SDK and those made from it take a lock; the Go SDK takes none.',
      ),
      sources: [GO_SDK_PAGE],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message(
      'Call NewCompiledPlugin once and CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: even a pure export must not run concurrently on one Plugin.',
    ),
    'reads-only': message('Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool.'),
    stateful: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool for the whole sequence of calls. Variables of a plugin belong to its instance: keep shared state in host functions.',
    ),
    grows: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool, and limit its memory with MaxPages in the manifest.',
    ),
    stack: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: every instance has its own stack pointer.',
    ),
    synchronised: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: atomics have no effect beyond one instance.',
    ),
    'host-dependent': message(
      'Make host functions safe for concurrent use: all instances of a compiled plugin share them.',
    ),
    table: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: tables belong to the instance.',
    ),
    segment: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool: segments belong to the instance.',
    ),
    unknown: message(
      'Call CompiledPlugin.Instance per goroutine, or take a plugin from a Pool, and check which state the host functions share.',
    ),
  },
  remedy: {
    lock: message('one mutex over the Plugin'),
    write: message('the input'),
    read: message('the output'),
    pool: message(
      'call NewCompiledPlugin once and keep plugins of CompiledPlugin.Instance in a pool, or use the Pool of the Rust SDK',
    ),
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
    note: message(
      "Extism's Go SDK runs on wazero, so this code uses wazero. For a plugin that imports extism:host/env, replace InstantiateModule with the SDK's CompiledPlugin.Instance; the pool and the lock stay the same.",
    ),
  },
  notes: {
    otherwise: { text: 'Two callers must not use a plugin concurrently.', sources: [GO_SDK_PAGE] },
    'active-segment-shared-memory': {
      text: 'Reported for a module that imports a shared memory, although no SDK runs several plugins on one.',
      sources: NO_SHARED_MEMORY.sources,
    },
    'start-writes-shared-memory': {
      text: 'Reported for a module that imports a shared memory, although no SDK runs several plugins on one.',
      sources: NO_SHARED_MEMORY.sources,
    },
    'memory-read': NO_SHARED_MEMORY,
    'memory-write': NO_SHARED_MEMORY,
    'mixed-atomics': NO_SHARED_MEMORY,
    'static-memory-write': NO_SHARED_MEMORY,
    'host-call': { text: 'All instances of a compiled plugin share its host functions.', sources: [GO_SDK_PAGE] },
    'ref-func': { text: 'Does not apply: a call has exclusive use of its instance.', sources: [GO_SDK_PAGE] },
  },
};

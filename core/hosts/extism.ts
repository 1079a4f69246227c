/** Extism: plugins over wazero (Go SDK) or Wasmtime (Rust and the SDKs made from it). */
import type { HostProfile } from './profile.ts';

const GO_SDK = 'https://pkg.go.dev/github.com/extism/go-sdk#NewPlugin';

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
};

/**
 * wazero, the Go runtime this project starts from. The rules are those of `api/wasm.go` and of the
 * issues named below; "measured" means concurrent runs of v1.9 and later (Go 1.23, amd64), both on
 * the interpreter and on the compiler.
 */
import type { HostProfile } from './profile.ts';

export const wazero: HostProfile = {
  id: 'wazero',
  label: 'wazero (Go)',
  models: ['shared-instance', 'isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'shared-instance'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      text: 'Goroutines with a function object each may call one instance, but nothing guards its memory, globals and tables, and one function object must never run two calls at once.',
      // "Call is not goroutine-safe" (api/wasm.go, api.Function); #2217 shows the race inside MemoryInstance.Grow,
      // #1755 removed the mutexes of memories and tables.
      source: 'https://github.com/wazero/wazero/issues/2217',
    },
    'shared-memory': {
      status: 'allowed',
      text: 'With experimental.CoreFeaturesThreads, instances in several goroutines may import one shared memory; its growth is locked and never moves it.',
      source: 'https://github.com/wazero/wazero/pull/2279',
    },
    isolated: {
      status: 'allowed',
      text: 'Runtime and CompiledModule may be used by many goroutines, each with an instance of its own; host functions, file systems and output writers are still shared.',
      source: 'https://github.com/wazero/wazero/issues/2083',
    },
  },
  growMovesMemory: true,
  // internal/wasm/memory.go: Grow reads the length, appends to the buffer and replaces the slice.
  growText:
    'A concurrent grow replaces base and length of the buffer one after the other: stores are lost in the old buffer, and others can land outside the guest memory, in the Go heap.',
  // Instances of one runtime resolve an import module to one and the same instance.
  importsShared: true,
  refFuncUnsafe: true,
  segmentDropCrashes: true,
  advice: {
    pure: 'Give each goroutine its own function object with mod.ExportedFunction, as one must never run two calls: calls of several may run at once on one instance.',
    'reads-only':
      'Give each goroutine its own function object with mod.ExportedFunction, and make sure that nothing writes or grows meanwhile: neither another export nor the host through Memory.Write.',
    stateful:
      'Call runtime.CompileModule once and InstantiateModule with WithName("") per goroutine or pool slot. If the state must be common, hold one sync.Mutex around the whole protocol of malloc, Memory().Write, Call, Memory().Read and free.',
    grows:
      'Use an instance per goroutine, or hold one sync.Mutex around every call into the instance, its readers included. WithMemoryCapacityFromMax(true) stops the buffer from moving, but growth steps can still be lost.',
    stack:
      'Use an instance per goroutine: InstantiateModule with WithName("") gives each its own stack pointer. On one instance, hold a sync.Mutex around every call, also of exports that look independent.',
    synchronised:
      'Enable experimental.CoreFeaturesThreads and let each goroutine use its own function object. A separate atomic load and store is still not one step: stress it before you rely on it.',
    'host-dependent':
      'Make the imported Go functions safe for concurrent use, and give every instance its own stdout, stderr, random source and file system through ModuleConfig.',
    table:
      'Fill tables before the first concurrent call and treat them as constant, or hold one sync.Mutex around every call that reads or writes the table.',
    segment:
      'Apply and drop passive segments once, before the instance is handed to a second goroutine: a drop that meets an init crashes the process.',
    unknown:
      'Treat the export as writing everything: use an instance per goroutine, or one sync.Mutex around every call into the instance.',
  },
};

/**
 * wazero, the Go runtime this project starts from. The rules are those of `api/wasm.go` and of the
 * issues named below; "measured" means concurrent runs of v1.9 and later (Go 1.23, amd64), both on
 * the interpreter and on the compiler.
 */
import type { HostProfile } from './profile.ts';

const GROW_RACE = { label: 'wazero#2217', url: 'https://github.com/wazero/wazero/issues/2217' };
const MEMORY_GO = {
  label: 'internal/wasm/memory.go',
  url: 'https://github.com/wazero/wazero/blob/main/internal/wasm/memory.go',
};
const NO_MUTEX = { label: 'wazero#1755', url: 'https://github.com/wazero/wazero/pull/1755' };
const MEASURED = 'v1.9, Go 1.23, amd64';

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
  // The default source of randomness is read without a lock.
  unguardedWasi: ['random_get'],
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
  remedy: {
    lock: 'one sync.Mutex',
    write: 'Memory().Write',
    read: 'Memory().Read',
    pool: 'call runtime.CompileModule once and InstantiateModule with WithName("") for each slot of a pool',
    // config.go of wazero, WithMemoryCapacityFromMax and WithMemoryLimitPages; that growth steps are lost was measured.
    reserve: (bounded) =>
      `WithMemoryCapacityFromMax(true) reserves ${bounded ? 'the declared maximum' : 'what WithMemoryLimitPages allows, 4 GiB by default,'} so that growth moves nothing, but growth steps of two callers can still be lost.`,
  },
  detection: { goModule: /github\.com\/(tetratelabs|wazero)\/wazero(\/.*)?/ },
  template: { language: 'go', runtime: 'wazero', note: undefined },
  notes: {
    otherwise: { text: 'Nothing guards the state of an instance that several goroutines call.', sources: [GROW_RACE] },
    'active-segment-shared-memory': {
      text: 'Instantiation copies active segments into an imported memory as the core specification says.',
      sources: [
        { label: 'instantiation', url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation' },
      ],
    },
    'global-read': {
      text: 'One word is read whole: old or new value. A v128 global is two words and can tear.',
      measured: MEASURED,
      sources: [],
    },
    'global-write': {
      text: 'Globals of one instance are plain words in memory: lost updates and duplicate blocks of allocators were seen. A v128 global is two words and can tear.',
      measured: MEASURED,
      sources: [GROW_RACE],
    },
    'growable-memory': {
      text: '`Memory().Grow` of the host is as unguarded as the instruction; views from `Memory().Read` must be taken again afterwards.',
      sources: [{ label: 'api/wasm.go', url: 'https://github.com/wazero/wazero/blob/main/api/wasm.go' }, MEMORY_GO],
    },
    'host-call': {
      text: 'Host functions of one module builder serve all instances. WASI clocks, environment and discarding writers were safe; `random_get` with the default source panicked.',
      measured: MEASURED,
      sources: [{ label: 'wazero#2083', url: 'https://github.com/wazero/wazero/issues/2083' }],
    },
    'memory-grow': {
      text: '`Grow` reads the length, appends to the buffer and replaces the slice without a lock. Lost stores, spurious traps and stores into the Go heap were seen.',
      measured: MEASURED,
      sources: [MEMORY_GO, GROW_RACE],
    },
    'memory-read': {
      text: 'An aligned 32-bit word was read whole in every run; regions and 64-bit values were seen half-updated.',
      measured: MEASURED,
      sources: [],
    },
    'memory-write': {
      text: 'Stores at different addresses were safe in every run, overlapping ones lost updates. The allocator that hands out the buffers is usually not safe itself.',
      measured: MEASURED,
      sources: [NO_MUTEX],
    },
    'mixed-atomics': {
      text: 'Atomics order each other, not the plain accesses beside them. The interpreter guards atomics by one mutex that plain accesses do not take.',
      sources: [MEMORY_GO],
    },
    'ref-func': {
      text: "The compiler's `FunctionInstanceReference` appends to `localFunctionInstances` without a lock. Go heap corruption in 6 of 40 processes; the race detector sees nothing in compiled code.",
      measured: MEASURED,
      sources: [
        {
          label: 'wazevo/module_engine.go',
          url: 'https://github.com/wazero/wazero/blob/main/internal/engine/wazevo/module_engine.go',
        },
      ],
    },
    'segment-drop': {
      text: 'A drop sets the slice of the segment to nil without a lock while the copy reads it: the process crashed in `memmove` in 12 of 12 runs.',
      measured: MEASURED,
      sources: [],
    },
    'stack-pointer': {
      text: 'Overlapping frames and later traps were seen.',
      measured: MEASURED,
      sources: [GROW_RACE],
    },
    'static-memory-write': {
      text: 'Lost updates, mixed regions and torn 64-bit values were seen. Stores at neighbouring bytes do not disturb each other.',
      measured: MEASURED,
      sources: [NO_MUTEX],
    },
    'table-read': {
      text: 'A slot is one word: the old or the new function was called, never a mixture. Growth replaces the slice without a lock.',
      measured: MEASURED,
      sources: [NO_MUTEX],
    },
    'table-write': {
      text: 'Tables have no lock; lost slots and duplicate indices were seen.',
      measured: MEASURED,
      sources: [NO_MUTEX],
    },
    'unknown-code': {
      text: "Instances may import each other's tables, and functions in them bring the state of their own instance along.",
      sources: [{ label: 'tables', url: 'https://webassembly.github.io/spec/core/exec/runtime.html#table-instances' }],
    },
  },
};

/**
 * wazero, the Go runtime this project starts from. The rules are those of `api/wasm.go` and of the
 * issues named below; "measured" means concurrent runs of v1.9 and later (Go 1.23, amd64), both on
 * the interpreter and on the compiler.
 */
import { message, t } from '../text/l10n.ts';
import type { HostProfile } from './profile.ts';

const GROW_RACE = { label: 'wazero#2217', url: 'https://github.com/wazero/wazero/issues/2217' };
const MEMORY_GO = {
  label: 'internal/wasm/memory.go',
  url: 'https://github.com/wazero/wazero/blob/main/internal/wasm/memory.go',
};
const TABLE_GO = {
  label: 'internal/wasm/table.go',
  url: 'https://github.com/wazero/wazero/blob/main/internal/wasm/table.go',
};
const REF_FUNC_GO = {
  label: 'wazevo/module_engine.go',
  url: 'https://github.com/wazero/wazero/blob/main/internal/engine/wazevo/module_engine.go',
};
const NO_MUTEX = { label: 'wazero#1755', url: 'https://github.com/wazero/wazero/pull/1755' };
const MEASURED = 'v1.9, Go 1.23, amd64';

/** The profile with the most hazards to the host itself: one of each `HostHazardKind`. Generated code is Go. */
export const wazero: HostProfile = {
  id: 'wazero',
  label: 'wazero (Go)',
  models: ['shared-instance', 'isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'shared-instance'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      text: message(
        'Goroutines may call one instance concurrently if each uses its own function object, but nothing synchronises access to memory, globals and tables, and a function object must not run two calls at the same time.',
      ),
      // "Call is not goroutine-safe" (api/wasm.go, api.Function); #2217 shows the race inside MemoryInstance.Grow,
      // #1755 removed the mutexes of memories and tables.
      source: 'https://github.com/wazero/wazero/issues/2217',
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'With experimental.CoreFeaturesThreads, instances in several goroutines may import one shared memory; growth takes a lock and never moves the memory.',
      ),
      source: 'https://github.com/wazero/wazero/pull/2279',
    },
    isolated: {
      status: 'allowed',
      text: message(
        'Goroutines may share a Runtime and a CompiledModule if each has its own instance; host functions, file systems and output writers are still shared.',
      ),
      source: 'https://github.com/wazero/wazero/issues/2083',
    },
    cooperative: {
      status: 'unguarded',
      text: message(
        'Nothing suspends a call, but a host function gets the module that called it and may call its exports before it returns.',
      ),
      source: 'https://pkg.go.dev/github.com/tetratelabs/wazero/api#GoModuleFunction',
    },
  },
  growMovesMemory: true,
  // internal/wasm/memory.go: Grow reads the length, appends to the buffer and replaces the slice.
  growText: message(
    'A concurrent grow replaces the base and the length of the buffer in separate steps: stores to the old buffer are lost, and others can land outside the guest memory, in the Go heap.',
  ),
  // Instances of one runtime resolve an import module to one and the same instance.
  importsShared: true,
  hostHazards: {
    'memory-growth': {
      name: message('growth of a memory during an access to it'),
      // internal/wasm/memory.go, Grow; compiled code loads the base and the length one after the other.
      text: message(
        'wazero replaces the pointer and the length of the buffer without a lock, and an access in another goroutine reads them one after the other. It can write into the Go heap outside the memory of the guest.',
      ),
      measured: MEASURED,
      sources: [MEMORY_GO, GROW_RACE],
    },
    'table-growth': {
      name: message('growth of a table during an access to it'),
      // internal/wasm/table.go, Grow appends to the slice of references.
      text: message(
        'wazero replaces the pointer and the length of the table without a lock, and an access in another goroutine reads them one after the other. It can read or write the Go heap outside the table.',
      ),
      sources: [TABLE_GO, NO_MUTEX],
    },
    'segment-drop': {
      name: message('drop of a segment beside a copy from it'),
      text: message(
        'wazero sets the pointer and the length of the segment to nil without a lock while a copy in another goroutine reads them one after the other. The process crashes.',
      ),
      measured: MEASURED,
      sources: [],
    },
    'ref-func': {
      name: message('ref.func in two concurrent calls'),
      text: message(
        "wazero's compiler appends to a list of the instance without a lock. The Go heap can be corrupted.",
      ),
      measured: MEASURED,
      sources: [REF_FUNC_GO],
    },
  },
  // The default source of randomness is read without a lock.
  unguardedWasi: ['random_get'],
  advice: {
    pure: message(
      'Call mod.ExportedFunction in each goroutine: calls of different function objects may run concurrently on one instance, but one function object must not run two calls at the same time.',
    ),
    'reads-only': message(
      'Call mod.ExportedFunction in each goroutine to get its own function object, and make sure that nothing writes or grows the memory at the same time, neither another export nor the host through Memory.Write.',
    ),
    stateful: message(
      'Call runtime.CompileModule once and InstantiateModule with WithName("") per goroutine or pool slot. If callers must share the state, hold one sync.Mutex for the whole sequence of malloc, Memory().Write, Call, Memory().Read and free.',
    ),
    grows: message(
      'Use an instance per goroutine, or hold one sync.Mutex for every call into the instance, including calls that only read. WithMemoryCapacityFromMax(true) stops the buffer from moving, but growth steps can still be lost.',
    ),
    stack: message(
      'Use an instance per goroutine: InstantiateModule with WithName("") gives each its own stack pointer. On one instance, hold one sync.Mutex for every call, even of exports that look independent.',
    ),
    synchronised: message(
      'Enable experimental.CoreFeaturesThreads and let each goroutine use its own function object. An atomic load followed by an atomic store is still two steps: run a stress test before you rely on it.',
    ),
    'host-dependent': message(
      'Make the imported Go functions safe for concurrent use, and give every instance its own stdout, stderr, random source and file system through ModuleConfig.',
    ),
    table: message(
      'Fill tables before the first concurrent call and treat them as constant, or hold one sync.Mutex for every call that reads or writes the table.',
    ),
    segment: message(
      'Apply and drop passive segments once, before a second goroutine gets the instance: a drop during an init crashes the process.',
    ),
    unknown: message(
      'Assume that the export writes everything: use an instance per goroutine, or hold one sync.Mutex for every call into the instance.',
    ),
  },
  remedy: {
    lock: message('one sync.Mutex'),
    write: 'Memory().Write',
    read: 'Memory().Read',
    pool: message('call runtime.CompileModule once and InstantiateModule with WithName("") for each slot of a pool'),
    functionObjects: true,
    // config.go of wazero, WithMemoryCapacityFromMax and WithMemoryLimitPages; that growth steps are lost was measured.
    reserve: (bounded) =>
      bounded
        ? t(
            'WithMemoryCapacityFromMax(true) reserves the declared maximum so that growth never moves the memory, but concurrent growth can still lose steps.',
          )
        : t(
            'WithMemoryCapacityFromMax(true) reserves what WithMemoryLimitPages allows, 4 GiB by default, so that growth never moves the memory, but concurrent growth can still lose steps.',
          ),
  },
  detection: { goModule: /github\.com\/(tetratelabs|wazero)\/wazero(\/.*)?/ },
  template: { language: 'go', runtime: 'wazero', note: undefined },
  notes: {
    otherwise: { text: 'Nothing synchronises goroutines that call one instance.', sources: [GROW_RACE] },
    'active-segment-shared-memory': {
      text: 'Instantiation copies active segments into an imported memory, as the core specification requires.',
      sources: [
        { label: 'instantiation', url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation' },
      ],
    },
    'start-writes-shared-memory': {
      text: 'Instantiation runs the start function, as the core specification requires, and then the exports that ModuleConfig.WithStartFunctions names, `_start` unless given.',
      sources: [
        { label: 'instantiation', url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation' },
      ],
    },
    'global-read': {
      text: 'A single word is read whole, as the old or the new value. A v128 global is two words and can tear.',
      measured: MEASURED,
      sources: [],
    },
    'global-write': {
      text: 'Globals of one instance are plain words in memory: lost updates and duplicate blocks of allocators were seen. A v128 global is two words and can tear.',
      measured: MEASURED,
      sources: [GROW_RACE],
    },
    'growable-memory': {
      text: "The host's `Memory().Grow` takes no lock either; take views from `Memory().Read` again afterwards.",
      sources: [{ label: 'api/wasm.go', url: 'https://github.com/wazero/wazero/blob/main/api/wasm.go' }, MEMORY_GO],
    },
    'host-call': {
      text: 'Host functions of one module builder serve all instances. Concurrent use of WASI clocks, environment and discarding writers showed no problem; `random_get` with the default source panicked.',
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
      text: 'Stores at different addresses were correct in every run; overlapping ones lost updates. The allocator that returns the buffers is usually not thread-safe itself.',
      measured: MEASURED,
      sources: [NO_MUTEX],
    },
    'mixed-atomics': {
      text: 'Atomics order each other, not plain accesses. The interpreter protects atomics with one mutex that plain accesses do not take.',
      sources: [MEMORY_GO],
    },
    'ref-func': {
      text: "The compiler's `FunctionInstanceReference` appends to `localFunctionInstances` without a lock. The Go heap was corrupted in 6 of 40 processes; the race detector does not see compiled code.",
      measured: MEASURED,
      sources: [REF_FUNC_GO],
    },
    'segment-drop': {
      text: 'A drop sets the slice of the segment to nil without a lock while the copy reads it; the process crashed in `memmove` in 12 of 12 runs.',
      measured: MEASURED,
      sources: [],
    },
    'stack-pointer': {
      text: 'Overlapping frames and later traps were seen.',
      measured: MEASURED,
      sources: [GROW_RACE],
    },
    'static-memory-write': {
      text: 'Lost updates, mixed regions and torn 64-bit values were seen. Stores to adjacent bytes do not affect each other.',
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
      text: "Instances may import each other's tables, and the functions in them use the state of their own instance.",
      sources: [{ label: 'tables', url: 'https://webassembly.github.io/spec/core/exec/runtime.html#table-instances' }],
    },
  },
};

/**
 * WasmEdge. Since 0.10 its contexts may be used by many threads, which guards the structures of the runtime, not the
 * data of the guest: calls into one VM run at the same time, on one memory, without a lock.
 *
 * Sources: "This function is thread-safe" of WasmEdge_VMExecute
 * (https://second-state.github.io/wasmedge-async-rust-sdk/wasmedge_sys/ffi/fn.WasmEdge_VMExecute.html),
 * the change that made it so (https://github.com/WasmEdge/WasmEdge/pull/1014), growth of a memory
 * (https://github.com/WasmEdge/WasmEdge/blob/master/include/runtime/instance/memory.h, growPage), and the advice to the
 * users of Rust (https://github.com/WasmEdge/wasmedge-rust-sdk/issues/89).
 */
import { message } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const EXECUTE = {
  label: 'WasmEdge_VMExecute',
  url: 'https://second-state.github.io/wasmedge-async-rust-sdk/wasmedge_sys/ffi/fn.WasmEdge_VMExecute.html',
};
const MEMORY_H = {
  label: 'memory.h',
  url: 'https://github.com/WasmEdge/WasmEdge/blob/master/include/runtime/instance/memory.h',
};
const ONE_VM_EACH = { label: 'wasmedge-rust-sdk#89', url: 'https://github.com/WasmEdge/wasmedge-rust-sdk/issues/89' };
const PLAIN_ACCESSES: HostNote = {
  text: 'Loads and stores are plain copies from and to the memory; nothing orders those of concurrent calls.',
  sources: [MEMORY_H],
};

/** Unless a memory is shared, callers share one instance by default, and nothing guards it. There is no template. */
export const wasmedge: HostProfile = {
  id: 'wasmedge',
  label: 'WasmEdge',
  models: ['shared-instance', 'isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'shared-instance'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      text: message(
        'Threads may call into one VM concurrently because WasmEdge_VMExecute is thread-safe, but nothing synchronises access to memory, globals and tables of the guest.',
      ),
      source: EXECUTE.url,
    },
    'shared-memory': {
      status: 'unguarded',
      text: message(
        'The threads proposal gives modules shared memories and atomics; the embedder creates the threads and the instances, and growth takes no lock.',
      ),
      source: MEMORY_H.url,
    },
    isolated: {
      status: 'allowed',
      text: message('With a VM per caller, callers share only the state of host modules.'),
      source: ONE_VM_EACH.url,
    },
    cooperative: {
      status: 'unguarded',
      text: message(
        'A host function gets the calling frame, and with it the executor and the instance, and may call exports before it returns.',
      ),
      source: 'https://wasmedge.org/docs/embed/c/reference/latest/',
    },
  },
  growMovesMemory: true,
  growText: message(
    'A grow replaces the pointer to the memory and then its size, both without a lock: other callers can still use the old values.',
  ),
  importsShared: false,
  hostHazards: {},
  unguardedWasi: [],
  advice: {
    pure: message(
      'Call it from any thread on one VM: WasmEdge_VMExecute is thread-safe, and the analysis found no shared state in this export.',
    ),
    'reads-only': message(
      'Call it from any thread on one VM, and make sure that nothing writes or grows the memory at the same time, neither another export nor the host through the memory instance.',
    ),
    stateful: message(
      'Use a VM per thread or pool slot if callers need not share state. Otherwise, hold one mutex for the whole sequence, from the allocation to the last read of the memory.',
    ),
    grows: message(
      'Use a VM per thread, or hold one mutex for every call into the VM, including calls that only read, and get pointers into the memory again after each call.',
    ),
    stack: message(
      'Use a VM per thread: every instance has its own stack pointer. On one VM, hold one mutex for every call, even of exports that look independent.',
    ),
    synchronised: message(
      'Enable WasmEdge_Proposal_Threads. An atomic load followed by an atomic store is still two steps: run a stress test before you rely on it.',
    ),
    'host-dependent': message(
      'Make host functions safe for concurrent use, and give each VM its own host modules if they have state.',
    ),
    table: message(
      'Fill tables before the first concurrent call and treat them as constant, or hold one mutex for every call that reads or writes the table.',
    ),
    segment: message('Apply and drop passive segments once, before a second thread calls into the VM.'),
    unknown: message(
      'Assume that the export writes everything: use a VM per thread, or hold one mutex for every call into the VM.',
    ),
  },
  remedy: {
    lock: message('one mutex over the VM'),
    write: message('the write into its memory'),
    read: message('the read of its memory'),
    pool: message('keep VMs in a pool, each with its own instance of the module and its own host modules'),
    reserve: () => undefined,
  },
  detection: {
    goModule: /github\.com\/second-state\/WasmEdge-go(\/.*)?/,
    crate: /wasmedge-(sdk|sys|types)/,
    header: /(?:.*\/)?wasmedge\/wasmedge\.h/,
    cmake: { word: /\bwasmedge\b/i, shown: 'WasmEdge' },
  },
  template: { refusal: message('There is no template for WasmEdge.') },
  notes: {
    otherwise: {
      text: 'Calls into one VM may run concurrently; nothing synchronises access to the instance that they share.',
      sources: [EXECUTE],
    },
    'growable-memory': {
      text: 'The host grows the memory with the same `growPage` as the instruction, without a lock.',
      sources: [MEMORY_H],
    },
    'host-call': {
      text: 'Calls often change the state of host modules; a host module that is reused must allow for that.',
      sources: [ONE_VM_EACH],
    },
    'memory-grow': {
      text: '`growPage` stores the new pointer and then the new size, both with plain stores.',
      sources: [MEMORY_H],
    },
    'memory-read': PLAIN_ACCESSES,
    'memory-write': PLAIN_ACCESSES,
    'static-memory-write': PLAIN_ACCESSES,
    'ref-func': { text: 'Does not apply: no such problem is known.', sources: [EXECUTE] },
  },
};

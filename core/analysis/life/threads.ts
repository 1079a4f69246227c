/**
 * What the instance of a new thread needs over a memory that instances share: thread-local storage, a stack, an identity.
 * Sources: LLVM's lld/wasm/Writer.cpp (`__wasm_init_tls`, `__tls_size`, `__tls_align`), wasi-threads and wasi-libc
 * (`wasi_thread_start`), Emscripten's system/lib/pthread (`_emscripten_tls_init`, `_emscripten_thread_init`).
 */
import { t } from '../../text/l10n.ts';
import { constantValue } from '../../wasm/constantValue.ts';
import { globalName } from '../../wasm/displayNames.ts';
import { I32 } from '../../wasm/types.ts';
import { allocatorOf } from '../allocator.ts';
import type { LifeExport, LifeInput, LifeStep } from './lifeModel.ts';

/** Steps for each instance after the first, and what nobody can give. */
export interface ThreadLife {
  steps: LifeStep[];
  missing: string[];
}

/** Name of the block for thread-local storage in the steps. */
const BLOCK = 'life_tls';
/** Alignment that allocators give. */
const ALLOCATED = 8;

/** Nothing for a module whose instances have no memory in common. */
export function threadLife(input: LifeInput): ThreadLife {
  const { module, analysis, find } = input;
  const steps: LifeStep[] = [];
  const missing: string[] = [];
  if (!module.memories.some(({ imported, limits }) => imported && limits.shared)) return { steps, missing };
  const own = find('_emscripten_tls_init') ?? find('__emscripten_tls_init');
  const storage = find('__wasm_init_tls');
  if (own !== undefined && own.params.length === 0)
    steps.push({
      call: own.name,
      args: [],
      per: 'thread',
      why: t('each thread needs thread-local storage of its own, for which it allocates a block'),
      sure: 'named',
    });
  else if (storage !== undefined && takesAddress(storage)) giveStorage(input, storage, steps, missing);
  if (analysis.stackPointer >= 0) {
    const problem = stackProblem(input);
    if (problem !== undefined) missing.push(problem);
  }
  if (find('_emscripten_thread_init') !== undefined || find('__emscripten_thread_init') !== undefined)
    missing.push(
      t(
        'An instance that the host makes by itself is no thread to the runtime of Emscripten: only `pthread_create` makes the structure that `_emscripten_thread_init` takes.',
      ),
    );
  return { steps, missing };
}

const takesAddress = ({ params }: LifeExport): boolean => params.length === 1 && params[0] === I32;

/** A block of the size that the linker has recorded, from the allocator that the module exports. */
function giveStorage(input: LifeInput, storage: LifeExport, steps: LifeStep[], missing: string[]): void {
  const { module, analysis } = input;
  const size = recorded(input, '__tls_size');
  if (size === 0) return;
  const { allocate } = allocatorOf(module, analysis);
  const allocator =
    input.find('malloc') ?? input.functions.find(({ name }) => name === analysis.exports[allocate]?.name);
  if (size === undefined || allocator === undefined || !takesAddress(allocator)) {
    missing.push(
      size === undefined
        ? t(
            'Instances need thread-local storage of their own (`{0}`), and the host cannot give it: the module does not export its size (wasm-ld --export=__tls_size).',
            storage.name,
          )
        : t(
            'Instances need thread-local storage of their own (`{0}`), and the host cannot give it: the module exports no function that allocates a block for it.',
            storage.name,
          ),
    );
    return;
  }
  const align = recorded(input, '__tls_align') ?? ALLOCATED;
  const why = t('each thread needs thread-local storage of its own, in a block of the size `__tls_size`');
  const more = align > ALLOCATED ? align : 0;
  steps.push(
    { call: allocator.name, args: [size + more], as: BLOCK, per: 'thread', why, sure: 'named' },
    {
      call: storage.name,
      args: [more === 0 ? `$${BLOCK}` : `($${BLOCK} + ${align - 1}) & ${(2 ** 32 - align).toString()}`],
      per: 'thread',
      why,
      sure: 'named',
    },
  );
}

/** Value of an exported constant. */
function recorded({ module }: LifeInput, name: string): number | undefined {
  const found = module.exports.find((one) => one.kind === 'global' && one.name === name);
  const init = found === undefined ? undefined : module.globals[found.index]?.init;
  return init === undefined ? undefined : constantValue(module, init);
}

/** Exports that set a stack pointer that the module does not export. */
const MOVERS = ['stackRestore', '_emscripten_stack_restore', '__wbindgen_start', '__set_stack_pointer'];

/** Why a host cannot give each instance a stack; undefined where it can, or the module does. */
function stackProblem({ module, analysis, find }: LifeInput): string | undefined {
  const pointer = analysis.stackPointer;
  const isOpen = [...module.exports, ...module.imports].some((one) => one.kind === 'global' && one.index === pointer);
  if (!isOpen && find('wasi_thread_start') !== undefined)
    return t(
      'A host cannot start a thread by itself: `wasi_thread_start` takes a block with a stack, which only `pthread_create` inside the module makes.',
    );
  if (isOpen || analysis.sharing.ownStacks || MOVERS.some((name) => find(name) !== undefined)) return undefined;
  return t(
    'No export lets the host give an instance a stack of its own: {0} is neither exported nor imported.',
    globalName(module, pointer),
  );
}

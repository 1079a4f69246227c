/**
 * Go: what an instance after the first needs for itself in a memory that instances share, as the recogniser of the
 * module's life says: a stack, and thread-local storage.
 */
import { allocatorOf } from '../../analysis/allocator.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import { goString } from '../../harmless/code.ts';
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { skipLocals } from '../../wasm/skip.ts';
import { hasSignature } from '../signature.ts';
import { type GivenStack, stackGiver } from '../threadLife.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type GoCode, goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { goFields, WAZERO } from './parts.ts';

/** A call that allocates a block for thread-local storage, and one that takes it. */
interface ThreadStorage {
  allocate: string;
  size: number;
  init: string;
  align: number;
  /** The first instance needs a block, too: the linker has placed none for it. */
  first: boolean;
}

/** What an instance gets. */
interface ThreadNeeds {
  stack: GivenStack | undefined;
  storage: ThreadStorage | undefined;
  /** Calls without arguments. */
  calls: readonly string[];
}

/** Undefined where instances have no memory in common, or need nothing in it. */
export function threadNeeds({ module, analysis, surface }: WrapInput): ThreadNeeds | undefined {
  if (!surface.commonMemory || surface.privateState) return undefined;
  const steps = lifeOf(module, analysis).steps.filter(({ per }) => per === 'thread');
  const block = steps.find(({ as }) => as !== undefined);
  const taker = steps.find(({ args }) => block !== undefined && String(args[0]).includes(`$${block.as}`));
  const size = Number(block?.args[0]);
  const storage =
    block === undefined || taker === undefined || !Number.isSafeInteger(size)
      ? undefined
      : {
          allocate: block.call,
          size,
          init: taker.call,
          align: alignment(String(taker.args[0])),
          first: !startSetsStorage(module, taker.call),
        };
  const calls = steps.filter((one) => one !== block && one !== taker && one.args.length === 0).map(({ call }) => call);
  const stack = stackGiver(module, analysis.stackPointer);
  return storage === undefined && stack === undefined && calls.length === 0 ? undefined : { stack, storage, calls };
}

/** What the instances of a pool get, and what nobody can give them: sentences for the top of the code. */
export function threadAdvice(input: WrapInput): string[] {
  const { stack, storage } = threadNeeds(input) ?? {};
  const given = [
    ...(stack === undefined ? [] : ['stack']),
    ...(storage === undefined ? [] : ['thread-local storage']),
  ].map((what) => `${what} of its own`);
  return [
    ...(given.length === 0
      ? []
      : [
          `Each instance after the first gets a ${given.join(' and ')}. The constructor allocates this in the common memory, before other instances exist, and an instance that takes the place of another one takes over its part.`,
        ]),
    ...lifeOf(input.module, input.analysis).missing,
  ];
}

/**
 * Whether the start function also sets the variable with the address of thread-local storage. Since LLVM 15,
 * `__wasm_init_memory` of wasm-ld does so in the instance that initialises the memory.
 */
function startSetsStorage(module: Module, init: string): boolean {
  const func = module.exports.find(({ kind, name }) => kind === 'func' && name === init)?.index;
  if (func === undefined || module.start === undefined) return false;
  const own = assignedGlobals(module, func);
  return assignedGlobals(module, module.start.func).some((global) => own.includes(global));
}

/** Globals that a function sets itself. */
function assignedGlobals(module: Module, func: number): number[] {
  const d = func - module.functions.imported;
  if (d < 0) return [];
  const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
  const found: number[] = [];
  try {
    skipLocals(c);
    while (c.pos < module.functions.bodyEnd[d]) {
      const { id, values } = nextInstruction(c);
      if (id === Op.global_set) found.push(values[0]);
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return found;
}

/** Lines that give the first instance its storage; empty where it has some. */
export function firstStorage(needs: ThreadNeeds | undefined, names: GoNames): string {
  const { storage } = needs ?? {};
  if (storage === undefined || !storage.first) return '';
  const call = names.local('startCall');
  const { allocate, size, init, align } = storage;
  const address =
    align > 1 ? `(api.DecodeU32(results[0]) + ${align - 1}) &^ ${align - 1}` : 'api.DecodeU32(results[0])';
  return `		// The linker has placed no thread-local storage for the first instance.
		results, err := ${call}(ctx, mod, ${goString(allocate)}, ${size})
		if err != nil {
			return err
		}
		storage := ${address}
		if _, err := ${call}(ctx, mod, ${goString(init)}, api.EncodeU32(storage)); err != nil {
			return err
		}
`;
}

/** The alignment in `($block + 31) & 4294967264`. */
const alignment = (address: string): number => Number(/\+ (\d+)\)/.exec(address)?.[1] ?? 0) + 1;

/** Export that allocates a number of bytes. */
function allocatorName({ module, analysis }: WrapInput): string | undefined {
  const { allocate } = allocatorOf(module, analysis);
  const found = analysis.exports[allocate];
  return found !== undefined && hasSignature(module, found.func, 'i32', 'i32') ? found.name : undefined;
}

/** The type `thread`, what allocates one, and what gives it to a new instance. */
export function goThread(input: WrapInput, needs: ThreadNeeds, names: GoNames): GoCode {
  const thread = names.local('thread');
  const size = names.local('stackSize');
  const call = names.local('startCall');
  const { stack, storage, calls } = needs;
  const allocator = allocatorName(input);
  const fields = [
    ...(stack === undefined ? [] : [['stack', 'uint32'] as const]),
    ...(storage === undefined ? [] : [['storage', 'uint32'] as const]),
  ];
  const allocated = (
    field: string,
    name: string,
    bytes: string,
  ): string => `	results, err := ${call}(ctx, mod, ${goString(name)}, ${bytes})
	if err != nil {
		return t, err
	}
	if t.${field} = api.DecodeU32(results[0]); t.${field} == 0 {
		return t, errors.New("the module has no memory for another instance")
	}
`;
  const grown = `	pages, ok := mod.Memory().Grow(${size} >> 16)
	if !ok {
		return t, errors.New("the memory cannot grow by the stack of another instance")
	}
	t.stack = pages << 16
`;
  const gives = [
    ...(stack === undefined ? [] : [allocator === undefined ? grown : allocated('stack', allocator, size)]),
    ...(storage === undefined ? [] : [allocated('storage', storage.allocate, String(storage.size))]),
  ];
  const body = gives.map((one, i) => (i > 0 ? one.replace('results, err := ', 'results, err = ') : one));
  // The memory grows without a call, so the second part declares what the first has not.
  if (gives.length === 2 && gives[0] === grown) body[1] = gives[1];
  const top = `(t.stack + ${size}) &^ 15`;
  const sets: string[] = [];
  if (stack !== undefined && 'global' in stack)
    sets.push(`	pointer, ok := mod.ExportedGlobal(${goString(stack.global)}).(api.MutableGlobal)
	if !ok {
		return fmt.Errorf("%w: it exports no mutable global %q", ${names.error('WrongModule')}, ${goString(stack.global)})
	}
	// The stack grows downwards.
	top := ${top}
	pointer.Set(api.EncodeU32(top))
`);
  const made = (
    name: string,
    argument: string,
  ): string => `	if _, err := ${call}(ctx, mod, ${goString(name)}${argument}); err != nil {
		return err
	}
`;
  if (stack !== undefined && 'call' in stack)
    sets.push(`	// The stack grows downwards.\n	top := ${top}\n${made(stack.call, ', api.EncodeU32(top)')}`);
  if (storage !== undefined) {
    const { align } = storage;
    if (align > 1) sets.push(`	storage := (t.storage + ${align - 1}) &^ ${align - 1}\n`);
    sets.push(made(storage.init, `, api.EncodeU32(${align > 1 ? 'storage' : 't.storage'})`));
  }
  sets.push(...calls.map((name) => made(name, '')));
  const text = `
${stack === undefined ? '' : `${goDoc(`${size} is the size in bytes of the stack of each instance after the first, a multiple of 64 KiB.`)}\nconst ${size} = 1 << 16\n\n`}${goDoc(`${thread} is what an instance after the first has for itself in the memory that all instances share.`)}
type ${thread} struct {${fields.length === 0 ? '' : `\n${goFields(fields)}\n`}}

${goDoc(`${names.local('newThread')} allocates it through an instance that nobody else uses.`)}
func ${names.local('newThread')}(ctx context.Context, mod api.Module) (${thread}, error) {
	var t ${thread}
${body.join('')}	return t, nil
}

${goDoc('start gives it to a new instance, before all other calls.')}
func (t ${thread}) start(ctx context.Context, mod api.Module) error {
${sets.join('')}	return nil
}
`;
  return { text, imports: ['context', 'errors', 'fmt', `${WAZERO}/api`] };
}

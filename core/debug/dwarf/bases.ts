/** Values of globals that addresses of variables count from: the memory of a library, the block of a thread. */
import { constantValue } from '../../wasm/constantValue.ts';
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import type { ConstExpr, Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { skipLocals } from '../../wasm/skip.ts';

/** Name that the linker gives the global with the address of a thread's block. */
const THREAD_BASE = '__tls_base';

/** Name of the global with the address that a library is loaded at. */
const MEMORY_BASE = '__memory_base';

/** Name that it gives the block's initial values. */
const THREAD_DATA = '.tdata';

/** Most instructions of the start function that are looked at: what the linker writes is shorter. */
const MOST_INSTRUCTIONS = 5000;

export class AddressBases {
  readonly #module: Module;
  /** 0, or null for a library. */
  #memory: number | null | undefined;
  #threadBases: ReadonlySet<number> | undefined;
  /** Address of the block of the first thread; null if the module does not say. */
  #firstBlock: number | null | undefined;

  constructor(module: Module) {
    this.#module = module;
  }

  /**
   * What an address without a global counts from; undefined if it is known only when the module runs. A library is loaded
   * anywhere, and its debug information counts from the beginning of its data.
   */
  ofMemory(): number | undefined {
    if (this.#memory === undefined) {
      const isLibrary = this.#module.imports.some(({ kind, name }) => kind === 'global' && name === MEMORY_BASE);
      this.#memory = isLibrary ? null : 0;
    }
    return this.#memory ?? undefined;
  }

  /** The value of a global; undefined if it is known only when the module runs. */
  valueOf(index: number): number | undefined {
    const global = this.#module.globals[index];
    if (global?.init === undefined) return undefined;
    if (!global.mutable) return this.#constant(global.init);
    return this.isThreadBase(index) ? this.#firstThread() : undefined;
  }

  isThreadBase(index: number): boolean {
    return this.#bases().has(index);
  }

  /**
   * What the address of a variable of a thread counts from, in the first thread; undefined if it is known only when the
   * module runs. The linker gives absolute addresses to modules with one thread, and distances to others.
   */
  ofThread(address: number): number | undefined {
    if (this.ofMemory() === undefined) return undefined;
    const [base] = this.#bases();
    const global = base === undefined ? undefined : this.#module.globals[base];
    if (global === undefined) return this.#module.memories.some(({ limits }) => limits.shared) ? undefined : 0;
    if (global.mutable) return this.#firstThread();
    const start = global.init === undefined ? undefined : this.#constant(global.init);
    return start === undefined || address >= start ? 0 : start;
  }

  #bases(): ReadonlySet<number> {
    if (this.#threadBases !== undefined) return this.#threadBases;
    const { names, exports } = this.#module;
    const named = [...names.globals].flatMap(([index, name]) => (name === THREAD_BASE ? [index] : []));
    const exported = exports.flatMap(({ kind, index, name }) =>
      kind === 'global' && name === THREAD_BASE ? [index] : [],
    );
    this.#threadBases = new Set([...named, ...exported]);
    return this.#threadBases;
  }

  #firstThread(): number | undefined {
    this.#firstBlock ??= this.#dataOfThreads() ?? this.#setAtStart() ?? null;
    return this.#firstBlock ?? undefined;
  }

  /** Where the initial values are, which are the block of the first thread. */
  #dataOfThreads(): number | undefined {
    const { names, data } = this.#module;
    const [index] = [...names.data].find(([, name]) => name === THREAD_DATA) ?? [];
    const offset = index === undefined ? undefined : data[index]?.offsetExpr;
    return offset === undefined ? undefined : this.#constant(offset);
  }

  /** What the start function sets the global of the block to, where that is a constant. */
  #setAtStart(): number | undefined {
    const { start, functions, bytes } = this.#module;
    const body = start === undefined ? -1 : start.func - functions.imported;
    if (body < 0 || body >= functions.bodyStart.length) return undefined;
    try {
      const c = new Cursor(bytes, functions.bodyStart[body], functions.bodyEnd[body]);
      skipLocals(c);
      let constant: number | undefined;
      for (let left = MOST_INSTRUCTIONS; left > 0 && !c.atEnd(); left--) {
        const { id, values } = nextInstruction(c);
        if (id === Op.global_set && constant !== undefined && this.isThreadBase(values[0])) return constant >>> 0;
        constant = id === Op.i32_const ? values[0] : undefined;
      }
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
    }
    return undefined;
  }

  /** Undefined where the expression is broken, or not constant. */
  #constant(expression: ConstExpr): number | undefined {
    try {
      return constantValue(this.#module, expression);
    } catch (error) {
      if (error instanceof DecodeFailure) return undefined;
      throw error;
    }
  }
}

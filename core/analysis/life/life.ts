/**
 * The life of a module before its API works: what an embedder calls once in a memory or in each instance, in order, and
 * which exports are for that and no API. Read by everything that runs a module, plans runs of it, or writes code for it.
 * Sources: https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md (`_start`, `_initialize`),
 * LLVM's lld/wasm (`__wasm_call_ctors`, `__wasm_init_memory`, `__wasm_init_tls`), Emscripten's src/preamble.js
 * (`initRuntime`) and src/runtime_pthread.js, wasm-bindgen's crates/threads-xform (`__wbindgen_start`),
 * https://github.com/proxy-wasm/spec (`_initialize`, then `main`), the GHC user guide (`hs_init`).
 */

import { t } from '../../text/l10n.ts';
import { LanguageCache } from '../../text/languageCache.ts';
import { sourceName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { I32 } from '../../wasm/types.ts';
import type { Analysis } from '../model.ts';
import { isPlumbing } from '../plumbingNames.ts';
import { directCallers, isAddressTaken, isReachedFrom, reachesNothing, writesCommonMemory } from './callers.ts';
import { constructorsOf } from './constructors.ts';
import type { Life, LifeExport, LifeInput, LifePer, LifeStep } from './lifeModel.ts';
import { threadLife } from './threads.ts';

/** Entries of programs: what `_start` calls, exported beside it. */
const MAIN = /^(?:_{0,2}main|__main_(?:void|argc_argv)|__original_main)$/;

const known = new LanguageCache<Analysis, { module: Module; life: Life }>();

/**
 * What the module needs before its API works, by the names of its exports in the source where those are known. Reads the
 * analysis of any host and model; never throws.
 */
export function lifeOf(module: Module, analysis: Analysis): Life {
  const recognise = (): Life => recognised(inputOf(module, analysis));
  const found = known.get(analysis, () => ({ module, life: recognise() }));
  return found.module === module ? found.life : recognise();
}

/** Makes `lifeOf` answer with what was recognised in another thread. */
export function useLife(module: Module, analysis: Analysis, life: Life): void {
  known.set(analysis, { module, life });
}

function inputOf(module: Module, analysis: Analysis): LifeInput {
  const functions = module.exports.flatMap((exported): LifeExport[] => {
    const { kind, index, name, symbol } = exported;
    if (kind !== 'func') return [];
    const type = module.types[module.functions.typeIndex[index]]?.composite;
    if (type?.kind !== 'func') return [];
    return [{ name, symbol, source: sourceName(exported), func: index, params: type.params, results: type.results }];
  });
  const bySource = new Map(functions.map((one) => [one.source, one]));
  return { module, analysis, functions, find: (name) => bySource.get(name) };
}

function recognised(input: LifeInput): Life {
  const { module, analysis, functions } = input;
  const steps: LifeStep[] = [];
  const exports = new Set(
    functions.flatMap(({ name, source, func }) =>
      isPlumbing({ name: source }) || analysis.sharing.asyncifyFunctions.includes(func) ? [name] : [],
    ),
  );
  const add = (step: LifeStep): void => {
    steps.push(step);
    exports.add(step.call);
  };
  const constructors = constructorsOf(input);
  const entry = entryOf(input, exports, constructors?.name);
  for (const name of ['__wasm_init_memory', '__wasm_apply_data_relocs'] as const) {
    const found = plain(input.find(name));
    if (found !== undefined && !isCalledInside(input, found))
      add({
        call: found.name,
        args: [],
        per: name === '__wasm_init_memory' ? 'instance' : perOf(input, found.func),
        why:
          name === '__wasm_init_memory'
            ? t('it copies the initial data into memory')
            : t('it adjusts addresses in the initial data'),
        sure: 'named',
      });
  }
  const stack = plain(input.find('emscripten_stack_init') ?? input.find('_emscripten_stack_init'));
  if (stack !== undefined && !isCalledInside(input, stack))
    add({
      call: stack.name,
      args: [],
      per: 'instance',
      why: t('it tells the runtime of Emscripten where the stack lies'),
      sure: 'named',
    });
  if (constructors !== undefined) {
    exports.add(constructors.name);
    const isCalled =
      (entry !== undefined && isReachedFrom(input.analysis, entry.func, constructors.func)) ||
      isCalledInside(input, constructors);
    if (!isCalled && !reachesNothing(input.analysis, constructors.func))
      add({
        call: constructors.name,
        args: [],
        per: perOf(input, constructors.func),
        why: constructors.why,
        sure: constructors.sure,
      });
  }
  if (entry !== undefined) add({ call: entry.name, args: [], per: entry.per, why: entry.why, sure: 'named' });
  const bindgen = input.find('__wbindgen_start');
  if (bindgen !== undefined && bindgen.func !== module.start?.func && isOfIntegers(bindgen, 0))
    add({
      call: bindgen.name,
      // Zero is the default size of a thread's stack.
      args: bindgen.params.map(() => 0),
      per: 'instance',
      why: t('the JavaScript code of wasm-bindgen calls it in each instance'),
      sure: 'named',
    });
  for (const step of afterEntry(input, entry?.name)) add(step);
  const threads = threadLife(input);
  for (const step of threads.steps) {
    steps.push(step);
    if (step.as === undefined) exports.add(step.call);
  }
  const symbols = new Map(functions.map(({ name, symbol }) => [name, symbol]));
  return {
    steps: steps.map((step) => {
      const symbol = symbols.get(step.call);
      return symbol === undefined ? step : { ...step, symbol };
    }),
    exports,
    missing: threads.missing,
  };
}

/** A function without parameters and results; undefined for others. */
const plain = (found: LifeExport | undefined): LifeExport | undefined =>
  found !== undefined && found.params.length + found.results.length === 0 ? found : undefined;

/** Whether the module itself calls a function, or may do so through a table. */
const isCalledInside = ({ module, analysis }: LifeInput, { func }: LifeExport): boolean =>
  func === module.start?.func ||
  isAddressTaken(module, func) ||
  directCallers(analysis, new Set([func]))
    .get(func)
    ?.some((caller) => caller !== func) === true;

/** What a function writes to a memory that instances share is there for all of them; all else is for one instance. */
const perOf = ({ analysis }: LifeInput, func: number): LifePer =>
  writesCommonMemory(analysis, func) ? 'memory' : 'instance';

interface Entry {
  name: string;
  func: number;
  per: LifePer;
  why: string;
}

/** `_initialize` of a reactor, else `_start` of a command that exports an API, too. */
function entryOf(input: LifeInput, life: ReadonlySet<string>, constructors: string | undefined): Entry | undefined {
  const reactor = plain(input.find('_initialize'));
  if (reactor !== undefined)
    return {
      ...reactor,
      per: perOf(input, reactor.func),
      why: t('the module is a reactor, which has to be initialised before other calls'),
    };
  const command = plain(input.find('_start'));
  const hasApi = input.functions.some(
    (one) => !life.has(one.name) && one.name !== constructors && !MAIN.test(one.source),
  );
  if (command === undefined || !hasApi) return undefined;
  return {
    ...command,
    per: perOf(input, command.func),
    why: t('the module is a command that exports further functions, and its main program initialises the runtime'),
  };
}

const isOfIntegers = ({ params, results: { length } }: LifeExport, results: number): boolean =>
  params.every((type) => type === I32) && length === results;

/** Calls that some toolchains and hosts define to follow `_initialize`. */
function afterEntry(input: LifeInput, entry: string | undefined): LifeStep[] {
  if (entry === undefined || entry === '_start') return [];
  const { find, functions } = input;
  const steps: LifeStep[] = [];
  const add = ({ name, func }: LifeExport, why: string): void =>
    void steps.push({ call: name, args: [0, 0], per: perOf(input, func), why, sure: 'named' });
  const haskell = find('hs_init');
  if (haskell?.params.length === 2 && isOfIntegers(haskell, 0))
    add(haskell, t('the runtime of Haskell starts with it'));
  const main = find('main');
  const proxy = functions.some(({ source }) => source.startsWith('proxy_abi_version_'));
  if (proxy && main?.params.length === 2 && isOfIntegers(main, 1))
    add(main, t('a proxy-wasm host calls it after `_initialize`, and plugins register themselves there'));
  return steps;
}

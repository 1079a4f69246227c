/**
 * The function that runs the constructors of a C or C++ program: `__wasm_call_ctors`, also where Emscripten has minified
 * its name.
 */
import { t } from '../../text/l10n.ts';
import { directCallees, directCallers, isAddressTaken, reachesNothing } from './callers.ts';
import type { LifeExport, LifeInput, LifeStep } from './lifeModel.ts';

/** The export that runs constructors, and how that is known. */
export type Constructors = LifeExport & Pick<LifeStep, 'why' | 'sure'>;

/** Undefined if the module exports no such function. */
export function constructorsOf(input: LifeInput): Constructors | undefined {
  const named = input.find('__wasm_call_ctors');
  if (named === undefined || !isPlain(named)) return minified(input);
  return { ...named, why: t('it runs the constructors of static objects'), sure: 'named' };
}

const isPlain = ({ params, results }: LifeExport): boolean => params.length + results.length === 0;

/**
 * Emscripten exports constructors before all other functions. Under minified names, that is the first exported function,
 * if nothing in the module calls it, and it calls something that nothing else calls, or does its work itself.
 */
function minified({ module, analysis, functions }: LifeInput): Constructors | undefined {
  const [first] = functions;
  if (functions.length < 2 || !isPlain(first) || first.symbol !== undefined || !isMinified(module)) return undefined;
  const { func } = first;
  const named = module.exports.filter(({ kind, index }) => kind === 'func' && index === func);
  if (named.length > 1 || func === module.start?.func || isAddressTaken(module, func)) return undefined;
  const callees = directCallees(analysis, func);
  const callers = directCallers(analysis, new Set([func, ...callees]));
  if (callers.get(func)?.length !== 0) return undefined;
  const own = callees.some((callee) => callers.get(callee)?.every((caller) => caller === func));
  const needed = own || !reachesNothing(analysis, func);
  return {
    ...first,
    why: needed
      ? t(
          'it is the first function of a module whose exports Emscripten has given short names, and nothing in the module calls it: such a function runs the constructors of static objects',
        )
      : t('it has nothing to do'),
    sure: 'likely',
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$';
const CHARACTERS = `${LETTERS}0123456789`;
/** Names in a row that are left out: keywords of JavaScript, and exports that were removed later. */
const MAX_GAP = 8;

/** Number of a name in the order in which Emscripten gives short names; -1 for others. See tools/emscripten.py. */
function rank(name: string): number {
  if (name.length === 0 || name.length > 3) return -1;
  let [number, weight] = [0, 1];
  for (const [i, character] of [...name].entries()) {
    const digit = (i === 0 ? LETTERS : CHARACTERS).indexOf(character);
    if (digit < 0) return -1;
    number += (digit + (i === 0 ? 0 : 1)) * weight;
    weight *= i === 0 ? LETTERS.length : CHARACTERS.length;
  }
  return number;
}

/**
 * Whether Emscripten has given the imports and exports short names: imports come from `a` and have the first names, exports
 * the next ones, all in order, the memory among the first.
 */
function isMinified({ imports, exports, memories }: LifeInput['module']): boolean {
  if (!imports.every(({ module }) => module === 'a')) return false;
  let before = Math.max(-1, ...imports.map(({ name }) => rank(name)));
  if (imports.some(({ name }) => rank(name) < 0)) return false;
  const firstFunction = exports.findIndex(({ kind }) => kind === 'func');
  const memory = exports.slice(0, firstFunction).some(({ kind }) => kind === 'memory');
  if (!memory && !memories.some(({ imported }) => imported)) return false;
  return exports.every(({ name }) => {
    const own = rank(name);
    const follows = own > before && own <= before + MAX_GAP;
    before = own;
    return follows;
  });
}

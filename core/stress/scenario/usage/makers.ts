/** Exports that make objects for other exports, and exports that end them, by what they do and how they are named. */
import type { Analysis } from '../../../analysis/model.ts';
import { isPlumbing } from '../../../analysis/plumbingNames.ts';
import { sourceName } from '../../../wasm/displayNames.ts';
import type { Module } from '../../../wasm/module.ts';
import { I32, I64 } from '../../../wasm/types.ts';
import { functionType } from './functionType.ts';
import type { UseOf } from './functionUse.ts';

/** How an export gives the object that it makes. */
export type MakerForm =
  /** As its result. */
  | { kind: 'result' }
  /** In a word behind a parameter. */
  | { kind: 'slot'; parameter: number }
  /** In a block that the caller gives as its first argument. */
  | { kind: 'in-place'; bytes: number };

/** An export that makes an object. */
export interface Maker {
  /** Position in `Analysis.exports`. */
  position: number;
  form: MakerForm;
  /** Words of its name before the one that says what it does. */
  family: readonly string[];
  /** Position of the export that ends the object, or -1. */
  end: number;
  /** Its first parameter is a structure, such as another object. */
  derived: boolean;
}

const MAKES = new Set([
  'new',
  'create',
  'init',
  'initialize',
  'alloc',
  'open',
  'make',
  'start',
  'compile',
  'parse',
  'prepare',
  'build',
  'from',
  'load',
]);
const ENDS = new Set([
  'free',
  'delete',
  'destroy',
  'drop',
  'close',
  'finalize',
  'release',
  'dispose',
  'cleanup',
  'clear',
]);

/** `new`, `newstate`, `create`. */
const makes = (word: string): boolean => MAKES.has(word) || /^new[a-z]/.test(word);

/** Makers that are tried for one export. */
const MAX_MAKERS = 3;

/** Words of a name, in lower case: `__wbg_parser_free` is `parser`, `free`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/^_+|^__wbg_(?:get_|set_)?/g, '')
    .replace(/^wbg_/, '')
    .split(/_+|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((word) => word.length > 0)
    .map((word) => word.toLowerCase());
}

/** How many words at their begin two names have in common. */
function kinship(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return common;
}

/**
 * The exports of a module that make objects. Allocators (by position) are none; neither are exports without a word for it, unless they
 * return memory that they allocated.
 */
export function makersOf(
  module: Module,
  { exports }: Analysis,
  useOf: UseOf,
  allocators: ReadonlySet<number>,
): Maker[] {
  const words = exports.map((one) => wordsOf(sourceName(one)));
  return exports.flatMap((one, position): Maker[] => {
    if (isPlumbing(one) || allocators.has(position)) return [];
    const { params, results } = functionType(module, one.func);
    const verb = words[position].findIndex(makes);
    const family = verb > 0 ? words[position].slice(0, verb) : words[position].filter((word) => !makes(word));
    const use = useOf(one.func);
    const form = formOf();
    const derived = use.parameters[0]?.pointers === true;
    return form === undefined ? [] : [{ position, form, family, end: endOf(family), derived }];

    function formOf(): MakerForm | undefined {
      const slot = use.parameters.findIndex(
        ({ receivesMemory, address, writes, reads, extent }, i) =>
          receivesMemory || (i > 0 && address && writes && !reads && extent > 0 && extent <= 8),
      );
      if (verb >= 0 && slot >= 0) return { kind: 'slot', parameter: slot };
      const integer = results.length === 1 && (results[0] === I32 || results[0] === I64);
      if (integer && use.returnsMemory && (verb >= 0 || endOf(family) >= 0)) return { kind: 'result' };
      const own = use.parameters[0];
      if (words[position].includes('init') && params[0] === I32 && own?.address && own.writes && !own.freed)
        return { kind: 'in-place', bytes: own.extent };
      // What only initialises answers with a status.
      const initialises = verb < 0 || /^(?:init|start)/.test(words[position][verb]);
      if (integer && !initialises && !own?.address && endOf(family) >= 0) return { kind: 'result' };
      return undefined;
    }
  });

  /** The export that ends objects of a family: one object, and a flag of wasm-bindgen. */
  function endOf(family: readonly string[]): number {
    return exports.findIndex(({ func }, position) => {
      if (allocators.has(position)) return false;
      const verb = words[position].findIndex((word) => ENDS.has(word));
      if (verb < 0) return false;
      const { params } = functionType(module, func);
      const others = words[position].filter((_, i) => i !== verb);
      return params.length >= 1 && params.length <= 2 && others.length > 0 && kinship(others, family) === others.length;
    });
  }
}

/**
 * The makers of objects that an export may work on, of its own family: the closest first, at most `MAX_MAKERS`; none
 * where none is kin.
 */
export function makersFor(makers: readonly Maker[], position: number, name: string): Maker[] {
  const own = wordsOf(name);
  return makers
    .flatMap((maker) => {
      const common = maker.position === position ? 0 : kinship(own, maker.family);
      if (common === 0) return [];
      // A whole family is closer than a part of one; a block that an export fills may be something else.
      const whole = common === maker.family.length ? 0.5 : 0;
      const given = maker.form.kind === 'in-place' ? 0 : 0.25;
      // What makes objects out of other objects comes after what makes those.
      const derived = maker.derived ? 0.1 : 0;
      return [{ maker, rank: common + whole + given - derived }];
    })
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MAX_MAKERS)
    .map(({ maker }) => maker);
}

/** Source texts of modules with many exports, of the shapes that decide what comparing exports costs. */

/** What the exports of a generated module have in common. */
export const EXPORT_SHAPES = {
  names: 'one function under all names',
  counter: 'all count in one global',
  own: 'each counts in a word of its own',
  both: 'each counts in a word of its own, and in one global',
} as const;
/** One of `EXPORT_SHAPES`. */
export type ExportShape = keyof typeof EXPORT_SHAPES;

const GLOBAL = '(global.set 0 (i32.add (global.get 0) (i32.const 1)))';
const word = (n: number): string =>
  `(i32.store (i32.const ${8 * n + 8}) (i32.add (i32.load (i32.const ${8 * n + 8})) (i32.const 1)))`;

const BODIES: Readonly<Record<ExportShape, (n: number) => string>> = {
  names: () => GLOBAL,
  counter: () => GLOBAL,
  own: word,
  both: (n) => GLOBAL + word(n),
};

/** The text of a module with `count` exports. */
export function manyExportsText(shape: ExportShape, count: number): string {
  const names = Array.from({ length: count }, (_, n) => n);
  return [
    `(module (memory ${Math.ceil((8 * count + 16) / 65536)}) (global (mut i32) (i32.const 0))\n`,
    ...(shape === 'names'
      ? [`  (func ${BODIES.names(0)})\n`, ...names.map((n) => `  (export "f${n}" (func 0))\n`)]
      : names.map((n) => `  (func (export "f${n}") ${BODIES[shape](n)})\n`)),
    ')\n',
  ].join('');
}

/** Source texts of modules of growing size, of the shapes that decide what an analysis across calls costs. */

/** How the functions of a generated module reach each other. */
export const SHAPES = {
  chain: 'each calls the two before it',
  tree: 'each calls two far before it',
  cycle: 'all call each other',
  table: 'through a table of all of them',
} as const;
/** One of `SHAPES`. */
export type Shape = keyof typeof SHAPES;

/** Exports of a module of any size: conflicts are between exports, and the code is what grows here. */
const EXPORTS = 64;

/**
 * A function like those of a library in C: it sets members of its object, walks a list, fills a range in a loop, keeps a
 * local object in its frame, and calls two others with parts of these objects.
 */
const method = (
  n: number,
  first: string,
  second: string,
): string => `  (func $f${n} (param $this i32) (param $buffer i32) (param $length i32)
    (local $frame i32) (local $p i32) (local $end i32)
    (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 32)))
    (global.set $__stack_pointer (local.get $frame))
    (i32.store offset=${4 * (n % 64)} (local.get $this) (local.get $length))
    (local.set $p (i32.load offset=${4 + 4 * (n % 7)} (local.get $this)))
    block $done
      loop $next
        (br_if $done (i32.eqz (local.get $p)))
        (i32.store offset=8 (local.get $p) (i32.const ${n % 100}))
        (local.set $p (i32.load (local.get $p)))
        br $next
      end
    end
    (local.set $end (i32.add (local.get $buffer) (local.get $length)))
    loop $fill
      (i32.store8 (local.get $buffer) (i32.const ${n % 100}))
      (local.set $buffer (i32.add (local.get $buffer) (i32.const 1)))
      (br_if $fill (i32.ne (local.get $buffer) (local.get $end)))
    end
    (i32.store offset=${1024 + 64 * (n % 512)} (i32.const 0) (i32.add (i32.load offset=${1024 + 64 * (n % 512)} (i32.const 0)) (i32.const 1)))
    (${first} (i32.add (local.get $this) (i32.const ${8 * (n % 5)})) (local.get $frame) (i32.const 16))
    (${second} (i32.load offset=12 (local.get $this)) (local.get $buffer) (local.get $length)
      ${second.startsWith('call_indirect') ? '(local.get $p)' : ''})
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
  )
`;

/** The two calls of function `n` of `count`. */
function calls(shape: Shape, n: number, count: number): [string, string] {
  switch (shape) {
    case 'chain':
      return [`call $f${Math.max(0, n - 1)}`, `call $f${Math.max(0, n - 2)}`];
    case 'tree':
      return [`call $f${n >> 1}`, `call $f${Math.floor(n / 3)}`];
    case 'cycle':
      return [`call $f${(n + 1) % count}`, `call $f${(7 * n + 1) % count}`];
    case 'table':
      return [`call $f${n >> 1}`, 'call_indirect (type $method)'];
  }
}

/** A module of `count` functions; the last ones are exported. */
export function growthText(shape: Shape, count: number): string {
  const names = Array.from({ length: count }, (_, n) => n);
  return [
    '(module\n  (type $method (func (param $this i32) (param $buffer i32) (param $length i32)))\n',
    '  (memory (export "memory") 2)\n  (global $__stack_pointer (mut i32) (i32.const 65536))\n',
    ...(shape === 'table'
      ? [`  (table ${count} funcref)\n  (elem (i32.const 0) ${names.map((n) => `$f${n}`).join(' ')})\n`]
      : []),
    ...names.map((n) => method(n, ...calls(shape, n, count))),
    ...names.slice(-EXPORTS).map((n) => `  (export "f${n}" (func $f${n}))\n`),
    ')\n',
  ].join('');
}

/** For tests: random trees of instructions and their renderings, flat, folded or mixed. */
import fc from 'fast-check';

/** An instruction with the instructions inside it. */
export type Tree =
  | { kind: 'plain'; mnemonic: string; immediates: string; operands: Tree[] }
  | { kind: 'block'; mnemonic: 'block' | 'loop' | 'try_table'; immediates: string; body: Tree[] }
  | { kind: 'if'; immediates: string; condition: Tree[]; consequent: Tree[]; otherwise: Tree[] | undefined };

/** Mnemonics and immediates of every shape. They assemble without type checking. */
const PLAIN = [
  ...[
    'nop',
    'unreachable',
    'drop',
    'i32.add',
    'i64.eqz',
    'return',
    'select',
    'ref.is_null',
    'f32x4.add',
    'atomic.fence',
  ],
  ...[
    'i32.const -0x7f',
    'i64.const 1_000',
    'f32.const nan:0x1',
    'f64.const -inf',
    'v128.const i64x2 1 -1',
    'local.get $x',
  ],
  ...[
    'local.set 1',
    'global.set $g',
    'call $f',
    'call 0',
    'call_indirect (type $t)',
    'call_indirect $tab (param i32) (result i64)',
  ],
  ...[
    'i32.load',
    'i32.store8 offset=4 align=1',
    'i64.load $m offset=0x10',
    'memory.copy $m $m',
    'memory.size',
    'memory.grow $m',
  ],
  ...[
    'br 0',
    'br_if 0',
    'br_table 0 0 0',
    'select (result i32)',
    'ref.null func',
    'ref.null $t',
    'ref.test (ref null $t)',
  ],
  ...[
    'ref.cast anyref',
    'br_on_cast 0 anyref (ref $t)',
    'table.init $tab $e',
    'data.drop $d',
    'i32.atomic.rmw.add offset=8',
  ],
  ...[
    'i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15',
    'v128.load8_lane offset=1 3',
    'array.new_fixed 0 2',
    'throw $tag',
  ],
].map((text) => {
  const space = text.indexOf(' ');
  return space < 0
    ? { mnemonic: text, immediates: '' }
    : { mnemonic: text.slice(0, space), immediates: text.slice(space + 1) };
});

/** A module that defines all names used above. */
export const inModule = (
  bodies: readonly string[],
): string => `(module (type $t (func)) (memory $m 1) (table $tab 1 funcref)
(global $g (mut i32) (i32.const 0)) (tag $tag) (elem $e func) (data $d "")
${bodies.map((body, i) => `(func ${i === 0 ? '$f' : ''} (param $x i32) (local i32) ${body})`).join('\n')})`;

const BLOCK_TYPES = ['', '$l', '(result i32)', '$l (param i32) (result i64 f32)', '(type $t)'];
const CATCHES = ['', ' (catch_all 0)', ' (catch $tag 0) (catch_ref $tag 0)'];

/** Generates random trees. */
export const { tree } = fc.letrec<{ tree: Tree; trees: Tree[] }>((tie) => ({
  trees: fc.array(tie('tree'), { maxLength: 3 }),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...PLAIN).map((plain) => ({ kind: 'plain' as const, ...plain, operands: [] })),
    fc
      .record({ plain: fc.constantFrom(...PLAIN), operands: tie('trees') })
      .map(({ plain, operands }) => ({ kind: 'plain' as const, ...plain, operands: operands as Tree[] })),
    fc
      .record({
        mnemonic: fc.constantFrom('block' as const, 'loop' as const, 'try_table' as const),
        type: fc.constantFrom(...BLOCK_TYPES),
        catches: fc.constantFrom(...CATCHES),
        body: tie('trees'),
      })
      .map(({ mnemonic, type, catches, body }) => {
        const immediates = mnemonic === 'try_table' ? type + catches : type;
        return { kind: 'block' as const, mnemonic, immediates, body: body as Tree[] };
      }),
    fc
      .record({
        immediates: fc.constantFrom(...BLOCK_TYPES),
        condition: tie('trees'),
        body: tie('trees'),
        otherwise: fc.option(tie('trees'), { nil: undefined }),
      })
      .map(({ immediates, condition, body, otherwise }) => ({
        kind: 'if' as const,
        immediates,
        condition: condition as Tree[],
        consequent: body as Tree[],
        otherwise: otherwise as Tree[] | undefined,
      })),
  ),
}));

/** Mnemonics in the order of the binary. */
export function order(trees: readonly Tree[]): string[] {
  return trees.flatMap((node) => {
    if (node.kind === 'plain') return [...order(node.operands), node.mnemonic];
    if (node.kind === 'block') return [node.mnemonic, ...order(node.body), 'end'];
    const otherwise = node.otherwise === undefined ? [] : ['else', ...order(node.otherwise)];
    return [...order(node.condition), 'if', ...order(node.consequent), ...otherwise, 'end'];
  });
}

const GAPS = [' ', '\n', '\t', '\r\n', ' (; ) ;) ', ' ;; (x\n', ' (@a ")") ', '  '];

/** Text of trees; `pick(n)` chooses among n possibilities at each place. */
export function render(trees: readonly Tree[], pick: (n: number) => number): string {
  const gap = (): string => GAPS[pick(GAPS.length)];
  const join = (...parts: string[]): string =>
    parts
      .filter((part) => part !== '')
      .map((part, i) => (i === 0 ? part : gap() + part))
      .join('');
  const all = (nodes: readonly Tree[], flatToo = true): string => join(...nodes.map((node) => one(node, flatToo)));
  function one(node: Tree, flatToo: boolean): string {
    const isFlat = flatToo && pick(2) === 0;
    if (node.kind === 'plain') {
      const head = join(node.mnemonic, node.immediates);
      return isFlat ? join(all(node.operands), head) : `(${join(head, all(node.operands))})`;
    }
    if (node.kind === 'block') {
      const head = join(node.mnemonic, node.immediates);
      return isFlat ? join(head, all(node.body), 'end') : `(${join(head, all(node.body))})`;
    }
    const { otherwise } = node;
    const head = join('if', node.immediates);
    if (isFlat) {
      const other = otherwise === undefined ? '' : join('else', all(otherwise));
      return join(all(node.condition), head, all(node.consequent), other, 'end');
    }
    const other = otherwise === undefined ? '' : `(${join('else', all(otherwise))})`;
    // Only folded instructions are allowed before `(then`.
    return `(${join(head, all(node.condition, false), `(${join('then', all(node.consequent))})`, other)})`;
  }
  return all(trees);
}

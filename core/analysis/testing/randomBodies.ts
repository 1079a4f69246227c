/**
 * For tests: random structured functions over i32 locals, as WebAssembly text in two forms of one program. `analysed`
 * has real loads and stores, each in a separate memory, so that claims can be attributed to accesses; `logged` reports
 * each address to an import instead.
 */
import type { Random } from '../../testing/random.ts';

/** A load or store of a random function. */
export interface Access {
  func: number;
  write: boolean;
  /** The access touches `width` bytes at `address + offset`. */
  offset: number;
  width: number;
}

/** A random program in its two forms. */
export interface RandomModule {
  analysed: string;
  logged: string;
  /** Access `i` goes to memory `i` in `analysed` and is reported as number `i` by `logged`. */
  accesses: Access[];
}

const PARAMS = 2;
const LOCALS = 5;
const FUNCTIONS = 3;
const MAX_ACCESSES = 60;
const WIDTHS = [
  ['i32.load', 'i32.store', 4],
  ['i32.load16_u', 'i32.store16', 2],
  ['i32.load8_u', 'i32.store8', 1],
] as const;

/** A label that code may branch to, and how many i32 results the branch carries. */
interface Label {
  name: string;
  arity: number;
}

class Writer {
  readonly accesses: Access[] = [];
  private readonly next: Random;
  private labels: Label[] = [];
  private serial = 0;
  private func = 0;
  /** Number of statements that the current function may still get. */
  private budget = 0;

  constructor(next: Random) {
    this.next = next;
  }

  /** Both forms of function `func`. */
  body(func: number): [analysed: string, logged: string] {
    this.func = func;
    this.budget = 30;
    this.labels = [];
    return this.statements(4 + this.next(5), 0);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.next(items.length)];
  }

  private local = (): number => this.next(PARAMS + LOCALS);

  private same = (text: string): [string, string] => [text, text];

  private wrap(parts: [string, string][], join: (texts: string[]) => string): [string, string] {
    return [join(parts.map((p) => p[0])), join(parts.map((p) => p[1]))];
  }

  private statements(count: number, depth: number): [string, string] {
    const parts: [string, string][] = [];
    for (let i = 0; i < count && this.budget > 0; i++) {
      this.budget--;
      parts.push(this.statement(depth));
    }
    return this.wrap(parts, (texts) => texts.map((t) => `\n${'  '.repeat(depth + 2)}${t}`).join(''));
  }

  private statement(depth: number): [string, string] {
    const kind = this.next(depth < 4 ? 16 : 8);
    if (kind < 3) {
      const local = this.local();
      return this.wrap([this.expr(3)], ([e]) => `(local.set ${local} ${e})`);
    }
    if (kind < 6) return this.store();
    if (kind === 6) return this.wrap([this.load()], ([e]) => `(drop ${e})`);
    if (kind === 7) return this.branch();
    if (kind < 10) return this.block('block', depth);
    if (kind < 13) return this.block('loop', depth);
    if (kind < 15) {
      const label = this.enter(0);
      const condition = this.expr(2);
      const yes = this.statements(1 + this.next(4), depth + 1);
      const no = this.statements(this.next(4), depth + 1);
      this.labels.pop();
      return this.wrap([condition, yes, no], ([c, y, n]) => `(if ${label} ${c} (then ${y}) (else ${n}))`);
    }
    const label = this.enter(0);
    const tried = this.statements(1 + this.next(4), depth + 1);
    const thrown = this.wrap([this.expr(1)], ([c]) => `(if ${c} (then (throw $e (i32.const 8))))`);
    const more = this.statements(this.next(3), depth + 1);
    const local = this.local();
    const caught = this.statements(1 + this.next(3), depth + 1);
    this.labels.pop();
    return this.wrap(
      [tried, thrown, more, caught],
      ([t, x, m, c]) => `try ${label} ${t} ${x} ${m} catch $e (local.set ${local}) ${c} end`,
    );
  }

  private enter(arity: number): string {
    const name = `$l${this.serial++}`;
    this.labels.push({ name, arity });
    return name;
  }

  private block(kind: 'block' | 'loop', depth: number): [string, string] {
    const label = this.enter(0);
    const code = this.statements(2 + this.next(5), depth + 1);
    const again = kind === 'loop' ? this.wrap([this.expr(2)], ([c]) => `(br_if ${label} ${c})`) : this.same('');
    this.labels.pop();
    const tick = kind === 'loop' ? '(call $tick)' : '';
    return this.wrap([code, again], ([c, a]) => `(${kind} ${label} ${tick}${c} ${a})`);
  }

  private branch(): [string, string] {
    const targets = this.labels.filter((l) => l.arity === 0);
    const condition = this.expr(1);
    if (targets.length === 0 || this.next(8) === 0) return this.wrap([condition], ([c]) => `(if ${c} (then (return)))`);
    const { name } = this.pick(targets);
    const form = this.next(6);
    if (form === 0) return this.same(`(br ${name})`);
    if (form === 1) {
      const other = this.pick(targets).name;
      return this.wrap([condition], ([c]) => `(br_table ${name} ${other} ${c})`);
    }
    return this.wrap([condition], ([c]) => `(br_if ${name} ${c})`);
  }

  /** An expression whose value stays within 2^28 of the stack pointer, a parameter or zero. */
  private expr(depth: number): [string, string] {
    const kind = this.next(depth > 0 ? 17 : 7);
    if (kind < 2) return this.same(`(local.get ${this.local()})`);
    if (kind === 2) return this.same(`(local.get ${this.next(PARAMS)})`);
    if (kind < 5) return this.same(`(i32.const ${this.next(64) * 8})`);
    if (kind === 5) return this.same('(global.get $base)');
    if (kind === 6) return this.same('(global.get $__stack_pointer)');
    if (kind < 10) {
      const op = this.pick(['add', 'add', 'sub']);
      const n = this.next(32) * 4;
      return this.wrap([this.expr(depth - 1)], ([e]) => `(i32.${op} ${e} (i32.const ${n}))`);
    }
    if (kind === 10) {
      const n = this.next(8);
      return this.wrap([this.expr(depth - 1)], ([e]) => `(i32.add (i32.const ${n}) ${e})`);
    }
    if (kind === 11) {
      return this.wrap(
        [this.expr(depth - 1), this.expr(depth - 1)],
        ([a, b]) => `(i32.add ${a} (i32.rem_u ${b} (i32.const 128)))`,
      );
    }
    if (kind < 14) {
      const local = this.local();
      return this.wrap([this.expr(depth - 1)], ([e]) => `(local.tee ${local} ${e})`);
    }
    if (kind === 14) return this.load();
    if (kind === 15) {
      const parts = [this.expr(depth - 1), this.expr(depth - 1), this.expr(1)];
      return this.wrap(parts, ([a, b, c]) => `(select ${a} ${b} ${c})`);
    }
    const label = this.enter(1);
    const local = this.local();
    const parts = [this.expr(depth - 1), this.expr(1), this.expr(1), this.expr(depth - 1)];
    this.labels.pop();
    return this.wrap(
      parts,
      ([a, c, s, b]) =>
        `(block ${label} (result i32) (drop (br_if ${label} ${a} ${c})) (local.set ${local} ${s}) ${b})`,
    );
  }

  private access(write: boolean): { id: number; offset: number; ops: (typeof WIDTHS)[number] } | undefined {
    if (this.accesses.length >= MAX_ACCESSES) return undefined;
    const ops = this.pick(WIDTHS);
    const offset = this.next(3) * 4;
    const id = this.accesses.push({ func: this.func, write, offset, width: ops[2] }) - 1;
    return { id, offset, ops };
  }

  private store(): [string, string] {
    const address = this.expr(3);
    const value = this.expr(1);
    const access = this.access(true);
    if (access === undefined) return this.wrap([address, value], ([a, v]) => `(drop ${a}) (drop ${v})`);
    const { id, offset, ops } = access;
    return [
      `(${ops[1]} ${id} offset=${offset} ${address[0]} ${value[0]})`,
      `(call $store (i32.const ${id}) ${address[1]} ${value[1]})`,
    ];
  }

  private load(): [string, string] {
    const address = this.expr(2);
    const access = this.access(false);
    if (access === undefined) return address;
    const { id, offset, ops } = access;
    return [`(${ops[0]} ${id} offset=${offset} ${address[0]})`, `(call $load (i32.const ${id}) ${address[1]})`];
  }
}

/**
 * The imports of `logged`: `env.tick` at the head of each loop, `env.store (number, address, value)`,
 * `env.load (number, address) -> value`, and the globals `env.base` and `env.sp`.
 */
export function randomModule(next: Random): RandomModule {
  const writer = new Writer(next);
  const bodies = Array.from({ length: FUNCTIONS }, (_, func) => writer.body(func));
  const module = (form: 0 | 1, memories: string): string => {
    const functions = bodies.map(
      (body, i) =>
        `\n  (func (export "f${i}") (param${' i32'.repeat(PARAMS)}) (local${' i32'.repeat(LOCALS)})${body[form]})`,
    );
    return `(module
  (import "env" "tick" (func $tick))
  (import "env" "store" (func $store (param i32 i32 i32)))
  (import "env" "load" (func $load (param i32 i32) (result i32)))
  (import "env" "base" (global $base i32))
  (import "env" "sp" (global $__stack_pointer (mut i32)))
  (tag $e (param i32))${memories}${functions.join('')})`;
  };
  return {
    analysed: module(0, '\n  (memory 1)'.repeat(writer.accesses.length)),
    logged: module(1, ''),
    accesses: writer.accesses,
  };
}

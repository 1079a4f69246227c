/** For tests: the statements of random functions with pointers, as WebAssembly text; values come from pointerValues.ts. */
import { BUF, type Callee, frameBytes, HALF, type Kind, Values } from './pointerValues.ts';

/** Variables behind the parameters that functions use for whatever they need. */
const VARIABLES = 5;
/** Kinds that a variable may hold. */
const HELD: readonly Kind[] = ['int', 'len', 'obj', 'obj', 'ownObj', 'buf', 'half', 'ownBuf', 'ownHalf', 'cell'];

/** Writes the bodies of functions. */
export class Bodies extends Values {
  /** Statements that the function may still get. */
  private budget = 0;
  /** Loops around the statement, each with its own counter and pointer. */
  private loops = 0;
  /** Variables whose kind must not change here. */
  private pinned = new Set<number>();
  private result: Kind = 'int';
  /** Variables that must not get another value here. */
  private sealed = new Set<number>();

  /** A function that may call `callees`. `exported`: under its own name. */
  body({ name, params, result }: Callee, callees: readonly Callee[]): string {
    const { layout } = this;
    const { type } = layout;
    this.vars = [...params, ...Array<undefined>(VARIABLES).fill(undefined)];
    this.hasFrame = this.next(2) === 0;
    this.callees = callees;
    this.budget = 14;
    this.loops = 0;
    this.pinned = new Set();
    this.sealed = new Set();
    this.result = result;
    const code = this.list(3 + this.next(6), 0);
    const last = this.value(result, 2);
    const names = ['$t', '$d', '$fp', '$i0', '$i1', '$i2', '$q0', '$q1', '$q2'].map((one) => `(local ${one} ${type})`);
    const locals = `(local${` ${type}`.repeat(VARIABLES)}) ${names.join(' ')}`;
    const head = `(func $${name} (export "${name}") (type $all) (param${` ${type}`.repeat(3)}) (result ${type}) ${locals}
    (global.set $count ${this.add('(global.get $count)', 1)})`;
    if (!this.hasFrame) return `${head}${code}\n    ${last})`;
    const size = frameBytes(layout);
    const { objBytes, word } = layout;
    const at = (offset: number, what: string) => this.op('store', `offset=${offset}`, '(local.get $fp)', what);
    const start = [
      `(global.set $__stack_pointer (local.tee $fp ${this.op('sub', '(global.get $__stack_pointer)', this.number(size))}))`,
      `(memory.fill (local.get $fp) (i32.const 0) ${this.number(size)})`,
      at(word, this.number(this.pick(layout.bufs))),
      at(objBytes + BUF, this.number(this.pick(layout.objs))),
      at(objBytes + BUF + word, this.number(this.pick(layout.objs))),
    ];
    return `${head}
    ${start.join('\n    ')}
    (block $exit (result ${type})${code}
      ${last})
    (global.set $__stack_pointer ${this.op('add', '(local.get $fp)', this.number(size))}))`;
  }

  private list(count: number, depth: number): string {
    let text = '';
    for (let i = 0; i < count && this.budget > 0; i++) {
      this.budget--;
      text += `\n${'  '.repeat(depth + 2)}${this.statement(depth)}`;
    }
    return text;
  }

  /** Statements that may be skipped or repeated: what variables hold before and behind them stays true. */
  private nested(count: number, depth: number): string {
    const pinned = new Set(this.pinned);
    this.vars.forEach((held, i) => void (held !== undefined && this.pinned.add(i)));
    const before = [...this.vars];
    const text = this.list(count, depth + 1);
    this.vars = before;
    this.pinned = pinned;
    return text;
  }

  private statement(depth: number): string {
    switch (this.next(depth < 3 ? 18 : 11)) {
      case 0:
      case 1:
      case 2:
        return this.assignment();
      case 3:
      case 4:
        return this.store();
      case 5:
        return this.link();
      case 6:
        return this.bulk();
      case 7:
        return this.callStatement();
      case 8:
        return this.element4();
      case 9:
        return this.leave();
      case 10:
        return this.atomic();
      case 11:
        return `(if ${this.condition()} (then ${this.nested(1 + this.next(3), depth)}) (else ${this.nested(this.next(3), depth)}))`;
      case 12:
        return this.elements();
      case 13:
        return this.walk();
      case 14:
        return this.loop(depth);
      case 15:
        return this.scratch(depth);
      case 16:
        return this.switches(depth);
      default:
        return this.elements();
    }
  }

  private assignment(): string {
    const kind = this.pick(HELD);
    const free = this.vars.flatMap((held, i) =>
      !this.sealed.has(i) && (held === kind || !this.pinned.has(i)) ? [i] : [],
    );
    if (free.length === 0) return this.store();
    const target = this.pick(free);
    const value = this.value(kind, 3);
    this.vars[target] = kind;
    return `(local.set ${target} ${value})`;
  }

  /** A number in an object. */
  private store(): string {
    const field = (2 + this.next(6)) * this.layout.word;
    return this.op('store', `offset=${field}`, this.value('ownObj', 3), this.value('int', 2));
  }

  private element4(): string {
    const { type } = this.layout;
    if (this.next(4) === 0) return `(${type}.${this.element('store')} ${this.inArray(2)} ${this.value('int', 1)})`;
    const place = this.op('add', this.value('ownHalf', 2), this.index(1));
    const at = this.next(4) === 0 ? `offset=8 ${this.op('sub', place, this.number(8))}` : place;
    return `(${type}.${this.pick([this.element('store'), 'store8', 'store16'])} ${at} ${this.value('int', 2)})`;
  }

  /** A pointer that others can find. */
  private link(): string {
    const { layout } = this;
    switch (this.next(7)) {
      case 0:
        return this.op('store', this.value('ownObj', 2), this.value('obj', 2));
      case 1:
        return this.op('store', `offset=${layout.word}`, this.value('ownObj', 2), this.value('buf', 2));
      case 2:
        return this.op('store', this.value('cell', 2), this.value('obj', 2));
      case 3:
        return this.op('store', this.number(this.pick(layout.cells)), this.value('obj', 2));
      case 4:
        return `(global.set $gp ${this.value('obj', 2)})`;
      case 5:
        return `(drop (call $push ${this.value('cell', 2)}))`;
      default: {
        if (!this.hasFrame) return this.op('store', this.value('cell', 2), this.value('obj', 2));
        const slot = layout.objBytes + BUF + layout.word;
        return this.op('store', `offset=${slot}`, '(local.get $fp)', this.value('ownObj', 2));
      }
    }
  }

  private bulk(): string {
    const size = this.next(2) === 0 ? this.value('len', 1) : this.number(this.next(HALF + 1));
    if (this.next(4) === 0)
      return `(memory.copy ${this.value('ownObj', 2)} ${this.value('ownObj', 2)} ${this.number(this.layout.objBytes)})`;
    if (this.next(2) === 0) return `(memory.fill ${this.value('ownHalf', 2)} (i32.const ${this.next(9)}) ${size})`;
    return `(memory.copy ${this.value('ownHalf', 2)} ${this.value('ownHalf', 2)} ${size})`;
  }

  private callStatement(): string {
    if (this.callees.length === 0 || this.next(4) === 0) {
      switch (this.next(5)) {
        case 0:
          return `(call $rec ${this.value('ownHalf', 2)} ${this.value('int', 1)})`;
        case 1:
          return `(call $walk ${this.value('ownObj', 2)} ${this.number(this.next(5))})`;
        case 2:
          return `(call $nest ${this.value('ownObj', 2)} ${this.number(this.next(4))})`;
        case 3:
          return `(call $keep ${this.value('obj', 2)})`;
        default:
          return `(call $build ${this.value('cell', 2)} ${this.number(this.next(4))})`;
      }
    }
    return `(drop ${this.call(this.pick(this.callees), 2)})`;
  }

  /** A return, or a tail call in its place. */
  private leave(): string {
    const condition = this.condition();
    if (this.hasFrame) return `(if ${condition} (then (br $exit ${this.value(this.result, 2)})))`;
    const tails = this.callees.filter(({ result }) => result === this.result);
    if (tails.length > 0 && this.next(2) === 0) {
      const callee = this.pick(tails);
      const args = callee.params.map((param) => this.value(param, 1)).join(' ');
      return `(if ${condition} (then (return_call $${callee.name} ${args})))`;
    }
    return `(if ${condition} (then (return ${this.value(this.result, 2)})))`;
  }

  private atomic(): string {
    const { type, word } = this.layout;
    const at = `offset=${(2 + this.next(6)) * word} ${this.value('ownObj', 2)}`;
    const value = this.value('int', 1);
    switch (this.next(4)) {
      case 0:
        return `(drop (${type}.atomic.rmw.add ${at} ${value}))`;
      case 1:
        return `(${type}.atomic.store ${at} ${value})`;
      case 2:
        return `(drop (${type}.atomic.rmw.cmpxchg ${at} ${value} ${this.number(1)}))`;
      default:
        return `(drop (${type}.atomic.load ${at}))`;
    }
  }

  /** A loop over the elements of a buffer, in one of the ways of compilers. */
  private elements(): string {
    if (this.loops > 2) return this.element4();
    const { type } = this.layout;
    const [i, q, label] = [`$i${this.loops}`, `$q${this.loops}`, this.label()];
    const base = this.value('ownHalf', 2);
    const store = (at: string) => `(${type}.${this.element('store')} ${at} (local.get ${i}))`;
    const step = (local: string, by: number) => `(local.set ${local} ${this.add(`(local.get ${local})`, by)})`;
    const scaled = this.op('shl', `(local.get ${i})`, this.number(2));
    switch (this.next(7)) {
      case 5:
        // From the end down.
        return `(local.set ${q} ${this.op('add', `(local.tee ${i} ${base})`, this.number(HALF))})
      (loop ${label} ${store(`(local.tee ${q} ${this.op('sub', `(local.get ${q})`, this.number(4))})`)} (br_if ${label} ${this.op('ne', `(local.get ${q})`, `(local.get ${i})`)}))`;
      case 6: {
        // A copy by the distance between the two buffers, eight bytes of it.
        const distance = this.op('sub', this.value('ownHalf', 1), `(local.get ${q})`);
        return `(local.set ${q} ${base}) (local.set ${i} ${distance})
      (${type}.${this.element('store')} ${this.op('add', `(local.get ${q})`, `(local.get ${i})`)} (${type}.${this.element('load')} (local.get ${q})))
      ${step(q, 4)} (${type}.${this.element('store')} ${this.op('add', `(local.get ${i})`, `(local.get ${q})`)} (${type}.${this.element('load')} (local.get ${q})))`;
      }
      case 0:
        return `(local.set ${q} ${base}) (local.set ${i} ${this.number(0)})
      (loop ${label} ${store(this.op('add', `(local.get ${q})`, scaled))} ${step(i, 1)} (br_if ${label} ${this.op('lt_u', `(local.get ${i})`, this.number(8))}))`;
      case 1:
        return `(local.set ${i} ${this.op('add', `(local.tee ${q} ${base})`, this.number(HALF))})
      (loop ${label} ${store(`(local.get ${q})`)} ${step(q, 4)} (br_if ${label} ${this.op('ne', `(local.get ${q})`, `(local.get ${i})`)}))`;
      case 2:
        return `(local.set ${q} ${base}) (local.set ${i} ${this.number(7)})
      (loop ${label} ${store(this.op('add', scaled, `(local.get ${q})`))} ${step(i, -1)} (br_if ${label} ${this.op('ge_s', `(local.get ${i})`, this.number(0))}))`;
      case 3:
        // Bytes, as many as a number says.
        return `(local.set ${q} ${base}) (local.set ${i} ${this.value('len', 1)})
      (block ${label}b (loop ${label} (br_if ${label}b ${this.op('eqz', `(local.get ${i})`)}) ${step(i, -1)}
        (${type}.store8 ${this.op('add', `(local.get ${q})`, `(local.get ${i})`)} ${this.number(7)}) (br ${label})))`;
      default:
        return `(local.set ${i} ${this.number(0)})
      (loop ${label} (${type}.${this.element('store')} offset=${this.layout.array} ${this.op('shl', `(local.get ${i})`, this.number(4))} ${this.number(3)})
        ${step(i, 2)} (br_if ${label} ${this.op('lt_u', `(local.get ${i})`, this.number(8))}))`;
    }
  }

  /** A walk along a list, at most four objects far. */
  private walk(): string {
    if (this.loops > 2) return this.store();
    const [i, q, label] = [`$i${this.loops}`, `$q${this.loops}`, this.label()];
    const { word } = this.layout;
    const field = (2 + this.next(6)) * word;
    return `(local.set ${q} ${this.value('ownObj', 2)}) (local.set ${i} ${this.number(4)})
      (block ${label}b (loop ${label} (br_if ${label}b ${this.op('eqz', `(local.get ${q})`)})
        ${this.op('store', `offset=${field}`, `(local.get ${q})`, `(local.get ${i})`)}
        (local.set ${q} ${this.op('load', `(local.get ${q})`)})
        (br_if ${label} ${this.isSet(`(local.tee ${i} ${this.op('sub', `(local.get ${i})`, this.number(1))})`)})))`;
  }

  /** A loop over statements, without calls of functions that call others. */
  private loop(depth: number): string {
    if (this.loops > 2) return this.store();
    const [i, label] = [`$i${this.loops}`, this.label()];
    const { callees } = this;
    this.callees = [];
    this.loops++;
    const code = this.nested(2 + this.next(4), depth);
    this.loops--;
    this.callees = callees;
    return `(local.set ${i} ${this.number(1 + this.next(3))})
      (loop ${label} ${code} (br_if ${label} ${this.isSet(`(local.tee ${i} ${this.op('sub', `(local.get ${i})`, this.number(1))})`)}))`;
  }

  /** A block that is released again, or kept. */
  private scratch(depth: number): string {
    const free = this.vars.flatMap((_, i) => (this.pinned.has(i) || this.sealed.has(i) ? [] : [i]));
    if (free.length === 0) return this.elements();
    const target = this.pick(free);
    const set = `(local.set ${target} (call $malloc ${this.number(BUF)}))`;
    this.vars[target] = 'ownBuf';
    // No variable that lives on may keep the address.
    const { sealed } = this;
    this.sealed = new Set([...sealed, ...this.vars.flatMap((held, i) => (held?.startsWith('own') ? [i] : []))]);
    const code = this.nested(1 + this.next(4), depth);
    this.sealed = sealed;
    this.vars[target] = undefined;
    return `${set}${code}\n      (call $free (local.get ${target}))`;
  }

  private switches(depth: number): string {
    const labels = [this.label(), this.label(), this.label()];
    const [a, b, end] = labels;
    return `(block ${end} (block ${b} (block ${a} (br_table ${a} ${b} ${end} ${this.smallCondition()}))
      ${this.nested(1 + this.next(2), depth)} (br ${this.next(2) === 0 ? end : b}))
      ${this.nested(1 + this.next(2), depth)})`;
  }
}

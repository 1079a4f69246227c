/** Steps that make the blocks and objects of calls before the callers start, and the arguments that name them. */
import type { Analysis } from '../../../analysis/model.ts';
import { F32, F64, I64, isRef, type ValType } from '../../../wasm/types.ts';
import type { Argument, Call, Step } from '../steps.ts';
import { functionType } from './functionType.ts';
import type { Maker } from './makers.ts';
import { madeRoles, type Role, rolesOf, type Text, type Usage, type UsageFacts } from './roles.ts';

/** Texts of the first callers, of equal length. */
const TEXTS: Readonly<Record<Text, readonly string[]>> = {
  word: ['Lena', 'Mira', 'Nora', 'Olga', 'Paul', 'Rosa', 'Sven', 'Toni'],
  digits: ['11', '22', '33', '44', '55', '66', '77', '88'],
  json: ['{}'],
  empty: [''],
};
/** Bytes of a block for text. */
const TEXT_BLOCK = 16;
/** Makers of makers of makers. */
const MAX_DEPTH = 3;
/** Bytes of a block that the probe reads. */
const READ_BYTES = 64;
/** Least bytes of a block for an object that is made in it. */
const IN_PLACE = 1024;

/** Blocks and objects that scenarios make; one for each scenario. */
export class Objects {
  /** Steps that make them, in order. */
  readonly setup: Step[] = [];
  /** Steps that read what calls left in blocks. */
  readonly reads: Step[] = [];
  private readonly facts: UsageFacts;
  private readonly names = new Map<string, string>();

  constructor(facts: UsageFacts) {
    this.facts = facts;
  }

  /**
   * The call of an export by a caller. Calls with the same `owner` use the same blocks and objects.
   * @param value for parameters that are numbers
   */
  call(position: number, usage: Usage, owner: string, caller: number, value: number): Call {
    const { name, func } = this.facts.analysis.exports[position];
    const { params } = functionType(this.facts.module, func);
    return [name, ...this.argumentsFor(params, usage, owner, caller, value, 0)];
  }

  private argumentsFor(
    params: readonly ValType[],
    { roles, text: kind }: Pick<Usage, 'roles' | 'text'>,
    owner: string,
    caller: number,
    value: number,
    depth: number,
  ): Argument[] {
    const texts = TEXTS[kind];
    const text = texts[caller % texts.length];
    const counts = new Map<string, number>();
    return roles.map((role, i): Argument => {
      const ordinal = counts.get(role.kind) ?? 0;
      counts.set(role.kind, ordinal + 1);
      const name = `${owner}${TITLE[role.kind] ?? ''}${ordinal === 0 ? '' : ordinal + 1}`;
      switch (role.kind) {
        case 'zero':
          return isRef(params[i]) ? null : params[i] === I64 ? '0' : 0;
        case 'address':
          return numberOf(params[i], fixedAddress(value));
        case 'text':
          return `$${this.text(name, text)}`;
        case 'block':
          return `$${this.blockOf(name, role, depth)}`;
        case 'object':
          return `$${this.object(owner, role.maker, caller, depth)}`;
        case 'length': {
          const length = lengthOf(roles[role.of], text);
          return params[i] === I64 ? String(length) : length;
        }
        default:
          return numberOf(params[i], value);
      }
    });
  }

  private text(name: string, text: string): string {
    return this.once(name, () => {
      const { allocation } = this.facts;
      if (allocation === undefined) return;
      if (allocation.utf16) {
        this.setup.push(named(allocation.call(2 * text.length, true), name));
        this.setup.push({ write: `$${name}`, hex: utf16(text) });
        return;
      }
      if (allocation.givesStrings) {
        this.setup.push(named(allocation.call(text.length, true), name));
        this.setup.push({ write: `$${name}`, utf8: text });
        return;
      }
      this.setup.push(named(allocation.call(TEXT_BLOCK, true), name));
      // The final zero is for functions that look for it.
      this.setup.push({ write: `$${name}`, utf8: `${text}\0` });
    });
  }

  /** A block of some bytes. */
  block(name: string, bytes: number): string {
    return this.blockOf(name, { kind: 'block', bytes, writes: false, zeroed: false }, 1);
  }

  private blockOf(name: string, { bytes, writes, zeroed }: Role & { kind: 'block' }, depth: number): string {
    return this.once(name, () => {
      const { allocation } = this.facts;
      if (allocation === undefined) return;
      this.setup.push(named(allocation.call(bytes), name));
      if (zeroed) this.setup.push({ write: `$${name}`, hex: '00'.repeat(bytes) });
      if (writes && depth === 0)
        this.reads.push({ read: `$${name}`, length: Math.min(bytes, READ_BYTES), type: 'bytes' });
    });
  }

  private object(owner: string, maker: Maker, caller: number, depth: number): string {
    const { analysis, module } = this.facts;
    const { name: exported, func } = analysis.exports[maker.position];
    const family = identifier(maker.family.join('_')) || 'object';
    const name = `${owner}_${family}`;
    return this.once(name, () => {
      const { params } = functionType(module, func);
      const inner = `${owner}_${family}_`;
      if (maker.form.kind === 'in-place') {
        const { allocation } = this.facts;
        if (allocation === undefined) return;
        this.setup.push(named(allocation.call(Math.max(IN_PLACE, maker.form.bytes)), identifier(name)));
        const roles = rolesOf(this.facts, maker.position, undefined);
        const args = this.argumentsFor(
          params,
          { roles: [{ kind: 'zero' }, ...roles.slice(1)], text: 'word' },
          inner,
          caller,
          1,
          depth + 1,
        );
        args[0] = `$${identifier(name)}`;
        this.setup.push([exported, ...args]);
        return;
      }
      const roles =
        depth < MAX_DEPTH ? madeRoles(this.facts, maker.position) : rolesOf(this.facts, maker.position, undefined);
      const args = this.argumentsFor(params, { roles, text: 'word' }, inner, caller, 1, depth + 1);
      if (maker.form.kind === 'result') {
        this.setup.push({ call: exported, args, as: identifier(name) });
        return;
      }
      this.setup.push([exported, ...args]);
      const slot = args[maker.form.parameter];
      this.setup.push({ read: String(slot), type: 'u32', as: identifier(name) });
    });
  }

  /** Makes what has a name the first time that it is used. */
  private once(name: string, make: () => void): string {
    const id = identifier(name);
    if (!this.names.has(id)) {
      this.names.set(id, id);
      make();
    }
    return id;
  }
}

const TITLE: Readonly<Partial<Record<Role['kind'], string>>> = { text: 'Text', block: 'Block' };

/** A name for a result. */
const identifier = (text: string): string => text.replace(/\W/g, '_');

const named = ([call, ...args]: Call, as: string): Step => ({ call, args, as });

const utf16 = (text: string): string =>
  [...text]
    .map(
      (c) =>
        (c.charCodeAt(0) & 0xff).toString(16).padStart(2, '0') + (c.charCodeAt(0) >> 8).toString(16).padStart(2, '0'),
    )
    .join('');

function lengthOf(role: Role, text: string): number {
  if (role.kind === 'text') return new TextEncoder().encode(text).length;
  // Less than the block has: functions may read a little further.
  return role.kind === 'block' ? Math.min(role.bytes, READ_BYTES) : 0;
}

/** Addresses that are aligned and not rejected by null checks. */
const fixedAddress = (value: number): number => 4096 + (value % 1000) * 16 + Math.floor(value / 1000) * 256;

/** A number as an argument. */
function numberOf(type: ValType, value: number): Argument {
  if (isRef(type)) return null;
  if (type === I64) return String(value);
  return type === F32 || type === F64 ? value + 0.5 : value;
}

/** Whether calls of an export can reach a function that allocates or frees memory: what is left then depends on the order. */
export function reachesAllocator(
  { graph }: Analysis,
  functions: readonly number[],
  allocators: ReadonlySet<number>,
): boolean {
  const seen = new Set<number>(functions);
  const todo = [...functions];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (allocators.has(node)) return true;
    for (let i = graph.start[node]; i < graph.start[node + 1]; i++) {
      const next = graph.target[i];
      if (!seen.has(next)) {
        seen.add(next);
        todo.push(next);
      }
    }
  }
  return false;
}

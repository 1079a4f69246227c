/** Rewrites function bodies: replaces instructions and adds scratch locals. */
import { Cursor } from '../../wasm/cursor.ts';
import { Encoder } from '../../wasm/encoder.ts';
import { type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import type { Module } from '../../wasm/module.ts';
import { skipLocals } from '../../wasm/skip.ts';
import type { ValType } from '../../wasm/types.ts';
import { Code } from './branchHints.ts';

/** A function body that is being rewritten. */
export interface BodyWriter {
  /** Function index in the original module. */
  func: number;
  out: Code;
  /** Index of a scratch local of that type; `role` distinguishes those of one type. */
  scratch(role: string, type: ValType): number;
}

/** Which instructions are replaced, and by what. */
export interface Rewriting {
  /** Whether instructions of that id may be replaced. */
  wanted(id: number): boolean;
  /**
   * For one body: writes the replacement of an instruction; false if it stays unchanged (something before it may have
   * been written).
   */
  begin(writer: BodyWriter): (instruction: Instruction) => boolean;
}

/** Rewrites any number of bodies of a module. */
export class BodyRewriter {
  private readonly module: Module;
  private readonly rewriting: Rewriting;
  private readonly code = new Code(1 << 16);
  private readonly whole = new Encoder(1 << 16);

  constructor(module: Module, rewriting: Rewriting) {
    this.module = module;
    this.rewriting = rewriting;
  }

  /**
   * Writes the size and the rewritten body of function `func`. Answers its branches that are seldom taken, as offsets from
   * the begin of the body.
   * @throws DecodeFailure on a malformed one
   */
  write(func: number, target: Encoder): number[] {
    const { module, code, whole, rewriting } = this;
    const d = func - module.functions.imported;
    const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
    const header = c.pos;
    const groups = c.u32();
    const groupsAt = c.pos;
    c.pos = header;
    const first = parameterCount(module, func) + skipLocals(c);
    const headerEnd = c.pos;

    code.clear();
    const scratchTypes: ValType[] = [];
    const roles = new Map<string, number>();
    const rewrite = rewriting.begin({
      func,
      out: code,
      scratch(role, type) {
        const key = `${role} ${type}`;
        const known = roles.get(key);
        if (known !== undefined) return known;
        const index = first + scratchTypes.push(type) - 1;
        roles.set(key, index);
        return index;
      },
    });
    let copied = c.pos;
    while (!c.atEnd()) {
      const instruction = nextInstruction(c);
      if (!rewriting.wanted(instruction.id)) continue;
      code.copy(module.bytes, copied, instruction.start);
      copied = instruction.start;
      if (rewrite(instruction)) copied = instruction.end;
    }
    code.copy(module.bytes, copied, c.end);

    whole.clear();
    whole.u32(groups + scratchTypes.length);
    whole.copy(module.bytes, groupsAt, headerEnd);
    for (const type of scratchTypes) {
      whole.u32(1);
      whole.valType(type);
    }
    const codeAt = whole.length;
    whole.copy(code.bytes());
    target.u32(whole.length);
    target.copy(whole.bytes());
    return code.seldom.map((at) => codeAt + at);
  }
}

function parameterCount(module: Module, func: number): number {
  const { composite } = module.types[module.functions.typeIndex[func]];
  return composite.kind === 'func' ? composite.params.length : 0;
}

/** Function bodies: statements of every kind that a shape allows, and those that contain others. */
import { CONCRETE, EXN, FUNCREF, type FuncType, I32, I64, refType, type ValType } from '../../../core/wasm/types.ts';
import { BY_RESULT } from './choices.ts';
import { anyValueType, choice, TYPE } from './shape.ts';
import { SimpleStatementWriter, STRUCT } from './simpleStatements.ts';
import { EMPTY_BLOCK } from './values.ts';

const EXNREF = refType(EXN, true);

/** Writes the statements of one function after another. */
export class StatementWriter extends SimpleStatementWriter {
  private budget = 0;

  /** The body of a function: its locals, its code, the last `end`. */
  body(type: FuncType): void {
    const { next, out } = this;
    const locals = Array.from({ length: next(6) }, () => anyValueType(next));
    this.locals = [...type.params, ...locals];
    this.labels = [type.results];
    this.budget = 12 + next(30);
    out.u32(locals.length);
    for (const local of locals) {
      out.u32(1);
      out.valType(local);
    }
    this.statements(2 + next(6));
    this.leave(type);
    this.op('end');
  }

  /** The results, or a tail call that gives them, or no way to get there. */
  private leave({ results }: FuncType): void {
    const { next, out, shape } = this;
    const same = this.randomIndex(
      shape.functions,
      (one) => String((shape.types[one] as FuncType).results) === String(results),
    );
    if (same !== undefined && next(6) === 0) {
      this.values((shape.types[shape.functions[same]] as FuncType).params, 2);
      if (next(2) === 0) {
        this.op('return_call');
        out.u32(same);
        return;
      }
      if (next(2) === 0) {
        this.value(shape.tables[0].is64 ? I64 : I32, 2);
        this.op('return_call_indirect');
        out.u32(shape.functions[same]);
        out.u32(0);
        return;
      }
      this.value(refType(CONCRETE + shape.functions[same], true), 2);
      this.op('return_call_ref');
      out.u32(shape.functions[same]);
      return;
    }
    if (next(8) === 0) this.op('unreachable');
    else this.values(results);
  }

  private statements(count: number): void {
    for (let i = 0; i < count && this.budget > 0; i++) this.statement();
  }

  private statement(): void {
    this.budget--;
    const { next } = this;
    switch (next(14)) {
      case 0:
      case 1:
        this.plainWithOperands(choice(BY_RESULT.get('') ?? [], next), next(this.shape.memories.length), 0);
        return;
      case 2:
        this.assignment();
        return;
      case 3: {
        this.value(anyValueType(next));
        this.op('drop');
        return;
      }
      case 4:
        this.block();
        return;
      case 5:
        this.branch();
        return;
      case 6:
        this.anyCall();
        return;
      case 7:
        this.tableStatement();
        return;
      case 8:
        this.heapStatement();
        return;
      case 9:
        this.exceptions();
        return;
      case 10:
        this.dead();
        return;
      case 11:
        this.wide();
        return;
      case 12:
        this.castBranch();
        return;
      default:
        this.value(I32);
        this.op('if');
        this.out.u8(EMPTY_BLOCK);
        this.inside([], () => {
          this.statements(2);
          if (next(2) === 0) {
            this.op('else');
            this.statements(2);
          }
        });
    }
  }

  /** Code with one more label, and its `end`. */
  private inside(label: ValType[], write: () => void): void {
    this.labels.push(label);
    write();
    this.op('end');
    this.labels.pop();
  }

  private block(): void {
    const { next, out } = this;
    const isLoop = next(2) === 0;
    const kind = isLoop ? 'loop' : 'block';
    if (next(3) > 0) {
      this.op(kind);
      out.u8(EMPTY_BLOCK);
      this.inside([], () => this.statements(3));
      return;
    }
    // Of type `unary`: with a parameter.
    this.value(I32);
    this.op(kind);
    out.s32(TYPE.unary);
    this.inside([I32], () => {
      this.op('drop');
      this.statements(2);
      this.value(I32);
    });
    this.op('drop');
  }

  /** The number of a label that takes nothing. */
  private emptyLabel(): number | undefined {
    const at = this.randomIndex(this.labels, ({ length }) => length === 0);
    return at === undefined ? undefined : this.labels.length - 1 - at;
  }

  private branch(): void {
    const label = this.emptyLabel();
    if (label === undefined) return;
    const { next, out } = this;
    switch (next(5)) {
      case 0:
        this.op('br');
        out.u32(label);
        return;
      case 1: {
        this.value(I32);
        this.op('br_table');
        const others = Array.from({ length: next(3) }, () => this.emptyLabel() ?? label);
        out.u32(others.length);
        for (const one of [...others, label]) out.u32(one);
        return;
      }
      case 2:
        this.value(choice([FUNCREF, STRUCT], next));
        this.op('br_on_null');
        out.u32(label);
        this.op('drop');
        return;
      case 3:
        this.values(this.labels[0], 3);
        this.op('return');
        return;
      default:
        this.value(I32);
        this.op('br_if');
        out.u32(label);
    }
  }

  private throwing(): void {
    const tag = this.next(this.shape.tags.length);
    this.value(I32);
    this.op('if');
    this.out.u8(EMPTY_BLOCK);
    this.inside([], () => {
      this.values((this.shape.types[this.shape.tags[tag]] as FuncType).params);
      this.op('throw');
      this.out.u32(tag);
    });
  }

  private exceptions(): void {
    this.throwing();
    if (this.shape.features.legacyExceptions) this.legacyTry();
    else this.tryTable();
  }

  private tryTable(): void {
    const { next, out } = this;
    this.op('block');
    out.valType(EXNREF);
    this.inside([EXNREF], () => {
      const label = this.emptyLabel();
      this.op('try_table');
      out.u8(EMPTY_BLOCK);
      out.u32(label === undefined ? 1 : 3);
      if (label !== undefined) {
        out.u8(2);
        out.u32(label);
        out.u8(0);
        out.u32(0);
        out.u32(label);
      }
      out.u8(3);
      out.u32(0);
      this.inside([], () => {
        this.throwing();
        this.statements(2);
      });
      this.op('ref.null');
      out.heapType(EXN);
    });
    this.op(next(3) === 0 ? 'throw_ref' : 'drop');
  }

  private legacyTry(): void {
    const { next, out, shape } = this;
    this.op('try');
    out.u8(EMPTY_BLOCK);
    this.labels.push([]);
    this.throwing();
    this.statements(2);
    if (next(4) === 0) {
      this.op('delegate');
      out.u32(next(this.labels.length - 1));
      this.labels.pop();
      return;
    }
    if (next(2) === 0) {
      const tag = next(shape.tags.length);
      this.op('catch');
      out.u32(tag);
      for (const _ of (shape.types[shape.tags[tag]] as FuncType).params) this.op('drop');
      this.statements(2);
    }
    this.op('catch_all');
    if (next(3) === 0) {
      this.op('rethrow');
      out.u32(0);
    }
    this.op('end');
    this.labels.pop();
  }

  /** Code that nothing reaches, where operands may be missing. */
  private dead(): void {
    const { next, out } = this;
    if (next(3) > 0) {
      this.op('nop');
      return;
    }
    this.op('block');
    out.u8(EMPTY_BLOCK);
    this.inside([], () => {
      this.op(choice(['unreachable', 'br'], next));
      if (out.bytes().at(-1) !== 0) out.u32(0);
      for (let i = next(4); i > 0; i--) {
        const id = choice(BY_RESULT.get(choice(['i', 'l', 'v', 'd'], next)) ?? [], next);
        this.plain(id, 0, 0);
        this.op('drop');
      }
      this.statements(1);
    });
  }

  /** A cast that branches where it succeeds, or where it fails. */
  private castBranch(): void {
    const { next, out } = this;
    const onFail = next(2) === 0;
    const any = refType(0x6e, true);
    this.op('block');
    out.valType(onFail ? any : STRUCT);
    this.inside([onFail ? any : STRUCT], () => {
      this.value(any);
      this.op(onFail ? 'br_on_cast_fail' : 'br_on_cast');
      out.u8(3);
      out.u32(0);
      out.heapType(0x6e);
      out.heapType(CONCRETE + TYPE.struct);
      this.op('drop');
      this.value(onFail ? any : STRUCT);
    });
    this.op('drop');
  }
}

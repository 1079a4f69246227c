/** Appends instructions with their immediates; indices within the bounds of a shape, numbers at random. */
import type { Random } from '../../../core/testing/random.ts';
import { Encoder } from '../../../core/wasm/encoder.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, WIDTH } from '../../../core/wasm/instructions.ts';
import { opcodeBytes } from '../../../core/wasm/testing/everyInstruction.ts';
import { ID } from './choices.ts';
import { choice, type ModuleShape } from './shape.ts';

const INTS = [0, 1, -1, 8, 64, 1024, 65535, 65536, 0x7fffffff, -0x80000000];

/** A writer of expressions, without knowledge of types. */
export class Writer {
  readonly out = new Encoder(512);
  readonly shape: ModuleShape;
  readonly next: Random;

  constructor(shape: ModuleShape, next: Random) {
    this.shape = shape;
    this.next = next;
  }

  /** The opcode of an id, or of a mnemonic with one opcode. */
  op(of: number | string): void {
    for (const byte of opcodeBytes(typeof of === 'number' ? of : ID[of])) this.out.u8(byte);
  }

  int(): number {
    return this.next(3) === 0 ? this.next(2 ** 16) : choice(INTS, this.next);
  }

  /** Random bytes. */
  raw(count: number): void {
    for (let i = 0; i < count; i++) this.out.u8(this.next(256));
  }

  /** Opcode and immediates of an instruction of `BY_RESULT` on this memory, copying from `source`. */
  plain(id: number, memory: number, source: number): void {
    const { out, next } = this;
    this.op(id);
    switch (IMM[id]) {
      case Imm.I32:
        out.s32(this.int());
        return;
      case Imm.I64:
        out.s64(next(4) === 0 ? BigInt(this.int()) << 32n : BigInt(this.int()));
        return;
      case Imm.F32:
        this.raw(4);
        return;
      case Imm.F64:
        this.raw(8);
        return;
      case Imm.V128:
        this.raw(16);
        return;
      case Imm.Shuffle:
        for (let i = 0; i < 16; i++) out.u8(next(32));
        return;
      case Imm.Lane:
        out.u8(next(Number(/x(\d+)/.exec(MNEMONIC[id] ?? '')?.[1] ?? 1)));
        return;
      case Imm.Memarg:
        this.memarg(id, memory);
        return;
      case Imm.MemargLane:
        this.memarg(id, memory);
        out.u8(next(16 / WIDTH[id]));
        return;
      case Imm.Memory:
        out.u32(memory);
        return;
      case Imm.MemoryMemory:
        out.u32(memory);
        out.u32(source);
        return;
      case Imm.DataMemory:
        out.u32(next(this.shape.data.length));
        out.u32(memory);
        return;
      case Imm.Data:
        out.u32(next(this.shape.data.length));
        return;
      case Imm.Fence:
        out.u8(0);
        return;
      default:
    }
  }

  private memarg(id: number, memory: number): void {
    const { out, next } = this;
    const natural = Math.log2(WIDTH[id]);
    const isAtomic = ACCESS[id] >= Access.AtomicLoad && ACCESS[id] <= Access.AtomicNotify;
    const align = isAtomic ? natural : next(natural + 1);
    out.u8(memory > 0 ? align | 0x40 : align);
    if (memory > 0) out.u32(memory);
    const small = choice([0, 0, 4, 16, 1024], next);
    out.u64(this.shape.memories[memory].is64 && next(8) === 0 ? 2n ** 40n : BigInt(small));
  }
}

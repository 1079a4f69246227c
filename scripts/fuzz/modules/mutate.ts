/** Mutants of modules: bytes changed anywhere, or instructions changed within bodies whose sizes stay right. */
import { mutant } from '../../../core/analysis/testing/mutation/mutate.ts';
import type { Random } from '../../../core/testing/random.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { Encoder } from '../../../core/wasm/encoder.ts';
import { joined, spliced } from '../bytes.ts';

/** Bytes that instructions begin with, or that change what is before or behind them. */
const PIECES: readonly (readonly number[])[] = [
  [0x00],
  [0x0b],
  [0x05],
  [0x1a],
  [0x02, 0x40],
  [0x03, 0x40],
  [0x04, 0x40],
  [0x20, 0x00],
  [0x41, 0x00],
  [0x42, 0x7f],
  [0x0c, 0x00],
  [0x0f],
  [0x28, 0x02, 0x00],
  [0x36, 0x02, 0x00],
  [0x3f, 0x00],
  [0x40, 0x00],
  [0x23, 0x00],
  [0x24, 0x00],
  [0x10, 0x00],
  [0xd0, 0x70],
  [0xd2, 0x00],
  [0xfe, 0x1e, 0x02, 0x00],
  [0xfe, 0x10, 0x12, 0x00, 0x00],
  [0xfc, 0x0a, 0x00, 0x00],
  [0xfb, 0x01, 0x01],
  [0x1f, 0x40, 0x00],
];

/** A mutant of any bytes. */
export function mutatedModule(bytes: Uint8Array, next: Random): Uint8Array {
  if (bytes.length < 12) return mutant(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 1, 0), next(2 ** 31), 0).bytes;
  return (next(3) === 0 ? mutatedBody(bytes, next) : undefined) ?? mutant(bytes, next(2 ** 31), next(16)).bytes;
}

/** A body with a piece more, or with bytes less or other ones; undefined where there is none. */
function mutatedBody(bytes: Uint8Array, next: Random): Uint8Array | undefined {
  const { functions, sections } = decodeModule(bytes);
  const code = sections.find(({ id }) => id === 10);
  const count = functions.bodyStart.length;
  if (code === undefined || count === 0) return undefined;
  const chosen = next(count);
  const out = new Encoder(bytes.length + 16);
  out.u32(count);
  for (let i = 0; i < count; i++) {
    let body: Uint8Array = bytes.subarray(functions.bodyStart[i], functions.bodyEnd[i]);
    if (i === chosen && body.length > 2) {
      const at = 1 + next(body.length - 1);
      const piece = Uint8Array.from(PIECES[next(PIECES.length)]);
      const other = next(body.length);
      const copied = body.subarray(other, other + next(8));
      body = spliced(body, at, Math.min(body.length, at + next(3)), next(3) === 0 ? copied : piece);
    }
    out.u32(body.length);
    out.copy(body);
  }
  const section = new Encoder(out.length + 8);
  section.section(10, out);
  return joined([bytes.subarray(0, code.offset), section.bytes(), bytes.subarray(code.end)]);
}

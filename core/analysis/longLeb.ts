/** LEB128 numbers of two bytes or more, kept out of the scanner's hot loop: most numbers have one byte. */
import { t } from '../text/l10n.ts';
import { DecodeFailure } from '../wasm/cursor.ts';

/** Offset behind the number that the last call of this file read: a second result without an object. */
export let longEnd = 0;

/** An unsigned LEB128 of two bytes or more, `first` already read; negative above 2^31. */
export function longU32(bytes: Uint8Array, pos: number, first: number): number {
  let value = first & 127;
  for (let shift = 7; shift < 35; shift += 7) {
    const b = bytes[pos++];
    value |= (b & 127) << shift;
    if (b < 128) {
      longEnd = pos;
      return value;
    }
  }
  throw new DecodeFailure(pos, t('integer representation too long'));
}

/** Like `longU32` for the offset of a memarg, which may have 64 bits: then any negative number. */
export function longOffset(bytes: Uint8Array, pos: number, first: number): number {
  let length = 1;
  while (length < 5 && bytes[pos + length - 1] > 127) length++;
  return length < 4 || (length === 4 && bytes[pos + 3] < 8) ? longU32(bytes, pos, first) : -1;
}

/** A signed LEB128 of two bytes or more, `first` already read; its low 32 bits when it is a 64-bit one. */
export function longS32(bytes: Uint8Array, pos: number, first: number): number {
  let value = first & 127;
  for (let shift = 7; shift < 70; shift += 7) {
    const b = bytes[pos++];
    if (shift < 32) value |= (b & 127) << shift;
    if (b < 128) {
      longEnd = pos;
      return shift < 25 && b & 64 ? value | (-1 << (shift + 7)) : value;
    }
  }
  throw new DecodeFailure(pos, t('integer representation too long'));
}

/** The signed LEB128 number at `pos` as a double, which is exact where it is a safe integer. */
export function longS64(bytes: Uint8Array, pos: number): number {
  // In two parts, for the sum of ten bytes before the sign is known has more bits than a double.
  let low = 0;
  for (let i = 0; i < 4; i++) {
    const b = bytes[pos + i];
    low |= (b & 127) << (7 * i);
    if (b < 128) return b & 64 ? low - (1 << (7 * i + 7)) : low;
  }
  let high = 0;
  let place = 1;
  for (let i = 4; i < 10; i++) {
    const b = bytes[pos + i];
    high += (b & 127) * place;
    place *= 128;
    if (b < 128) return (b & 64 ? high - place : high) * 2 ** 28 + low;
  }
  throw new DecodeFailure(pos, t('integer representation too long'));
}

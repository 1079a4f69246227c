/**
 * Results that are addresses: an address is not what a call means, what it leads to is. A result leads to a text if it is
 * the address of printable text that ends with a zero byte, or an address and a length, in two results or in the halves
 * of one of 64 bits.
 */
import type { MemoryState } from '../run/memoryState.ts';
import type { Answer } from '../scenario/usage/roles.ts';

/** Memory as far as results are followed. */
type Memory = Pick<MemoryState, 'view' | 'bytes'>;

/** Addresses below this are numbers: what is there is never given out. */
const LEAST_ADDRESS = 64;
/** Longest text that is looked at. */
const MAX_TEXT = 4096;
/** Shortest text that ends with a zero byte: anything may be the address of one printable byte. */
const LEAST_TEXT = 3;

/** How a result leads to a text, and the text; undefined for other results. */
export function leadsTo(result: string, memory: Memory): { form: Answer; text: string } | undefined {
  const pair = /^\((\d+), (\d+)\)$/.exec(result);
  if (pair !== null) return ranged('pair', Number(pair[1]), Number(pair[2]), memory);
  if (!/^-?\d{1,20}$/.test(result)) return undefined;
  const value = BigInt(result);
  const unsigned = BigInt.asUintN(64, value);
  const [high, low] = [Number(unsigned >> 32n), Number(unsigned & 0xffffffffn)];
  if (value >= -(1n << 31n) && value < 1n << 31n) {
    const at = Number(BigInt.asUintN(32, value));
    const end = at < LEAST_ADDRESS ? -1 : memory.view.subarray(at, Math.min(memory.bytes, at + MAX_TEXT)).indexOf(0);
    return end < LEAST_TEXT ? undefined : ranged('text', at, end, memory);
  }
  return ranged('high', high, low, memory) ?? ranged('low', low, high, memory);
}

function ranged<Form>(
  form: Form,
  at: number,
  length: number,
  { view, bytes }: Memory,
): { form: Form; text: string } | undefined {
  if (at < LEAST_ADDRESS || length === 0 || length > MAX_TEXT || at + length > bytes) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(view.slice(at, at + length));
    return /^[\t\n\r\P{C}]*$/u.test(text) ? { form, text } : undefined;
  } catch {
    // No text.
    return undefined;
  }
}

/**
 * Names for the words of locks while a body is followed: a word at a fixed address, at a distance from a parameter, or at
 * a distance from a value that some instruction gave.
 */

/** Where a word is, and how wide it is. */
export interface LockKey {
  /** `static`: at byte `offset`. `parameter`, `value`: `offset` bytes from parameter or value number `index`. */
  base: 'static' | 'parameter' | 'value';
  index: number;
  offset: number;
  memory: number;
  /** Width in bytes. */
  width: number;
}

const ADDRESSES = 2 ** 32;

/** The key as a string, for maps. */
export const keyText = ({ base, index, offset, memory, width }: LockKey): string =>
  `${base} ${index} ${offset} ${memory} ${width}`;

/** The key that `keyText` made a string of. */
export function parseKey(text: string): LockKey {
  const [base, ...numbers] = text.split(' ');
  const [index, offset, memory, width] = numbers.map(Number);
  return { base: base as LockKey['base'], index, offset, memory, width };
}

/** Whether the key is at distance from value `index`. */
export const isOfValue = (text: string, index: number): boolean => text.startsWith(`value ${index} `);

/** Whether the address is fixed. */
export const isStaticKey = (text: string): boolean => text.startsWith('static ');

/** Whether the word is at a distance from a value that lasts only as long as the call. */
export const isValueKey = (text: string): boolean => text.startsWith('value ');

/** The key at `address`; undefined where no 32-bit memory has such an address. */
export const staticKey = (address: number, memory: number, width: number): string | undefined =>
  address >= 0 && address + width <= ADDRESSES
    ? keyText({ base: 'static', index: 0, offset: address, memory, width })
    : undefined;

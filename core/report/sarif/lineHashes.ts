/**
 * The hash by which GitHub's code scanning recognises a place although lines move: `primaryLocationLineHash`, computed as
 * the action that uploads logs does (https://github.com/github/codeql-action), which warns of any other value.
 */

/** Characters that a hash is made of: those from the beginning of the line on, without blanks. */
const BLOCK = 100;
const FACTOR = 37;
const LF = 10;
const CR = 13;
const END_OF_FILE = 0xffff;
const TWO_32 = 2 ** 32;

/** An unsigned number of 64 bits. */
interface Wide {
  high: number;
  low: number;
}

/** `a * factor + add`, for `factor` and `add` of at most 16 bits. */
function multiplied({ high, low }: Wide, factor: number, add: number): Wide {
  const product = low * factor + add;
  return { high: (high * factor + Math.floor(product / TWO_32)) % TWO_32, low: product % TWO_32 };
}

function minus(a: Wide, b: Wide): Wide {
  const low = a.low - b.low;
  return { high: (a.high - b.high - (low < 0 ? 1 : 0) + TWO_32) % TWO_32, low: (low + TWO_32) % TWO_32 };
}

const inHex = ({ high, low }: Wide): string =>
  high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');

/** `FACTOR ** BLOCK`: what the oldest character of a full block has been multiplied by when it leaves. */
const LEAVING = Array.from({ length: BLOCK }).reduce<Wide>((power) => multiplied(power, FACTOR, 0), {
  high: 0,
  low: 1,
});

/** The hashes of all lines of a text, `hash:n` for the n-th line with this hash, by line from 1; entry 0 is empty. */
export function lineHashes(text: string): string[] {
  const hashes = [''];
  const seen = new Map<string, number>();
  const block = new Uint16Array(BLOCK);
  // Line that begins at a place of the block, or 0.
  const begins = new Uint32Array(BLOCK);
  let hash: Wide = { high: 0, low: 0 };
  let at = 0;
  let line = 0;
  let isStart = true;

  const flush = (): void => {
    if (begins[at] === 0) return;
    const value = inHex(hash);
    const times = (seen.get(value) ?? 0) + 1;
    seen.set(value, times);
    hashes[begins[at]] = `${value}:${times}`;
    begins[at] = 0;
  };
  const take = (code: number): void => {
    hash = minus(multiplied(hash, FACTOR, code), multiplied(LEAVING, block[at], 0));
    block[at] = code;
    at = (at + 1) % BLOCK;
  };
  const next = (code: number): void => {
    flush();
    if (isStart) begins[at] = ++line;
    isStart = code === LF;
    take(code);
  };

  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || code === 0x09) continue;
    if (code === CR) {
      next(LF);
      if (text.charCodeAt(i + 1) === LF) i++;
    } else next(code);
  }
  next(END_OF_FILE);
  for (let i = 0; i < BLOCK; i++) {
    flush();
    take(0);
  }
  return hashes;
}

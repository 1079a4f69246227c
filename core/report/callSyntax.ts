/** Calls as people write them on a command line: `put(0, 1000); get()`. */
import type { Argument, Call } from '../stress/scenario/steps.ts';

const NAME = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s();,"]+))\s*/sy;
const NUMBER = /^-?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)$/i;
const WORDS = new Set(['nan', 'inf', '-inf']);

/** Parses the calls of one caller; a message says what is wrong, with the character's number from 1. */
export function parseCalls(text: string): Call[] | { message: string } {
  const calls: Call[] = [];
  let at = 0;
  for (;;) {
    NAME.lastIndex = at;
    const name = NAME.exec(text);
    if (name === null) return { message: `at character ${at + 1}: expected the name of an export, as in put(0,1)` };
    at = NAME.lastIndex;
    if (text[at] !== '(') return { message: `at character ${at + 1}: expected "(" after the name, as in put(0,1)` };
    const close = text.indexOf(')', at);
    if (close < 0) return { message: 'a ")" is missing' };
    const inside = text.slice(at + 1, close).trim();
    const args: Argument[] = [];
    for (const piece of inside === '' ? [] : inside.split(',')) {
      const argument = parseArgument(piece.trim());
      if (argument === undefined)
        return { message: `${JSON.stringify(piece.trim())} is not an argument; use a number, nan, inf, -inf or null` };
      args.push(argument);
    }
    calls.push([name[1] !== undefined ? name[1].replace(/\\(.)/gs, '$1') : name[2], ...args]);
    const rest = /^\s*(;?)\s*/.exec(text.slice(close + 1));
    at = close + 1 + (rest?.[0].length ?? 0);
    if (at >= text.length) return calls;
    if (rest?.[1] !== ';') return { message: `at character ${at + 1}: expected ";" between two calls` };
  }
}

/** Undefined for anything else. Integers beyond 53 bits stay strings. */
function parseArgument(text: string): Argument | undefined {
  if (text === 'null') return null;
  if (WORDS.has(text)) return text;
  if (!NUMBER.test(text)) return undefined;
  const [, sign, hex] = /^(-?)(0x.+)$/i.exec(text) ?? [];
  if (hex !== undefined) {
    const value = BigInt(hex) * (sign === '' ? 1n : -1n);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return text;
  return Number(text);
}

/** The inverse of `parseCalls`. */
export const callsSyntax = (calls: readonly Call[]): string =>
  calls.map(([name, ...args]) => `${nameSyntax(name)}(${args.map(argumentSyntax).join(',')})`).join('; ');

const nameSyntax = (name: string): string =>
  /^[^\s();,"]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;

const argumentSyntax = (argument: Argument): string => (Object.is(argument, -0) ? '-0' : String(argument));

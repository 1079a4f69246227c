/**
 * Steps as people write them on a command line: `put(0, 1000); get()`, and protocols:
 * `p = malloc(4); write p "Lena"; r = greet(p, 4); read r>>32 r&0xffffffff utf8; expect r != 0; free(p, 4)`.
 * Names of results stand without the `$` that scenario files have.
 */
import { NUMBER_TYPES, parseExpression } from '../stress/scenario/expression.ts';
import {
  type Argument,
  type Call,
  CONTENT_KEYS,
  contentOf,
  isCall,
  READ_TYPES,
  type ReadStep,
  type Step,
  type WriteStep,
} from '../stress/scenario/steps.ts';

const NAME = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s();,"]+))\s*/sy;
const ASSIGNED = /\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=(?!=)\s*/y;
const STATEMENT = /\s*(write|read|expect)\s+(?!\()/y;
const NUMBER = /^-?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)$/i;
const WORDS = new Set(['nan', 'inf', '-inf']);
const CLOSING: Readonly<Record<string, string>> = { '(': ')' };

/** What is wrong, with the character's number from 1. */
interface SyntaxProblem {
  message: string;
}

/** Parses the steps of one caller. */
export function parseSteps(text: string): Step[] | SyntaxProblem {
  const steps: Step[] = [];
  let at = 0;
  for (;;) {
    ASSIGNED.lastIndex = at;
    const as = ASSIGNED.exec(text)?.[1];
    const start = as === undefined ? at : ASSIGNED.lastIndex;
    STATEMENT.lastIndex = start;
    const word = STATEMENT.exec(text)?.[1];
    const read = word === undefined ? callAt(text, start, as) : statementAt(text, STATEMENT.lastIndex, word, as);
    if ('message' in read) return read;
    steps.push(read.step);
    const rest = /^\s*(;?)\s*/.exec(text.slice(read.end));
    at = read.end + (rest?.[0].length ?? 0);
    if (at >= text.length) return steps;
    if (rest?.[1] !== ';') return { message: `at character ${at + 1}: expected ";" between two calls` };
  }
}

type Read = { step: Step; end: number } | SyntaxProblem;

function callAt(text: string, start: number, as: string | undefined): Read {
  NAME.lastIndex = start;
  const name = NAME.exec(text);
  if (name === null) return { message: `at character ${start + 1}: expected the name of an export, as in put(0,1)` };
  const open = NAME.lastIndex;
  if (text[open] !== '(') return { message: `at character ${open + 1}: expected "(" after the name, as in put(0,1)` };
  const close = endOf(text, open + 1, ')');
  if (close === undefined) return { message: 'a ")" is missing' };
  const args: Argument[] = [];
  const inside = text.slice(open + 1, close);
  for (const piece of inside.trim() === '' ? [] : split(inside, ',')) {
    const argument = parseArgument(piece.trim());
    if (argument === undefined)
      return {
        message: `${JSON.stringify(piece.trim())} is not an argument; use a number, nan, inf, -inf, null or the name of a result`,
      };
    args.push(argument);
  }
  const call = name[1] === undefined ? name[2] : name[1].replace(/\\(.)/gs, '$1');
  if (as === undefined) return { step: [call, ...args], end: close + 1 };
  const names = as.split(/\s*,\s*/);
  return { step: { call, args, as: names.length === 1 ? names[0] : names }, end: close + 1 };
}

function statementAt(text: string, start: number, word: string, as: string | undefined): Read {
  const end = endOf(text, start, ';') ?? text.length;
  const body = text.slice(start, end).trim();
  const place = `at character ${start + 1}`;
  if (word === 'expect') {
    const expect = withDollars(body);
    const parsed = parseExpression(expect);
    return 'message' in parsed ? { message: `${place}: ${parsed.message}` } : { step: { expect }, end };
  }
  if (as?.includes(',') === true) return { message: `${place}: a read has one result, so it takes one name` };
  const words = split(body, ' ').filter((one) => one !== '');
  const step = word === 'write' ? writeOf(words) : readOf(words, as);
  return 'message' in step ? { message: `${place}: ${step.message}` } : { step, end };
}

const WRITE_FORM = `a write is an address and what to write, as in write p "text", write p i32:5 or write p hex:00ff; the kinds are ${CONTENT_KEYS.join(', ')}`;

function writeOf(words: readonly string[]): WriteStep | SyntaxProblem {
  const [address, content, ...more] = words;
  const write = address === undefined ? undefined : numberOrExpression(address);
  if (write === undefined || content === undefined || more.length > 0) return { message: WRITE_FORM };
  if (content.startsWith('"')) return { write, utf8: unquoted(content) };
  const [, kind = '', value = ''] = /^(\w+):(.*)$/s.exec(content) ?? [];
  const key = CONTENT_KEYS.find((one) => one === kind);
  if (key === undefined) return { message: WRITE_FORM };
  if (!NUMBER_TYPES.some((type) => type === key))
    return { write, [key]: value.startsWith('"') ? unquoted(value) : value };
  const number = numberOrExpression(value);
  return number === undefined
    ? { message: `${JSON.stringify(value)} is not a number or an expression` }
    : { write, [key]: number };
}

const READ_FORM = `a read is an address, a length for text or bytes, and a type, as in read p 4 utf8 or read p i32; the types are ${READ_TYPES.join(', ')}`;

function readOf(words: readonly string[], as: string | undefined): ReadStep | SyntaxProblem {
  const type = READ_TYPES.find((one) => one === words.at(-1));
  const [address, size, ...more] = type === undefined ? words : words.slice(0, -1);
  const read = address === undefined ? undefined : numberOrExpression(address);
  const length = size === undefined ? undefined : numberOrExpression(size);
  if (read === undefined || (size !== undefined && length === undefined) || more.length > 0)
    return { message: READ_FORM };
  return {
    read,
    ...(length === undefined ? {} : { length }),
    ...(type === undefined ? {} : { type }),
    ...(as === undefined ? {} : { as }),
  };
}

/** Position of the first `until` outside quotes and parentheses; undefined if there is none. */
function endOf(text: string, start: number, until: string): number | undefined {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (open.length === 0 && char === until) return at;
    else if (CLOSING[char] !== undefined) open.push(CLOSING[char]);
    else if (char === open.at(-1)) open.pop();
  }
  return undefined;
}

/** Splits at every `separator` outside quotes and parentheses. */
function split(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let end = endOf(text, start, separator); end !== undefined; end = endOf(text, start, separator)) {
    pieces.push(text.slice(start, end));
    start = end + 1;
  }
  return [...pieces, text.slice(start)];
}

const unquoted = (text: string): string => text.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1');

/** Undefined for anything else. Integers beyond 53 bits stay strings. */
function parseArgument(text: string): Argument | undefined {
  if (text === 'null') return null;
  if (WORDS.has(text)) return text;
  if (!NUMBER.test(text)) return expressionOf(text);
  const [, sign, hex] = /^(-?)(0x.+)$/i.exec(text) ?? [];
  if (hex !== undefined) {
    const value = BigInt(hex) * (sign === '' ? 1n : -1n);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return text;
  return Number(text);
}

/** An expression of named results as scenario files have it; undefined for anything else. */
function expressionOf(text: string): string | undefined {
  const expression = withDollars(text);
  return expression.includes('$') && !('message' in parseExpression(expression)) ? expression : undefined;
}

/** A number, or an expression with or without names. */
function numberOrExpression(text: string): number | string | undefined {
  const value = parseArgument(text);
  if (value !== undefined && value !== null && !(typeof value === 'string' && WORDS.has(value))) return value;
  return 'message' in parseExpression(text) ? undefined : text;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'[^']*'|0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\$?[A-Za-z_]\w*(\s*\()?/gi;

/** Names of results with the `$` that scenario files have. */
const withDollars = (text: string): string =>
  text.replace(TOKEN, (token, call) => (call === undefined && /^[A-Za-z_]/.test(token) ? `$${token}` : token));

/** The inverse of `withDollars`. */
const withoutDollars = (text: string): string =>
  text.replace(TOKEN, (token) => (token.startsWith('$') ? token.slice(1) : token));

/** The inverse of `parseSteps`; undefined for steps that only a scenario file can have. */
export function stepsSyntax(steps: readonly Step[]): string | undefined {
  const texts = steps.map(stepSyntax);
  return texts.includes(undefined) ? undefined : texts.join('; ');
}

function stepSyntax(step: Step): string | undefined {
  if (isCall(step)) return callSyntax(step);
  if ('call' in step) return assigned(step.as, callSyntax([step.call, ...(step.args ?? [])]));
  if ('expect' in step) return `expect ${withoutDollars(step.expect)}`;
  if (step.memory !== undefined) return undefined;
  if ('write' in step) {
    const { key, value } = contentOf(step) ?? { key: 'utf8', value: '' };
    const content = key === 'utf8' ? `"${String(value).replace(/["\\]/g, '\\$&')}"` : `${key}:${compact(value)}`;
    return `write ${compact(step.write)} ${content}`;
  }
  const { read, length, type, as } = step;
  const words = [
    compact(read),
    ...(length === undefined ? [] : [compact(length)]),
    ...(type === undefined ? [] : [type]),
  ];
  return assigned(as, `read ${words.join(' ')}`);
}

const assigned = (names: string | string[] | undefined, text: string): string =>
  names === undefined ? text : `${[names].flat().join(', ')} = ${text}`;

/** A number or an expression as one word. */
const compact = (value: number | string): string => withoutDollars(String(value)).replace(/\s+/g, '');

const callSyntax = ([name, ...args]: Call): string => `${nameSyntax(name)}(${args.map(argumentSyntax).join(',')})`;

const nameSyntax = (name: string): string =>
  /^[^\s();,"=]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;

const argumentSyntax = (argument: Argument): string =>
  Object.is(argument, -0) ? '-0' : typeof argument === 'string' ? withoutDollars(argument) : String(argument);

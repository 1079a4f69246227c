/** Calls on a command line: read, refused, and written so that they are read again. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import type { Call, Step } from '../stress/scenario/steps.ts';
import { shellWord } from './replayCommand.ts';
import { parseSteps, stepsSyntax } from './stepSyntax.ts';

const READ: [text: string, calls: Call[]][] = [
  ['f()', [['f']]],
  [' f ( ) ; g(1);', [['f'], ['g', 1]]],
  ['put(0, -1,+1)'.replace('+', ''), [['put', 0, -1, 1]]],
  ['f(nan,inf,-inf,null)', [['f', 'nan', 'inf', '-inf', null]]],
  ['f(1.5,-.5,1e3,1E-2)', [['f', 1.5, -0.5, 1000, 0.01]]],
  ['f(0x10,-0x10,0XfF)', [['f', 16, -16, 255]]],
  ['f(9007199254740993,-9223372036854775808)', [['f', '9007199254740993', '-9223372036854775808']]],
  ['f(0xffffffffffffffff)', [['f', '18446744073709551615']]],
  ['""()', [['']]],
  ['"a b;\\"(\\\\"(1)', [['a b;"(\\', 1]]],
  ['ns.func#1->x(1)', [['ns.func#1->x', 1]]],
];

describe('calls that are read', () => {
  for (const [text, calls] of READ) test(text, () => assert.deepEqual(parseSteps(text), calls));
});

const REFUSED: [text: string, message: RegExp][] = [
  ['', /character 1: expected the name of an export/],
  ['f', /character 2: expected "\(" after the name/],
  ['f(', /a "\)" is missing/],
  ['f(1', /a "\)" is missing/],
  ['f(1))', /character 5: expected ";" between two calls/],
  ['f() g()', /character 5: expected ";"/],
  ['f(,)', /"" is not an argument/],
  ['f(1,)', /"" is not an argument/],
  ['f(one two)', /"one two" is not an argument/],
  ['write p', /a write is an address and what to write/],
  ['write p text', /a write is an address/],
  ['write p i32:x+', /is not a number or an expression/],
  ['read', /expected "\(" after the name/],
  ['read p 1 2', /a read is an address/],
  ['expect p ==', /a value is missing at its end/],
  ['f("1")', /is not an argument/],
  ['f(0x)', /"0x" is not an argument/],
  ['f(1_000)', /"1_000" is not an argument/],
  ['"f()', /character 1: expected the name/],
  [';f()', /character 1: expected the name/],
  ['()', /character 1: expected the name/],
];

describe('calls that are refused', () => {
  for (const [text, message] of REFUSED)
    test(text === '' ? 'nothing' : text, () => {
      const parsed = parseSteps(text);
      assert.ok('message' in parsed, JSON.stringify(parsed));
      assert.match(parsed.message, message);
    });
});

const PROTOCOL: [text: string, steps: Step[]][] = [
  ['p = malloc(4)', [{ call: 'malloc', args: [4], as: 'p' }]],
  ['write p "Le;n\\"a"', [{ write: '$p', utf8: 'Le;n"a' }]],
  ['write p+4 i32:h', [{ write: '$p+4', i32: '$h' }]],
  ['write 1024 hex:00ff', [{ write: 1024, hex: '00ff' }]],
  ['r = greet(p,i32(p+4))', [{ call: 'greet', args: ['$p', 'i32($p+4)'], as: 'r' }]],
  ['read r>>32 r&0xffffffff', [{ read: '$r>>32', length: '$r&0xffffffff' }]],
  ['text = read p 4 utf8', [{ read: '$p', length: 4, type: 'utf8', as: 'text' }]],
  ['read 16 i32', [{ read: 16, type: 'i32' }]],
  ['expect text == "a;b" && i32(16) < 2', [{ expect: '$text == "a;b" && i32(16) < 2' }]],
  ['write(1,2)', [['write', 1, 2]]],
];

describe('protocols', () => {
  for (const [text, steps] of PROTOCOL)
    test(text, () => {
      assert.deepEqual(parseSteps(text), steps);
      assert.equal(stepsSyntax(steps), text);
    });

  test('one after the other', () =>
    assert.deepEqual(
      parseSteps(PROTOCOL.map(([text]) => text).join('; ')),
      PROTOCOL.flatMap(([, steps]) => steps),
    ));

  test('that name a memory need a file', () =>
    assert.equal(stepsSyntax([{ read: 0, type: 'i32', memory: 1 }]), undefined));
});

const HOSTILE = [
  'a=b',
  '',
  'f',
  "it's",
  'a"b',
  '\\',
  ';',
  '()',
  'a b',
  '\u001b[31m',
  '\n',
  'ünï',
  '$(x)',
  '`x`',
  '-f',
  '\u202e',
  '!',
  'a\\nb',
];

test('what is written is read again, through a shell, too', () => {
  const calls = HOSTILE.map((name): Call => [name, 1, -0, 'nan', null, '9007199254740993', 1e300, 2.5]);
  const text = stepsSyntax(calls) ?? '';
  assert.deepEqual(parseSteps(text), calls);
  const shell = spawnSync('bash', ['-c', `printf %s ${shellWord(text)}`], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8' },
  });
  if (shell.error === undefined) assert.equal(shell.stdout, text);
});

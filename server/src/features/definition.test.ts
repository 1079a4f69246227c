import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, cursorAt, documentOf, textIn } from '../testing/testDocument.ts';
import { definition } from './definition.ts';

const doc = await documentOf(COUNTER);

function target(marked: string): string | undefined {
  const location = definition(doc, ...cursorAt(doc, marked));
  if (location !== undefined) assert.equal(location.uri, doc.textUri);
  return textIn(doc, location?.range);
}

test('a call leads to the function, from the operand and from the mnemonic', () => {
  assert.match(target('call $bu<|>mp') ?? '', /^\(func \$bump /);
  assert.match(target('ca<|>ll $bump') ?? '', /^\(func \$bump /);
  assert.match(target('call $lo<|>g') ?? '', /^\(import "env" "log"/);
});

test('an export leads to what it exports', () => {
  assert.match(target('(export "incre<|>ment"') ?? '', /^\(func \$increment /);
  assert.match(target('(export "mem<|>ory"') ?? '', /^\(memory \$memory /);
});

test('globals, types, memories and tables lead to their definitions', () => {
  assert.match(target('global.get $coun<|>ter') ?? '', /^\(global \$counter /);
  assert.match(target('call_indirect (type $un<|>ary)') ?? '', /^\(type \$unary /);
  assert.match(target('(func $bump (;2;) (type $un<|>ary)') ?? '', /^\(type \$unary /);
  assert.match(target('memory.g<|>row') ?? '', /^\(memory \$memory /);
});

test('a local leads to its declaration, one without name to its function', () => {
  assert.equal(target('local.get $b<|>y'), '$by');
  assert.equal(target('local.tee $f<|>p'), '$fp');
  assert.match(target('local.get <|>0') ?? '', /^\(func \$double /);
});

test('nothing to go to', () => {
  assert.equal(target('i32.con<|>st 2'), undefined);
  assert.equal(target('i32.m<|>ul'), undefined);
});

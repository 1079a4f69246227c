import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { demangled, useDemangler } from '../core/wasm/demangle.ts';
import { enableDemangling } from './demangler.ts';

after(() => useDemangler(undefined));

test('without a demangler symbols stay as they are', () => {
  assert.equal(
    demangled('_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE'),
    '_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE',
  );
});

test('Rust legacy, Rust v0 and C++ symbols become readable', () => {
  enableDemangling();
  assert.equal(demangled('_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE'), 'core::fmt::Write::write_fmt');
  assert.equal(demangled('_RNvCskwGfYPst2Cb_3foo16example_function'), 'foo::example_function');
  // A variable of one file: its readable form is the end of the symbol.
  assert.equal(demangled('_ZL4hits'), 'hits');
  assert.equal(demangled('_ZNSt3__26vectorIiE9push_backEi'), 'std::__2::vector<int>::push_back(int)');
});

test('symbols are readable by a second instance, as there is one after a trap', () => {
  for (const hash of ['0123456789abcdef', 'fedcba9876543210']) {
    enableDemangling();
    assert.equal(demangled(`_ZN4core3fmt5Write9write_fmt17h${hash}E`), 'core::fmt::Write::write_fmt');
  }
});

test('what is no symbol, or a broken one, stays as it is', () => {
  enableDemangling();
  for (const name of ['plain', '_start', '_Zbogus', '_Z', '_R', '']) assert.equal(demangled(name), name);
});

test('a symbol whose readable form would double with every reference is not tried', () => {
  enableDemangling();
  let symbol = '_Z1f1AIiiE';
  for (let i = 0; i < 24; i++) {
    const reference = i === 0 ? 'S0_' : `S${i.toString(36).toUpperCase()}_`;
    symbol += `S_I${reference}${reference}E`;
  }
  assert.equal(demangled(symbol), symbol);
});

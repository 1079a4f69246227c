/** Python wrappers as texts: what is in them and what is not. That they run is tested on the real wasmtime-py. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WRAP_KINDS } from '../template.ts';
import { generated, wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { testModule, testModules } from '../testing/modules.ts';

it('Python wrappers have no line that is too long, and no character that a name smuggled in', async () => {
  for (const module of await testModules()) {
    for (const kind of WRAP_KINDS) {
      if (module.file === 'command.wasm' && kind === 'test') continue;
      const { text, fileName } = wrap(module, 'wasmtime-py', kind);
      assert.match(fileName, /^[a-z_0-9]+\.py$/);
      const long = text.split('\n').filter((line) => line.length > 88);
      assert.deepEqual(long, [], `${module.file} ${kind}`);
      assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Cf}/u, `${module.file} ${kind}`);
      // A comment in the first two lines could change the encoding of the file.
      assert.match(text, /^"""/);
    }
  }
});

it('every export has a method, whatever its name', async () => {
  const { text } = wrap(await testModule('hostile.wasm'), 'wasmtime-py', 'pool');
  const exports = text.slice(text.indexOf('class _Exports'), text.indexOf('def _failure'));
  const methods = [...exports.matchAll(/^ {4}def ([a-z]\w*)\(/gm)].map(([, name]) => name);
  assert.equal(new Set(methods).size, HOSTILE_NAMES.length);
  for (const keyword of ['class', 'match', 'use', 'close', 'discard', 'lambda'])
    assert.ok(!methods.includes(keyword), keyword);
});

it('the classes are named after the type that the user names', async () => {
  const module = await testModule('wasi.wasm');
  for (const kind of ['pool', 'mutex'] as const) {
    const wrapped = generated(module, 'wasmtime-py', { kind, typeName: 'Codec' });
    assert.ok('text' in wrapped);
    const names = [...wrapped.text.matchAll(/^class (\w+)/gm)].map(([, name]) => name);
    const open = names.filter((name) => !name.startsWith('_'));
    assert.ok(open.length > 8);
    assert.deepEqual(
      open.filter((name) => !name.startsWith('Codec')),
      [],
    );
  }
});

it('imports are given to the constructor: functions as a protocol, state as a class, WASI as a function', async () => {
  const wasi = wrap(await testModule('wasi.wasm'), 'wasmtime-py', 'pool').text;
  assert.match(wasi, /^class Imports\(Protocol\):$/m);
  assert.match(wasi, /^ {4}def env_now\(self, caller: wasmtime\.Caller, \/\) -> int:$/m);
  assert.match(wasi, /^ {8}imports: Imports,\n {8}define: .*\n {8}size: int \| None = None,$/m);
  assert.match(wasi, /^ {8}wasi: Callable\[\[\], wasmtime\.WasiConfig\] = wasmtime\.WasiConfig,$/m);
  const state = wrap(await testModule('state.wasm'), 'wasmtime-py', 'mutex').text;
  assert.match(state, /^ {4}def env_stack_pointer\(self, store: wasmtime\.Store\) -> wasmtime\.Global:$/m);
  const pure = wrap(await testModule('pure.wasm'), 'wasmtime-py', 'pool').text;
  assert.doesNotMatch(pure, /^ +(imports|state|wasi):/m);
});

it('shared memories are made once for a pool, and initialised once', async () => {
  const { text } = wrap(await testModule('reactor-threads.wasm'), 'wasmtime-py', 'pool');
  assert.match(text, /^class SharedMemory\(wasmtime\.SharedMemory\):$/m);
  assert.match(
    text,
    /with self\._first:\n {16}if not self\._initialised:\n {20}slot\.call\(None, "_initialize", \(\)\)/,
  );
  assert.match(text, /config\.shared_memory = True/);
});

it('threads share a store in child processes only, when an environment variable says so', async () => {
  const { text } = wrap(await testModule('counter-global.wasm'), 'wasmtime-py', 'test');
  assert.match(text, /@unittest\.skipUnless\(os\.environ\.get\(UNSAFE\) == "1"/);
  assert.match(text, /"--unsafe", str\(index\)/);
  assert.match(text, /timeout=2 \* PATIENCE/);
  assert.match(text, /epoch_interruption = True/);
});

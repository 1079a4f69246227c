/** What holds for wrappers in every language: names, quoting, bounds, what is said of what is missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { analyse } from '../analysis/analyse.ts';
import { commentLines, nameInComment, tsString } from '../harmless/code.ts';
import { HOST_IDS, HOST_PROFILES } from '../hosts/index.ts';
import { decodeModule } from '../wasm/decode.ts';
import { isPackageName } from './go/packageName.ts';
import { stateModule } from './go/stateModule.ts';
import { Identifiers, identifierOf } from './identifiers.ts';
import { MAX_WRAPPED, surfaceOf } from './surface.ts';
import { WRAP_KINDS } from './template.ts';
import { generated, wrap } from './testing/generate.ts';
import { testModule } from './testing/modules.ts';

const HOSTS = ['wazero', 'wasmtime', 'javascript', 'wasmtime-c-api', 'wamr'] as const;
/** Lone surrogates are in no name: the binary format has UTF-8. */
const anyName = fc.string({ unit: 'binary', maxLength: 60 }).filter((name) => !/\p{Cs}/u.test(name));

describe('names', () => {
  it('become valid, distinct identifiers', () => {
    for (const style of ['Pascal', 'camel', 'snake'] as const) {
      fc.assert(
        fc.property(fc.array(anyName, { maxLength: 20 }), (names) => {
          const scope = new Identifiers(style, ['type']);
          const found = names.map((name, i) => scope.claim(name, `export ${i}`));
          assert.equal(new Set(found).size, names.length);
          for (const one of found) {
            assert.match(one, style === 'Pascal' ? /^[A-Z][A-Za-z0-9]*$/ : /^[a-z][A-Za-z0-9_]*$/);
            assert.ok(one.length <= 50 && one !== 'type', one);
          }
        }),
      );
    }
  });

  it('read as their language writes them', () => {
    assert.deepEqual(
      ['get_value', 'getValue', 'HTTPGet', 'std::vec::push', '2nd'].map((name) => [
        identifierOf(name, 'Pascal'),
        identifierOf(name, 'camel'),
        identifierOf(name, 'snake'),
      ]),
      [
        ['GetValue', 'getValue', 'get_value'],
        ['GetValue', 'getValue', 'get_value'],
        ['HTTPGet', 'httpGet', 'http_get'],
        ['StdVecPush', 'stdVecPush', 'std_vec_push'],
        ['N2nd', 'n2nd', 'n2nd'],
      ],
    );
  });

  it('are what they were in string literals, and end no comment', () => {
    fc.assert(
      fc.property(anyName, (text) => {
        assert.equal(new Function(`return ${tsString(text)}`)(), text);
        const shown = nameInComment(text);
        assert.doesNotMatch(shown, /\*\/|[\n\r\u2028\u2029`]/);
        assert.ok(shown.length <= 62);
        for (const line of commentLines([text])) assert.match(line, /^\/\/[^\n\r\u2028\u2029]*$/);
      }),
    );
  });
});

describe('wrappers', () => {
  it('begin with the evidence that is given, whatever is in it', async () => {
    const module = await testModule('pure.wasm');
    for (const host of HOSTS) {
      for (const kind of WRAP_KINDS) {
        const evidence = ['Race at 0x1f.\nfunc main() {}', 'x */ y', 'w'.repeat(10_000), ...Array(500).fill('more')];
        const { text } = wrap(module, host, kind, { evidence });
        const [head] = text.split('\n\n');
        assert.match(head, /^\/\/ Race at 0x1f\. func main\(\) \{\}$/m);
        assert.ok(head.split('\n').every((line) => line.startsWith('//')));
        assert.ok(head.length < 6000);
        assert.doesNotMatch(head, /Static analysis/);
      }
    }
  });

  it('say from the analysis what conflicts, where no evidence is given', async () => {
    const { text } = wrap(await testModule('counter-global.wasm'), 'wazero', 'pool');
    assert.match(text, /^\/\/ - stateful: `increment`$/m);
    assert.match(text, /^\/\/ - `increment`: conflicts with itself and 1 other export \(definite: global \$count\)$/m);
  });

  it('say what one protocol is, and what a pool does to state', async () => {
    const protocols = [
      ['wazero', /Malloc, WriteMemory, the call, ReadMemory and Free belong in one Do: /],
      ['wasmtime', /malloc, write_memory, the call, read_memory and free belong in one run: /],
      [
        'wasmtime-c-api',
        /my_wasi_malloc, my_wasi_memory_write, the call, my_wasi_memory_read and my_wasi_free belong in one (?:loan of one instance|critical section): /,
      ],
      ['javascript', /malloc, writeMemory, the call, readMemory and free belong in one use: /],
    ] as const;
    const [wasi, counter, frames] = await Promise.all(
      ['wasi.wasm', 'counter-global.wasm', 'shadow-stack.wasm'].map(testModule),
    );
    const flat = (text: string): string => text.replaceAll('\n// ', ' ');
    for (const [host, protocol] of protocols) {
      for (const kind of ['pool', 'mutex'] as const) assert.match(flat(wrap(wasi, host, kind).text), protocol);
      const state = /`increment` leaves state behind in the instance that ran the call/;
      assert.match(flat(wrap(counter, host, 'pool').text), state);
      assert.doesNotMatch(flat(wrap(counter, host, 'mutex').text), state);
      assert.doesNotMatch(flat(wrap(frames, host, 'pool').text), /state behind/);
    }
  });

  it('say that bindings of a toolchain do more', async () => {
    const bytes = await parse('(module (func (export "__wbindgen_start")) (func (export "f")))');
    assert.match(
      wrap({ file: 'bound.wasm', bytes }, 'wazero', 'pool').text,
      /^\/\/ wasm-bindgen generated this module/m,
    );
  });

  it('are bounded, and name what they leave out', async () => {
    const many = await testModule('many.wasm');
    const types = await testModule('types.wasm');
    for (const host of HOSTS) {
      const { text } = wrap(many, host, 'pool');
      assert.match(text, new RegExp(`^// - "f_${MAX_WRAPPED}": only the first ${MAX_WRAPPED} are wrapped$`, 'm'));
      assert.match(text, /^\/\/ - and 790 more$/m);
      assert.ok(text.length < 300_000);
      const odd = wrap(types, host, 'pool').text;
      assert.match(odd, /^\/\/ - "too_many": it has more than 16 parameters or results$/m);
      assert.match(odd, /^\/\/ - "vector": it takes or returns v128 values$/m);
      assert.match(odd, /^\/\/ - "reference": it takes or returns references$/m);
    }
  });

  it('exist for every host, or say for which there are some', async () => {
    const module = await testModule('pure.wasm');
    for (const host of HOST_IDS) {
      const wrapped = generated(module, host, { kind: 'pool' });
      if ('refusal' in HOST_PROFILES[host].template) {
        assert.ok('refusal' in wrapped);
        assert.match(wrapped.refusal, /There are templates for wazero, wasmtime, wasmtime-c-api, .*, extism\.$/);
      } else assert.ok('text' in wrapped, host);
    }
  });

  it('hammer what conflicts on one instance, also where the host gives each caller its own', async () => {
    const { text } = wrap(await testModule('counter-global.wasm'), 'extism', 'test');
    assert.match(text, /^\t\/\/ They conflict on global \$count\.$/m);
    assert.match(text, /TestHammerShared runs exports that conflict on one instance/);
  });

  it('refuse what there is nothing to do with', async () => {
    const wrapped = generated(await testModule('command.wasm'), 'wazero', { kind: 'test' });
    assert.ok('refusal' in wrapped && /nothing to hammer/.test(wrapped.refusal));
  });

  it('have package names that Go allows', () => {
    for (const good of ['counter', 'main', 'a1', 'my_pool']) assert.ok(isPackageName(good), good);
    for (const bad of ['', 'Counter', 'type', 'fmt', 'a-b', '1a', 'init', 'x'.repeat(100)])
      assert.ok(!isPackageName(bad), bad);
  });
});

it('state that Go cannot make comes from a module that does', async () => {
  const { bytes } = await testModule('state.wasm');
  const module = decodeModule(bytes);
  const { functions, state } = surfaceOf(module, analyse(module, { host: 'wazero', model: 'auto' }));
  const from = (name: string): Record<string, unknown> => {
    const own = (one: { module: string }): boolean => one.module === name;
    const made = stateModule(`${name}.functions`, functions.filter(own), state.filter(own));
    const engine = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } } & {
      WebAssembly: { Instance: new (module: object, imports: object) => { exports: Record<string, unknown> } };
    };
    const { Module, Instance } = engine.WebAssembly;
    return new Instance(new Module(made), { 'env.functions': { tick: (n: number) => n + 1 } }).exports;
  };
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object, imports: object) => { exports: Record<string, (n: number) => number> };
    };
  };
  const imports = { env: from('env'), 'GOT.mem': from('GOT.mem') };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  assert.equal(exports.step(5), 2);
});

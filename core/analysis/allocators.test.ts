import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../testing/paths.ts';
import { random } from '../testing/random.ts';
import { decodeModule } from '../wasm/decode.ts';
import { functionName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { allocatorKind } from './allocatorNames.ts';
import { looksLikeAllocator } from './allocatorShape.ts';
import { allocatorsOf } from './allocators.ts';

const SIZE_TO_ADDRESS = '(param i32) (result i32)';
const STACK = '(global $__stack_pointer (mut i32) (i32.const 65536))';

const decoded = async (fields: string): Promise<Module> => decodeModule(await parse(`(module ${fields})`));

/** The functions found, as `allocates a, b; frees c`. */
function found(module: Module): string {
  return Object.entries(allocatorsOf(module))
    .filter(([, functions]) => functions.size > 0)
    .map(([kind, functions]) => `${kind} ${[...functions].map((func) => functionName(module, func)).join(', ')}`)
    .join('; ');
}

/** Whether `$malloc` with this body can be an allocator. */
async function canBe(body: string, others = ''): Promise<boolean> {
  const module = await decoded(`(memory 1) ${STACK} (global $heap (mut i32) (i32.const 4096))
    (global $base i32 (i32.const 2048)) ${others} (func $malloc ${SIZE_TO_ADDRESS} (local i32 i32) ${body})`);
  const func = [...module.names.functions].find(([, name]) => name === 'malloc')?.[0] ?? -1;
  const can = looksLikeAllocator(module, func);
  assert.equal(allocatorsOf(module).allocates.has(func), can);
  return can;
}

const BUMP = `(local.set 1 (global.get $heap)) (global.set $heap (i32.add (global.get $heap) (local.get 0))) (local.get 1)`;

describe('allocators: names', () => {
  const names: [kind: ReturnType<typeof allocatorKind>, params: number, ...names: string[]][] = [
    ['allocates', 1, 'malloc', '_malloc', 'dlmalloc', 'emmalloc_malloc', 'mi_malloc', '__libc_malloc', '__wrap_malloc'],
    ['allocates', 1, 'emscripten_builtin_malloc', '__wrap___libc_malloc', 'valloc', 'malloc.command_export'],
    [
      'allocates',
      2,
      'calloc',
      'dlcalloc',
      'aligned_alloc',
      'memalign',
      'emmalloc_memalign',
      'emscripten_builtin_calloc',
    ],
    ['allocates', 1, '_Znwm', '_Znam', '_Znwj', '_Znaj', 'operator new(unsigned long)', 'operator new[](unsigned int)'],
    ['allocates', 2, '_ZnwmRKSt9nothrow_t', '_ZnwmSt11align_val_t', 'operator new(unsigned long, std::align_val_t)'],
    ['allocates', 3, 'operator new[](unsigned long, std::align_val_t, std::nothrow_t const&)'],
    ['allocates', 2, '__rust_alloc', '__rust_alloc_zeroed', '__rdl_alloc', '__rg_alloc', '__rustc::__rust_alloc'],
    ['allocates', 2, '_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc', '__rustc[38b9]::__rdl_alloc_zeroed'],
    ['allocates', 2, '_ZN5alloc5alloc15exchange_malloc17h0123456789abcdefE', 'alloc::alloc::alloc::h0123456789abcdef'],
    ['allocates', 2, '_ZN8dlmalloc8dlmalloc17Dlmalloc$LT$A$GT$6malloc17h0123456789abcdefE.llvm.1234567890'],
    [
      'allocates',
      1,
      '_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlmallocINtB5_8DlmallocNtNtB7_3sys6SystemE6mallocCsebHcaeoSrxy_3std',
    ],
    [
      'allocates',
      2,
      'dlmalloc::dlmalloc::Dlmalloc<A>::malloc::h0123456789abcdef',
      '<dlmalloc::dlmalloc::Dlmalloc>::malloc',
    ],
    [
      'allocates',
      2,
      '__wbindgen_malloc',
      '__new',
      '~lib/rt/itcms/__new',
      '~lib/rt/tlsf/allocateBlock',
      'runtime.alloc',
    ],
    ['allocates', 1, '__wbindgen_malloc', '~lib/rt/stub/__alloc', '~lib/memory/heap.alloc', 'alloc', 'allocate'],
    ['allocates', 4, 'heap.WasmAllocator.alloc'],
    ['reallocates', 2, 'realloc', 'dlrealloc', '~lib/rt/itcms/__renew', 'sqlite3_realloc64'],
    ['reallocates', 4, 'cabi_realloc', 'canonical_abi_realloc', 'cabi_realloc_wit_bindgen_0_39_0', '__rust_realloc'],
    ['frees', 1, 'free', '_free', 'cfree', 'dlfree', '_ZdlPv', '_ZdaPv', 'operator delete(void*)', '__unpin', '__free'],
    ['allocates', 1, 'runtime.alloc', '__rust_alloc'],
    ['reallocates', 3, '__rust_realloc'],
    ['frees', 2, '_ZdlPvm', 'operator delete[](void*, unsigned long)', '__wbindgen_free', 'runtime.free'],
    ['frees', 3, '__rust_dealloc', '_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc', '__wbindgen_free'],
  ];
  for (const [kind, params, ...list] of names)
    test(`${kind} with ${params}: ${list.join(' ')}`.slice(0, 100), () => {
      for (const name of list) assert.equal(allocatorKind(name, params), kind, name);
    });

  test('names that say something else', () => {
    const others = [
      // A prefix may be that of a pool, of an arena, or of a constructor.
      ...[
        'llhttp_alloc',
        'pool_alloc',
        'get_alloc',
        'png_malloc',
        'list_free',
        'stackAlloc',
        '_emscripten_stack_alloc',
      ],
      // They get the address that they return.
      ...['_ZnwmPv', 'operator new(unsigned long, void*)', 'Foo::operator new(unsigned long)', '_ZdlPvS_'],
      // The address is passed back in memory.
      ...['posix_memalign', 'strdup', 'malloc_usable_size', '__externref_table_alloc', 'alloc::raw_vec::finish_grow'],
      // Results of Go are not WebAssembly's.
      ...['runtime.mallocgc', 'runtime.newobject', 'malloc\0', 'my malloc', 'malloc ', '', 'xmalloc'],
    ];
    for (const name of others)
      for (const params of [1, 2, 3, 4]) assert.equal(allocatorKind(name, params), undefined, name);
  });

  test('a name with another number of parameters is none', () => {
    for (const [name, params] of [
      ['malloc', 0],
      ['malloc', 2],
      ['calloc', 1],
      ['cabi_realloc', 1],
      ['free', 2],
    ] as const)
      assert.equal(allocatorKind(name, params), undefined, name);
  });

  test('hostile names are harmless', () => {
    const long = 'a'.repeat(1 << 20);
    const names = [
      `malloc${long}`,
      `${long}malloc`,
      `_RNvCs${long}_7___rustc12___rust_alloc`,
      `malloc${'.llvm.1'.repeat(40)}`,
      `malloc${'.1'.repeat(140)}x`,
      `_RNvM${'_8dlmalloc8dlmallocI'.repeat(14)}`,
      `__rustc[${'a'.repeat(290)}`,
      `_ZN8dlmalloc8dlmalloc${'8Dlmalloc'.repeat(30)}`,
      '__proto__',
      'constructor',
      'toString',
    ];
    const started = process.threadCpuUsage();
    for (let k = 0; k < 1000; k++) for (const name of names) allocatorKind(name, 1);
    const { user, system } = process.threadCpuUsage(started);
    assert.ok(user + system < 2_000_000, `${user + system} microseconds`);
  });
});

describe('allocators: types', () => {
  test('imports, exports and the name section are looked at', async () => {
    const module = await decoded(`
      (import "env" "malloc" (func (param i32) (result i32)))
      (import "env" "free" (func (param i32)))
      (import "env" "_Znwm" (func (param i64) (result i64)))
      (memory (export "memory") 1) (global $heap (mut i32) (i32.const 4096))
      (func $dlmalloc ${SIZE_TO_ADDRESS} (local i32) ${BUMP})
      (func (export "alloc") ${SIZE_TO_ADDRESS} (call $dlmalloc (local.get 0)))
      (func $dlfree (param i32))
      (func (export "realloc") (param i32 i32) (result i32) (call $dlmalloc (local.get 1)))`);
    assert.equal(
      found(module),
      'allocates $dlmalloc, alloc, env.malloc, env._Znwm; frees $dlfree, env.free; reallocates realloc',
    );
  });

  test('a type that does not fit', async () => {
    for (const type of ['(param i32)', '(param f32) (result i32)', '(param i32) (result f64)', '(result i32)'])
      assert.equal(found(await decoded(`(import "env" "malloc" (func ${type}))`)), '', type);
    for (const type of ['(param i32) (result i32)', '', '(param f64)', '(param externref)'])
      assert.equal(found(await decoded(`(import "env" "free" (func ${type}))`)), '', type);
  });

  test('names of functions that do not exist, and bodies that cannot be read', () => {
    const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];
    const section = (id: number, ...bytes: number[]): number[] => [id, bytes.length, ...bytes];
    const names = [2, 0, ...text('malloc'), 9, ...text('malloc')];
    const bytes = [
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7f),
      ...section(3, 1, 0),
      // An unknown instruction.
      ...section(10, 1, 3, 0, 0xff, 0x0b),
      ...section(0, ...text('name'), 1, names.length, ...names),
    ];
    assert.equal(found(decodeModule(Uint8Array.from(bytes))), '');
  });
});

describe('allocators: shapes', () => {
  const LOAD = '(i32.load (i32.const 1024))';
  const can: Record<string, string> = {
    'a bump pointer in a global': BUMP,
    'a bump pointer in memory': `(local.set 1 ${LOAD}) (i32.store (i32.const 1024) (i32.add ${LOAD} (local.get 0))) (local.get 1)`,
    'a free list with heads by size':
      '(local.set 1 (i32.load offset=2048 (local.tee 2 (i32.shl (local.get 0) (i32.const 2)))))' +
      '(i32.store offset=2048 (local.get 2) (i32.load (local.get 1))) (local.get 1)',
    'a list in a loop':
      `(local.set 1 ${LOAD}) (block (loop (br_if 1 (i32.ge_u (i32.load (local.get 1)) (local.get 0)))` +
      '(local.set 1 (i32.load offset=4 (local.get 1))) (br 0))) (i32.store (local.get 1) (i32.const 0)) (local.get 1)',
    pages: '(i32.shl (memory.grow (i32.const 1)) (i32.const 16))',
    'an atomic bump pointer': '(i32.atomic.rmw.add (i32.const 1024) (local.get 0))',
    'a value that passes through a frame':
      `(global.set $__stack_pointer (local.tee 1 (i32.sub (global.get $__stack_pointer) (i32.const 16))))` +
      `(i32.store offset=12 (local.get 1) ${LOAD}) (i32.store (i32.const 1024) (local.get 0))` +
      `(global.set $__stack_pointer (i32.add (local.get 1) (i32.const 16))) (i32.load offset=12 (local.get 1))`,
  };
  for (const [what, body] of Object.entries(can)) test(`can be: ${what}`, async () => assert.ok(await canBe(body)));

  const cannot: Record<string, string> = {
    'a constant': '(i32.const 4096)',
    'its argument': '(local.get 0)',
    'its argument in another local': '(local.set 1 (i32.add (local.get 0) (i32.const 8))) (local.get 1)',
    'what its argument points to': '(i32.store (local.get 0) (i32.const 1)) (i32.load offset=4 (local.get 0))',
    'a global that nothing sets': '(global.get $heap)',
    'an immutable global': '(i32.add (global.get $base) (local.get 0))',
    'static data that nothing writes': LOAD,
    'a constant, after a count of the calls':
      '(global.set $heap (i32.add (global.get $heap) (i32.const 1))) (i32.const 4096)',
    'a constant, chosen by state':
      '(global.set $heap (i32.const 8)) (select (i32.const 4096) (i32.const 8192) (global.get $heap))',
    'a constant by a branch': '(block (result i32) (br 0 (i32.const 4096)))',
    'a comparison of state': '(global.set $heap (local.get 0)) (i32.eqz (global.get $heap))',
    'its argument through a frame':
      '(global.set $__stack_pointer (local.tee 1 (i32.sub (global.get $__stack_pointer) (i32.const 16))))' +
      '(i32.store offset=12 (local.get 1) (local.get 0)) (local.set 2 (i32.load offset=12 (local.get 1)))' +
      '(global.set $__stack_pointer (i32.add (local.get 1) (i32.const 16))) (local.get 2)',
    'the size of the memory is compared': '(i32.gt_u (memory.size) (local.get 0))',
    'no return': '(unreachable)',
    'itself, for ever': '(call $malloc (local.get 0))',
  };
  for (const [what, body] of Object.entries(cannot))
    test(`cannot be: ${what}`, async () => assert.ok(!(await canBe(body))));

  test('callees count', async () => {
    const bump = `(func $more ${SIZE_TO_ADDRESS} (local i32) ${BUMP})`;
    assert.ok(await canBe('(call $more (local.get 0))', bump));
    assert.ok(await canBe('(return_call $more (local.get 0))', bump));
    assert.ok(!(await canBe('(drop (call $more (local.get 0))) (i32.const 4096)', bump)));
    const same = `(func $same ${SIZE_TO_ADDRESS} (local.get 0))`;
    assert.ok(!(await canBe('(call $same (call $same (local.get 0)))', same)));
    // Loads and stores through helpers, as compilers outline them for size.
    const helpers =
      '(func $load (param i32) (result i32) (i32.load (local.get 0)))' +
      '(func $store (param i32 i32) (i32.store (local.get 0) (local.get 1)))';
    const use =
      '(local.set 1 (call $load (i32.const 1024))) (call $store (i32.const 1024) (local.get 0)) (local.get 1)';
    assert.ok(await canBe(use, helpers));
    assert.ok(!(await canBe(use.replaceAll('(i32.const 1024)', '(local.get 0)'), helpers)));
    const host = '(import "env" "sbrk" (func $sbrk (param i32) (result i32)))';
    const module = await decoded(`${host} (func $malloc ${SIZE_TO_ADDRESS} (call $sbrk (local.get 0)))`);
    assert.equal(found(module), 'allocates $malloc');
  });

  test('code that would take long to follow is none, and no time is spent on it', async () => {
    const locals = 3000;
    const chain = Array.from({ length: locals }, (_, k) => `(local.set ${k + 3} (local.get ${k + 4}))`).join(' ');
    const body = `(local ${'i32 '.repeat(locals + 2)}) (loop ${chain} (local.set ${locals + 3} (global.get $heap)) (br_if 0 (local.get 0)))
      (global.set $heap (local.get 0)) (local.get 3)`;
    const names = Array.from(
      { length: 200 },
      (_, k) => `(func $malloc.${k} ${SIZE_TO_ADDRESS} (local i32 i32) ${body})`,
    );
    const module = await decoded(`(global $heap (mut i32) (i32.const 1)) ${names.join(' ')}`);
    const started = process.threadCpuUsage();
    assert.equal(found(module), '');
    const { user, system } = process.threadCpuUsage(started);
    assert.ok(user + system < 3_000_000, `${user + system} microseconds`);
  });
});

describe('allocators: bodies', () => {
  // The constants of dlmalloc, and enough code for its size.
  const constants = [-65, -8, 11, 16, 20, 25, 29, 31, 244, 255, 0xffffff]
    .map((n) => `(drop (i32.const ${n}))`)
    .join(' ');
  const long = constants.repeat(120);
  const state = '(drop (i32.const 2000)) (drop (i32.const 2004))';
  const module = (malloc: string, free = ''): Promise<Module> =>
    decoded(`(memory 1) (global $heap (mut i32) (i32.const 4096))
      (func (export "a") ${SIZE_TO_ADDRESS} (local i32) ${long} ${malloc}) (func (export "b") (param i32) ${free})`);

  test('a function with the constants and the shape', async () => {
    assert.equal(found(await module(BUMP)), 'allocates a');
    const free = constants.repeat(40).replaceAll('-65', '-2');
    assert.equal(found(await module(`${state} ${BUMP}`, `${free} ${state}`)), 'allocates a; frees b');
    // The state of another allocator.
    assert.equal(found(await module(BUMP, `${free} ${state}`)), 'allocates a');
  });

  test('constants are not enough', async () => {
    assert.equal(found(await module('(local.get 0)')), '');
    assert.equal(found(await module('(i32.const 4096)')), '');
  });

  test('nor is the shape', async () => {
    const without = (await parse(`(module (global $heap (mut i32) (i32.const 4096))
      (func ${SIZE_TO_ADDRESS} (local i32) ${long.replaceAll('244', '245')} ${BUMP}))`)) as Uint8Array;
    assert.equal(found(decodeModule(without)), '');
  });
});

test('bodies that are malformed in any way are no error', async () => {
  const valid = await parse(`(module (memory 1) (global $heap (mut i32) (i32.const 4096))
    (func $more ${SIZE_TO_ADDRESS} (local i32) (block (loop (br_if 1 (local.get 0)) (br_if 0 (local.get 1)))) ${BUMP})
    (func $malloc ${SIZE_TO_ADDRESS} (if (result i32) (local.get 0)
      (then (call $more (i32.load offset=8 (local.get 0)))) (else (select (i32.const 8) (local.get 0) (local.get 0))))))`);
  const { bodyStart, bodyEnd } = decodeModule(valid).functions;
  // Ends, arms, handlers, branches, calls, prefixes, and anything else.
  const likely = [
    0x0b, 0x05, 0x07, 0x18, 0x19, 0x02, 0x03, 0x04, 0x0c, 0x0e, 0x0f, 0x10, 0x11, 0x1c, 0x1f, 0xfb, 0xfc, 0xfe,
  ];
  const pick = random(5);
  for (let k = 0; k < 20_000; k++) {
    const bytes = valid.slice();
    for (let changes = 1 + pick(4); changes > 0; changes--)
      bytes[bodyStart[0] + pick(bodyEnd[1] - bodyStart[0])] = pick(3) > 0 ? likely[pick(likely.length)] : pick(256);
    allocatorsOf(decodeModule(bytes));
  }
});

test('allocators of the fixtures', () => {
  const all = globSync('*.wasm', { cwd: FIXTURES })
    .sort()
    .map((file) => [file, found(decodeModule(readFileSync(join(FIXTURES, file))))])
    .filter(([, text]) => text !== '');
  assert.deepEqual(all, [
    ['bump-allocator.wasm', 'allocates malloc'],
    ['greeting.wasm', 'allocates $malloc'],
  ]);
});

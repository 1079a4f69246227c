import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runScenario } from './run.ts';

const only = process.argv[2];
const W = 'wasi_snapshot_preview1';
const cases: Record<string, () => Promise<unknown>> = {
  i64number: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result i64))) (func (export "f") (result i64) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: { f: () => 5 } } },
    ),
  multi: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result i32 i32))) (func (export "f") (result i32 i32) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: { f: () => 5 } } },
    ),
  symbol: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: { f: () => Symbol('x') } } },
    ),
  funcref: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result funcref))) (func (export "f") (result i32) (ref.is_null (call $f))))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: { f: () => 5 } } },
    ),
  rejects: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      {
        imports: {
          e: {
            f: async () => {
              throw new Error('late');
            },
          },
        },
      },
    ),
  thenable: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: { f: () => ({ then() {} }) } } },
    ),
  proto: () =>
    runScenario(
      '(module (import "__proto__" "zzz" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]] },
    ).then((r) => [r, 'polluted', ({} as any).zzz]),
  protoTo: () =>
    runScenario(
      '(module (import "__proto__" "toString" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]] },
    ).then((r) => [r, `${Object.prototype.toString}`.length]),
  wasiTo: () =>
    runScenario(
      `(module (import "${W}" "toString" (func $f (result i32))) (memory (export "memory") 1) (func (export "f") (result i32) (call $f)))`,
      { callers: [[['f']]] },
    ),
  givenTo: () =>
    runScenario(
      '(module (import "e" "toString" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
      { callers: [[['f']]], imports: { module: 'g.js' } },
      { imports: { e: {} } },
    ),
  wasiResult: () =>
    runScenario(
      `(module (import "${W}" "sched_yield" (func $f (result i64))) (memory (export "memory") 1) (func (export "f") (result i64) (call $f)))`,
      { callers: [[['f']]] },
    ),
  wasi64: () =>
    runScenario(
      `(module (import "${W}" "fd_write" (func $f (param i32 i64 i64 i64) (result i32))) (memory (export "memory") i64 1) (func (export "f") (result i32) (call $f (i32.const 1) (i64.const 0) (i64.const 1) (i64.const 8))))`,
      { callers: [[['f']]] },
    ),
  bigRandom: () =>
    runScenario(
      `(module (import "${W}" "random_get" (func $f (param i32 i32) (result i32))) (memory (export "memory") 2) (func (export "f") (result i32) (call $f (i32.const 0) (i32.const 70000))))`,
      { callers: [[['f']]], wasi: { random: true } },
      { environment: { world: { nanoseconds: () => 0n, random: (b) => void crypto.getRandomValues(b as never) } } },
    ),
  args: () =>
    runScenario(
      `(module (import "${W}" "args_get" (func $f (param i32 i32) (result i32))) (memory (export "memory") 2) (func (export "f") (result i32) (i32.load8_u (i32.const 3000)) (drop (call $f (i32.const 0) (i32.const 2000)))) (func (export "g") (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))))`,
      { callers: [[['f']], [['g'], ['g']]], wasi: { args: ['a'.repeat(2000)] } },
    ),
  bigMemory: () => runScenario('(module (import "e" "m" (memory 65536)) (func (export "f")))', { callers: [[['f']]] }),
  bigMax64: () =>
    runScenario(
      '(module (import "e" "m" (memory i64 1 0x1000000000000)) (func (export "f") (result i64) (memory.size)))',
      { callers: [[['f']]] },
    ),
  bigTable: () =>
    runScenario('(module (import "e" "t" (table 20000000 funcref)) (func (export "f")))', { callers: [[['f']]] }),
  typedTable: () =>
    runScenario(
      '(module (type $t (func)) (import "e" "t" (table 2 (ref null $t))) (func (export "f") (result i32) (table.size)))',
      { callers: [[['f']]] },
    ),
  eqTable: () =>
    runScenario(
      '(module (import "e" "t" (table 2 eqref)) (import "e" "g" (global i31ref)) (import "e" "h" (global structref)) (func (export "f") (result i32) (table.size)))',
      { callers: [[['f']]] },
    ),
  exnGlobal: () =>
    runScenario('(module (import "e" "g" (global exnref)) (func (export "f") ))', { callers: [[['f']]] }),
  v128Global: () =>
    runScenario(
      '(module (import "e" "g" (global (mut v128))) (func (export "f") (result i32) (i32x4.extract_lane 0 (global.get 0))))',
      { callers: [[['f']]] },
    ),
  nonNull: () =>
    runScenario('(module (import "e" "g" (global (ref func))) (func (export "f") ))', { callers: [[['f']]] }),
  nonNullExtern: () =>
    runScenario('(module (import "e" "g" (global (ref extern))) (func (export "f") ))', { callers: [[['f']]] }),
  tag: () =>
    runScenario(
      '(module (import "e" "t" (tag (param i32 i64 externref))) (func (export "f") (throw 0 (i32.const 1) (i64.const 2) (ref.null extern))))',
      { callers: [[['f']]] },
    ),
  dup: () =>
    runScenario(
      '(module (import "e" "m" (memory 1)) (import "e" "m" (memory 1)) (func (export "f") (result i32) (i32.store 0 (i32.const 0) (i32.const 5)) (i32.load 1 (i32.const 0))))',
      { callers: [[['f']]] },
    ),
  dupf: () =>
    runScenario(
      '(module (import "e" "m" (func $a (result i32))) (import "e" "m" (func $b (result i64))) (func (export "f") (result i32) (call $a)) (func (export "g") (result i64) (call $b)))',
      { callers: [[['f'], ['g']]] },
    ),
  hugeWrite: () =>
    runScenario(
      `(module (import "${W}" "fd_allocate" (func $a (param i32 i64 i64) (result i32))) (memory (export "memory") 1) (func (export "f") (result i32) (call $a (i32.const 0) (i64.const 0) (i64.const 3000000000))))`,
      { callers: [[['f']]] },
    ),
  closed: () =>
    runScenario(
      `(module (import "${W}" "fd_close" (func $a (param i32) (result i32))) (import "${W}" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (func (export "close") (param i32) (result i32) (call $a (local.get 0))) (func (export "f") (result i32) (call $w (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8))))`,
      { setup: [['close', 1]], callers: [[['f'], ['close', 2]]] },
    ),
  stub128: () =>
    runScenario(
      '(module (import "e" "f" (func $f (result v128))) (func (export "f") (result i32) (i32x4.extract_lane 0 (call $f))))',
      { callers: [[['f']]] },
    ),
  stubRef: () =>
    runScenario('(module (import "e" "f" (func $f (result (ref func)))) (func (export "f") (drop (call $f))))', {
      callers: [[['f']]],
    }),
  shared: () =>
    runScenario(
      `(module (import "${W}" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) (import "${W}" "random_get" (func $r (param i32 i32) (result i32))) (import "${W}" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32))) (import "e" "m" (memory 1 2 shared)) (export "memory" (memory 0)) (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00") (func (export "f") (result i32 i32 i32) (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (call $r (i32.const 0) (i32.const 8)) (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 400))))`,
      { model: 'shared-memory', callers: [[['f']], [['f']]] },
    ),
};
void parse;
process.on('unhandledRejection', (e) => console.log('  UNHANDLED', e));
for (const [name, run] of Object.entries(cases)) {
  if (only && name !== only) continue;
  try {
    const r: any = await run();
    const a = Array.isArray(r) ? r[0] : r;
    console.log(
      name,
      '=>',
      a.failure
        ? a.failure
        : JSON.stringify([
            a.result.verdict,
            a.result.outcomes.examples.map((e: any) => e.results),
            a.result.notes ?? '',
            a.result.imports,
          ]),
      Array.isArray(r) ? r.slice(1) : '',
    );
  } catch (e) {
    console.log(name, 'THROWN', String(e).slice(0, 200));
  }
  await new Promise((r) => setImmediate(r));
}

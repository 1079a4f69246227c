/**
 * The call graph on constructs that often make call graphs wrong: what an indirect call can reach, and with what
 * confidence. `;;!` marks each call and says its edge: `callee`, or `table[0] type-matched: callee callee`, or
 * `call_ref host-unknown: callee`.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { binary, leb, section, vec } from '../testing/binary.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { type Analysed, analyseWat, expectedEffects } from './testing/facts.ts';

/** Edges of all functions as text. */
function edges({ module, analysis: { graph } }: Analysed): string[] {
  const name = (f: number): string => module.names.functions.get(f) ?? String(f);
  const row = (node: number): number[] => [...graph.target.subarray(graph.start[node], graph.start[node + 1])];
  const lines: string[] = [];
  for (let f = 0; f < graph.functions; f++) {
    for (const target of row(f)) {
      if (target < graph.functions) {
        lines.push(name(target));
        continue;
      }
      const { table, kind } = graph.virtual[target - graph.functions];
      const callees = row(target).map(name).sort().join(' ');
      lines.push(`${table < 0 ? 'call_ref' : `table[${table}]`} ${kind}: ${callees}`.trimEnd());
    }
  }
  return lines;
}

const V = '(type $v (func))';

const CASES: Readonly<Record<string, string>> = {
  'direct calls, tail calls, recursion': `(module
    (func $a (call $b) ;;! b
      (call $b)
      (return_call $c)) ;;! c
    (func $b (call $a)) ;;! a
    (func $c (call $c)))  ;;! c`,

  'only functions of the type in the elements of that table': `(module ${V} (type $p (func (param i32)))
    (table $t 4 funcref) (table $u 4 funcref) (elem (table $t) (i32.const 0) func $a $b $other) (elem (table $u) (i32.const 0) func $c)
    (func $a) (func $b) (func $c) (func $d) (func $other (param i32))
    (func $f (call_indirect $t (type $v) (i32.const 0)) ;;! table[0] type-matched: a b
      (call_indirect $u (type $v) (i32.const 0)) ;;! table[1] type-matched: c
      (call_indirect $t (type $p) (i32.const 1) (i32.const 2)) ;;! table[0] type-matched: other
      (return_call_indirect $t (type $v) (i32.load (i32.const 0))))
    (memory 1))`,

  'a table without elements calls nothing': `(module ${V} (table 4 funcref) (func $a)
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched:`,

  'an exported table: the host can put in what is exported or has its address taken': `(module ${V}
    (table (export "t") 4 funcref) (elem (i32.const 0) func $a)
    (func $a) (func $exported (export "e")) (func $private) (func $taken) (elem declare func $taken)
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] host-unknown: a exported f taken
    (; f is exported too ;)`.replace('(func $f', '(func $f (export "f")'),

  'an imported table': `(module ${V} (import "env" "t" (table 4 funcref)) (func $a (export "a")) (func $private)
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] host-unknown: a`,

  'a table with elements at an imported offset': `(module ${V} (import "env" "base" (global $base i32)) (table 8 funcref)
    (elem (global.get $base) func $a) (func $a) (func $b)
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a`,

  'a table that code changes holds any function whose address is taken': `(module ${V} (table $t 4 funcref) (elem (i32.const 0) func $a)
    (func $a) (func $b) (func $c) (func $exported (export "e")) (elem declare func $b)
    (func $set (table.set $t (i32.const 0) (ref.func $b)))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a b`,

  'table.init from a passive segment': `(module ${V} (table $t 4 funcref) (elem $e func $a) (func $a) (func $b)
    (func $init (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a`,

  'table.copy, table.fill and table.grow change a table': `(module ${V} (table $a 4 funcref) (table $b 4 funcref) (table $c 4 funcref) (table $d 4 funcref)
    (elem (table $d) (i32.const 0) func $x) (func $x)
    (func $change (param $r funcref)
      (table.copy $a $d (i32.const 0) (i32.const 0) (i32.const 1))
      (table.fill $b (i32.const 0) (local.get $r) (i32.const 1))
      (drop (table.grow $c (local.get $r) (i32.const 1))))
    (func $f (call_indirect $a (type $v) (i32.const 0)) ;;! table[0] type-matched: x
      (call_indirect $b (type $v) (i32.const 0)) ;;! table[1] type-matched: x
      (call_indirect $c (type $v) (i32.const 0)))) ;;! table[2] type-matched: x`,

  'a private table that code fills with what the host gave it': `(module ${V} (table $t 4 funcref)
    (func $put (export "put") (param funcref) (table.set $t (i32.const 0) (local.get 0)))
    (func $mine (export "mine"))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] host-unknown: mine`,

  'a table copied from an exported one': `(module ${V} (table $private 4 funcref) (table $open (export "t") 4 funcref)
    (func $e (export "e"))
    (func $copy (table.copy $private $open (i32.const 0) (i32.const 0) (i32.const 1)))
    (func $f (call_indirect $private (type $v) (i32.const 0)))) ;;! table[0] host-unknown: e`,

  'an element that is an imported function is a call of the host': `(module ${V} (import "env" "g" (func $host))
    (table 4 funcref) (elem (i32.const 0) func $host)
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: host`,

  'an element that is an imported global may be any function': `(module ${V} (import "env" "r" (global $r funcref)) (table 4 funcref)
    (elem (i32.const 0) funcref (global.get $r)) (func $e (export "e"))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] host-unknown: e`,

  'an element that is an own global': `(module ${V} (func $a) (func $b) (global $r funcref (ref.func $a)) (table 4 funcref)
    (elem (i32.const 0) funcref (global.get $r) (ref.func $b))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a b`,

  'a table that is initialised with a global': `(module ${V} (func $a) (global $r (ref func) (ref.func $a)) (table 4 (ref func) (global.get $r))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a`,

  'a table that is initialised with a function': `(module ${V} (func $a) (func $b) (table 4 (ref func) (ref.func $a))
    (func $f (call_indirect (type $v) (i32.const 0)))) ;;! table[0] type-matched: a`,

  'call_ref of what a global holds': `(module ${V} (func $a) (func $b) (func $c (param i32)) (global $g (mut (ref null $v)) (ref.func $a)) (elem declare func $c)
    (func $f (call_ref $v (global.get $g)) ;;! call_ref type-matched: a
      (return_call_ref $v (global.get $g))))`,

  'call_ref where references come from the host': `(module ${V} (import "env" "get" (func $get (result funcref))) (func $a (export "a")) (func $b)
    (func $f (param (ref $v)) (call_ref $v (local.get 0)))) ;;! call_ref host-unknown: a`,

  'call_ref of a function inside a constant struct': `(module ${V} (type $s (struct (field i32) (field (ref $v)))) (func $a)
    (global $g (ref $s) (struct.new $s (i32.const 1) (ref.func $a)))
    (func $f (call_ref $v (struct.get $s 1 (global.get $g))))) ;;! call_ref type-matched: a`,

  'functions passed to the host can come back with functions of the host': `(module ${V} (global $g (mut funcref) (ref.null func))
    (func $cb (param funcref) (global.set $g (local.get 0))) (elem declare func $cb)
    (func $leak (export "leak") (result funcref) (ref.func $cb))
    (func $f (call_ref $v (ref.cast (ref $v) (global.get $g))))) ;;! call_ref host-unknown:`,

  'the host can throw functions with an exported tag': `(module ${V} (tag (export "t") (param funcref)) (import "env" "g" (func $g))
    (func $f (call_ref $v (ref.cast (ref $v) (block $h (result funcref) (try_table (catch 0 $h) (call $g)) (unreachable)))))) ;;! call_ref host-unknown:
    `,

  'equal types, wherever they stand': `(module (type $v (func (param i32))) (type $again (func (param i32))) (rec (type $alone (func (param i32)))) (rec (type $in (func (param i32))) (type $group (func)))
    (table 4 funcref) (elem (i32.const 0) func $a $b $c $d)
    (func $a (type $v)) (func $b (type $again)) (func $c (type $alone)) (func $d (type $in))
    (func $f (call_indirect (type $v) (i32.const 0) (i32.const 0)) ;;! table[0] type-matched: a b c
      (call_indirect (type $in) (i32.const 0) (i32.const 0)))) ;;! table[0] type-matched: d`,

  'subtypes, across equal recursion groups': `(module
    (rec (type $base (sub (func))) (type $sub (sub $base (func))))
    (rec (type $base2 (sub (func))) (type $sub2 (sub $base2 (func))))
    (type $lone (sub (func))) (type $final (func))
    (table 4 funcref) (elem (i32.const 0) func $a $b $c $d $e)
    (func $a (type $base)) (func $b (type $sub)) (func $c (type $sub2)) (func $d (type $lone)) (func $e (type $final))
    (func $f (call_indirect (type $base2) (i32.const 0)) ;;! table[0] type-matched: a b c
      (call_indirect (type $sub) (i32.const 0)) ;;! table[0] type-matched: b c
      (call_indirect (type $lone) (i32.const 0)))) ;;! table[0] type-matched: d`,

  'a chain of supertypes': `(module (type $a (sub (func))) (type $b (sub $a (func))) (type $c (sub final $b (func)))
    (table 4 funcref) (elem (i32.const 0) func $g) (func $g (type $c))
    (func $f (call_indirect (type $a) (i32.const 0)) ;;! table[0] type-matched: g
      (call_indirect (type $c) (i32.const 0)))) ;;! table[0] type-matched: g`,
};

describe('call graph', () => {
  for (const [name, text] of Object.entries(CASES)) {
    test(name, async () => {
      // "a b" and "b a" are the same callees.
      const expected = expectedEffects(text).map((line) =>
        line.replace(/: (.*)/, (_, all: string) => `: ${all.split(' ').sort().join(' ')}`),
      );
      assert.deepEqual(edges(await analyseWat(text)), expected);
    });
  }
});

describe('confidence of what is reached', () => {
  test('unknown code of the host is an access of any host function', async () => {
    const text = `(module ${V} (table (export "t") 4 funcref) (func (export "f") (call_indirect (type $v) (i32.const 0))))`;
    const { analysis } = await analyseWat(text);
    const [f] = analysis.exports;
    assert.equal(f.class, 'host-dependent');
    assert.deepEqual(
      f.hazards.map((h) => [h.rule, h.confidence]),
      [['unknown-code', 'possible']],
    );
  });

  test('effects behind a call by type are likely, never definite', async () => {
    const text = `(module ${V} (global $g (mut i32) (i32.const 0)) (table 4 funcref) (elem (i32.const 0) func $w)
      (func $w (global.set $g (i32.const 1)))
      (func (export "direct") (call $w)) (func (export "indirect") (call_indirect (type $v) (i32.const 0))))`;
    const { analysis } = await analyseWat(text);
    const confidence = analysis.exports.map((e) => e.hazards.find((h) => h.rule === 'global-write')?.confidence);
    assert.deepEqual(confidence, ['definite', 'likely']);
  });

  test('a body that cannot be read may have put any function into any table', () => {
    // Two functions: 0 calls through the table, 1 has an opcode that does not exist; 2 is only exported.
    const bodies = [
      [0, 0x41, 0, 0x11, 0, 0, 0x0b],
      [0, 0x27, 0x0b],
      [0, 0x0b],
    ];
    const module = decodeModule(
      binary(
        section(1, vec([[0x60, 0, 0]])),
        section(3, vec([[0], [0], [0]])),
        section(4, vec([[0x70, 0, 1]])),
        section(7, vec([[1, 0x65, 0, 2]])),
        section(10, vec(bodies.map((body) => [...leb(body.length), ...body]))),
      ),
    );
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });
    assert.deepEqual(analysis.unknownFunctions, [1]);
    assert.deepEqual(edges({ module, analysis }), ['table[0] type-matched: 2']);
  });
});

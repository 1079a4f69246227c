/** Witness paths are shortest and consist of existing edges and call instructions. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { FIXTURES } from '../testing/paths.ts';
import { random } from '../testing/random.ts';
import { readInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { setBit } from './bits.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { type Analysed, analyseBytes, analyseWat } from './testing/facts.ts';
import { distances, randomFacts, randomGraph, targetsOf } from './testing/randomGraphs.ts';
import { witness } from './testing/witness.ts';
import { pathForest, reverseGraph, type WitnessPath, walk } from './witness.ts';

const GRAPHS = 1500;
const EFFECTS = 40;
describe('witness paths in random graphs', () => {
  test('exist where an effect is reached, and are shortest', () => {
    let walked = 0;
    for (let seed = 0; seed < GRAPHS; seed++) {
      const next = random(seed);
      const graph = randomGraph(next);
      const facts = randomFacts(graph, EFFECTS, next);
      const has = (node: number, effect: number): boolean =>
        facts.effect.subarray(facts.start[node], facts.start[node + 1]).includes(effect);
      const wanted = new Uint32Array(2);
      const effect = next(EFFECTS);
      setBit(wanted, 0, effect);
      const forest = pathForest(graph, reverseGraph(graph), facts, wanted);
      for (let f = 0; f < graph.functions; f++) {
        const ways = distances(graph, f, graph.nodes).filter((d, node) => d >= 0 && has(node, effect));
        const found = walk(graph, facts, forest, f);
        assert.equal(found !== undefined, ways.length > 0, `seed ${seed}, function ${f}`);
        if (found === undefined) continue;
        walked++;
        assert.equal(edgesOf(graph, f, forest), Math.min(...ways), `seed ${seed}, function ${f}: edges`);
        assert.equal(found.path[0], f);
        assert.equal(found.callSites.length, found.path.length - 1);
        assert.equal(found.site.func, found.path[found.path.length - 1]);
        assert.equal(found.effect, effect);
        for (const func of found.path) assert.ok(func < graph.functions);
      }
    }
    assert.ok(walked > GRAPHS, `${walked} paths`);
  });

  test('have the confidence of their least certain call', () => {
    for (let seed = 0; seed < GRAPHS; seed++) {
      const next = random(seed);
      const graph = randomGraph(next);
      const facts = randomFacts(graph, EFFECTS, next);
      const wanted = Uint32Array.of(0xffffffff, 0xffffffff);
      const forest = pathForest(graph, reverseGraph(graph), facts, wanted);
      for (let f = 0; f < graph.functions; f++) {
        const found = walk(graph, facts, forest, f);
        if (found === undefined) continue;
        const kinds = nodesOf(graph, f, forest).flatMap((n) =>
          n < graph.functions ? [] : [graph.virtual[n - graph.functions].kind],
        );
        const expected = kinds.includes('host-unknown') ? 'possible' : kinds.length > 0 ? 'likely' : 'definite';
        assert.equal(found.confidence, expected, `seed ${seed}, function ${f}`);
      }
    }
  });
});

/** Nodes on the forest's path, including the first; asserts that each step is an edge. */
function nodesOf(graph: Analysis['graph'], from: number, forest: ReturnType<typeof pathForest>): number[] {
  const nodes = [from];
  for (let node = from; forest.next[node] >= 0; ) {
    const target = graph.target[forest.next[node]];
    assert.ok(targetsOf(graph, node).includes(target));
    nodes.push(target);
    node = target;
    assert.ok(nodes.length <= graph.nodes, 'the path ends');
  }
  return nodes;
}

const edgesOf = (graph: Analysis['graph'], from: number, forest: ReturnType<typeof pathForest>): number =>
  nodesOf(graph, from, forest).length - 1;

/**
 * What is wrong with a path, if anything: call sites must be call instructions in their functions, and direct calls
 * must call the next function.
 */
function problemOf(module: Module, { path, callSites, site }: WitnessPath): string | undefined {
  const { imported, bodyStart, bodyEnd } = module.functions;
  const inBody = (func: number, offset: number): boolean =>
    offset >= bodyStart[func - imported] && offset < bodyEnd[func - imported];
  for (let i = 0; i < callSites.length; i++) {
    if (!inBody(path[i], callSites[i])) return `call site ${callSites[i]} is not in function ${path[i]}`;
    const call = readInstruction(module.bytes, callSites[i], module.bytes.length);
    if (!('id' in call)) return call.message;
    const access = ACCESS[call.id];
    if (access === Access.Call) {
      if (call.values[0] !== path[i + 1])
        return `the call at ${callSites[i]} is of ${call.values[0]}, not of ${path[i + 1]}`;
    } else if (access !== Access.CallIndirect && access !== Access.CallRef) {
      return `no call at ${callSites[i]}`;
    }
  }
  // An imported function in a table has no body: the access is the call itself.
  if (site.func < imported) return undefined;
  if (!inBody(site.func, site.offset)) return `site ${site.offset} is not in function ${site.func}`;
  const access = readInstruction(module.bytes, site.offset, module.bytes.length);
  return 'id' in access && ACCESS[access.id] !== Access.None ? undefined : `no access at ${site.offset}`;
}

function checkAll({ module, analysis }: Analysed): number {
  let paths = 0;
  for (const { func } of analysis.exports) {
    for (const effect of effectsOf(analysis, func)) {
      const found = witness(analysis, func, effect);
      assert.ok(found, `no path from ${func} to effect ${effect}`);
      assert.equal(found.effect, effect);
      assert.equal(problemOf(module, found), undefined);
      paths++;
    }
  }
  for (const hazard of analysis.exports.flatMap((e) => e.hazards)) {
    assert.equal(problemOf(module, { ...hazard, confidence: hazard.confidence }), undefined);
  }
  return paths;
}

describe('witness paths of modules', () => {
  for (const file of globSync('*.wasm', { cwd: FIXTURES }).sort()) {
    test(basename(file), () => {
      const analysed = analyseBytes(new Uint8Array(readFileSync(join(FIXTURES, file))));
      const effects = analysed.analysis.exports.reduce((n, e) => n + effectsOf(analysed.analysis, e.func).length, 0);
      assert.equal(checkAll(analysed), effects);
    });
  }

  test('every kind of call', async () => {
    const text = `(module (type $v (func)) (import "env" "f" (func $host)) (global $g (mut i32) (i32.const 0)) (memory 1)
      (table $t 4 funcref) (table $open (export "t") 4 funcref) (elem (table $t) (i32.const 0) func $tail)
      (func $write (global.set $g (i32.const 1)) (i32.store (i32.const 8) (i32.const 1)))
      (func $tail (return_call $write)) (func $loop (call $loop) (call $far) (call $tail)) (func $far (call $loop) (call $host))
      (func (export "direct") (call $far) (call $loop))
      (func (export "table") (call_indirect $t (type $v) (i32.const 0)))
      (func (export "open") (return_call_indirect $open (type $v) (i32.const 0)))
      (func (export "ref") (param (ref $v)) (call_ref $v (local.get 0))))`;
    const analysed = await analyseWat(text);
    assert.ok(checkAll(analysed) > 15);
    const { analysis } = analysed;
    const write = analysis.effects.findIndex((e) => e.cell.kind === 'global' && e.access === 'write');
    const path = (name: string) =>
      witness(analysis, analysis.exports.find((e) => e.name === name)?.func ?? -1, write)?.path.length;
    assert.equal(path('direct'), 4); // direct, loop, tail, write
    assert.equal(path('table'), 3);
  });
});

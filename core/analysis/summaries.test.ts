/** The closure over calls agrees with a search from every node. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../testing/random.ts';
import { hasBit } from './bits.ts';
import type { CallGraph } from './model.ts';
import { closeOverCalls } from './summaries.ts';
import { distances, randomFacts, randomGraph, rowsOf } from './testing/randomGraphs.ts';

const GRAPHS = 2000;
const EFFECTS = 70; // more than two words

describe('effects that are reached', () => {
  for (const [what, limitOf] of [
    ['through all calls', (g: CallGraph) => g.nodes],
    ['through direct calls alone', (g: CallGraph) => g.functions],
  ] as const) {
    test(what, () => {
      let cycles = 0;
      for (let seed = 0; seed < GRAPHS; seed++) {
        const next = random(seed);
        const graph = randomGraph(next);
        const facts = randomFacts(graph, EFFECTS, next);
        const limit = limitOf(graph);
        const { rows, words } = rowsOf(graph, facts, EFFECTS);
        const reached = closeOverCalls(graph, rows.slice(), words, limit);
        for (let f = 0; f < graph.functions; f++) {
          const expected = new Set<number>();
          distances(graph, f, limit).forEach((distance, node) => {
            if (distance < 0) return;
            for (let e = 0; e < EFFECTS; e++) if (hasBit(rows, node * words, e)) expected.add(e);
          });
          const found = Array.from({ length: EFFECTS }, (_, e) => e).filter((e) => hasBit(reached, f * words, e));
          assert.deepEqual(
            found,
            [...expected].sort((a, b) => a - b),
            `seed ${seed}, function ${f}`,
          );
          if (distances(graph, f, limit).some((d, n) => d > 0 && distances(graph, n, limit)[f] > 0)) cycles++;
        }
      }
      assert.ok(cycles > GRAPHS, `${cycles} functions in cycles`);
    });
  }

  test('a chain of 300,000 calls that ends in a cycle', () => {
    const nodes = 300_000;
    const start = Uint32Array.from({ length: nodes + 1 }, (_, i) => i);
    const target = Uint32Array.from({ length: nodes }, (_, i) => (i + 1 < nodes ? i + 1 : nodes - 3));
    const graph: CallGraph = {
      functions: nodes,
      nodes,
      start,
      target,
      site: new Uint32Array(nodes),
      virtual: [],
      onlyByHost: new Set(),
    };
    const own = new Uint32Array(nodes);
    own[nodes - 1] = 4;
    own[7] = 1;
    const reached = closeOverCalls(graph, own, 1, nodes);
    assert.equal(reached[0], 5);
    assert.equal(reached[8], 4);
    assert.equal(reached[nodes - 2], 4);
  });
});

/** The analysis of a module from its bodies to hazards and conflicts; see model.ts for the result. */

import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { Export, Module } from '../wasm/module.ts';
import { setBit, wordsFor } from './bits.ts';
import { buildCallGraph } from './callGraph.ts';
import { cellOf, type Effect } from './cells.ts';
import { createClassifier, grows } from './classes.ts';
import { conflictMasks, modelOn } from './conflicts.ts';
import { finalEffects } from './finalEffects.ts';
import { conflictCounts, groupByEffects, interruptions } from './groups.ts';
import { hazardsOf } from './hazards.ts';
import { guardOf } from './locks/guarded.ts';
import { heldLocks } from './locks/heldLocks.ts';
import type { Analysis, CallGraph, FunctionFacts } from './model.ts';
import { moduleHazards } from './moduleHazards.ts';
import { onceGuards } from './onceGuards.ts';
import { functionOffset, type ScanOptions, scanModule } from './scan.ts';
import type { ScanResult } from './scanContext.ts';
import { settledSets } from './settled.ts';
import { sharingOf } from './sharing.ts';
import { findStackPointer } from './stackPointer.ts';
import { closeOverCalls } from './summaries.ts';
import type { ImportPattern } from './suspension.ts';

/** Host and sharing model to analyse for, besides the options of the scan. */
export interface AnalyseOptions extends ScanOptions {
  host: HostId;
  /** `auto`: the host profile's default for the module; see `modelOn`. */
  model: SharingModel | 'auto';
  /** Imports that suspend their caller; unless some are given, every import may. */
  suspending?: readonly ImportPattern[];
  /** Called when a stage ends, for measurements. The stages are `scan`, `closure` and `hazards`. */
  onStage?: (stage: string) => void;
}

/**
 * Analyses a decoded module for a host and a sharing model. Never throws on a malformed body: its function is listed in
 * `unknownFunctions`, and its effects are everything. When `options.deadline` ends the scan, `partial` says what is
 * missing.
 */
export function analyse(module: Module, options: AnalyseOptions): Analysis {
  const scan = scanModule(module, options);
  options.onStage?.('scan');
  const profile = HOST_PROFILES[options.host];
  const graph = buildCallGraph(module, scan);
  const stackPointer = findStackPointer(module, scan.stackDiscipline);
  const sharing = sharingOf(module, scan, graph, stackPointer, options.suspending);
  const model = modelOn(profile, sharing, options.model);
  const { effects, of } = finalEffects(module, scan.table.effects, stackPointer.global, graph.nodes);
  const plain = finalFacts(module, scan, graph, effects, of);
  const once = onceGuards(module, { effects, facts: plain, graph, memories: sharing.memories });
  const facts = heldLocks(module, { effects, facts: once?.facts ?? plain, graph, memories: sharing.memories }, once);
  const words = wordsFor(effects.length);
  const reachedDirectly = closeOverCalls(graph, ownRows(graph, facts, words), words, graph.functions);
  const reached = closeOverCalls(graph, ownRows(graph, facts, words), words, graph.nodes);
  options.onStage?.('closure');

  const shared = { model, profile, module: sharing };
  const masks = conflictMasks(effects, shared);
  const { mask } = masks;
  const interrupted = interruptions(effects, shared, words);
  const items = module.exports.flatMap((e, exportIndex) =>
    e.kind === 'func' && e.index < graph.functions
      ? [{ exportIndex, name: e.name, ...symbolOf(e), func: e.index }]
      : [],
  );
  const functions = items.map((item) => item.func);
  const settled = settledSets(once, functions, words);
  const { groups, groupOf } = groupByEffects(functions, reached, reachedDirectly, words, masks, interrupted, settled);
  const counts = conflictCounts(groups);
  const underLock = (a: number, b: number) => guardOf(effects[a], effects[b], shared) !== undefined;
  const hazards = hazardsOf({
    ...{ graph, facts, effects, words, masks, groups, groupOf, functions },
    ...{ settled: settled.sets, underLock },
  });
  const { classOf, growthOf } = createClassifier(module, effects, words, shared);
  const ofGroup = groups.map((g) => ({ class: classOf(g.effects), growth: growthOf(g.direct, g.effects) }));
  const exports = items.map((item, i) => {
    const group = ofGroup[groupOf[i]];
    const own = facts.effect.subarray(facts.start[item.func], facts.start[item.func + 1]);
    return {
      ...item,
      class: group.class,
      growth: own.some((e) => grows(effects[e])) ? 'own-body' : group.growth,
      hazards: hazards[i],
      group: groupOf[i],
      conflictCount: counts[groupOf[i]],
    };
  });
  options.onStage?.('hazards');
  const found = {
    host: options.host,
    model,
    effects,
    facts,
    graph,
    words,
    reached,
    reachedDirectly,
    conflictMask: mask,
    alwaysMask: masks.always,
    exports,
    groups,
    settled: settled.sets,
    stackPointer: stackPointer.global,
    stackPointerBy: stackPointer.by,
    hasSharedMemory: sharing.memories.some((m) => m.shared),
    sharing,
    unknownFunctions: scan.unknownFunctions,
    errors: scan.errors,
    partial:
      scan.skipped > 0
        ? `The time limit was reached before ${scan.skipped} of ${graph.functions} functions were read; their effects are treated as unknown.`
        : undefined,
  };
  return { ...found, moduleHazards: moduleHazards(module, found) };
}

/**
 * Facts with final effect ids, with rows for virtual nodes: an indirect call that may reach unknown code is an access
 * of "any host function". A function that could not be read may touch anything.
 */
function finalFacts(
  module: Module,
  scan: ScanResult,
  graph: CallGraph,
  effects: Effect[],
  of: Uint32Array,
): FunctionFacts {
  const hostUnknown: Effect = { cell: cellOf('host-unknown'), access: 'write' };
  const anything: Effect = { cell: cellOf('anything'), access: 'write' };
  const unknown = new Set(scan.unknownFunctions);
  const needsHost = graph.virtual.some((v) => v.kind === 'host-unknown');
  const hostId = needsHost ? effects.push(hostUnknown) - 1 : -1;
  const anythingId = unknown.size > 0 ? effects.push(anything) - 1 : -1;
  const importOffsets = module.imports.filter((i) => i.kind === 'func').map((i) => i.offset);
  const start = new Uint32Array(graph.nodes + 1);
  const effect: number[] = [];
  const site: number[] = [];
  const seen = new Int32Array(effects.length).fill(-1);
  for (let node = 0; node < graph.nodes; node++) {
    start[node] = effect.length;
    const add = (id: number, offset: number) => {
      if (seen[id] === node) return;
      seen[id] = node;
      effect.push(id);
      site.push(offset);
    };
    if (node >= graph.functions) {
      if (graph.virtual[node - graph.functions].kind === 'host-unknown') add(hostId, 0);
    } else if (node < module.functions.imported) {
      // Reached through a table or an export; a direct call is an access of the caller.
      add(of[scan.hostCall[node]], importOffsets[node]);
    } else if (unknown.has(node)) {
      add(anythingId, functionOffset(module, node));
    } else {
      for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++)
        add(of[scan.factEffect[i]], scan.factSite[i]);
    }
  }
  start[graph.nodes] = effect.length;
  return { start, effect: Uint32Array.from(effect), site: Uint32Array.from(site) };
}

/** An export without a symbol has no such property. */
const symbolOf = ({ symbol }: Export): Pick<Export, 'symbol'> => (symbol === undefined ? {} : { symbol });

/** Bitset rows of the direct effects of every node. */
function ownRows(graph: CallGraph, facts: FunctionFacts, words: number): Uint32Array {
  const rows = new Uint32Array(graph.nodes * words);
  for (let node = 0; node < graph.nodes; node++) {
    for (let i = facts.start[node]; i < facts.start[node + 1]; i++) setBit(rows, node * words, facts.effect[i]);
  }
  return rows;
}

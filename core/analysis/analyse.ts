/** The analysis of a module from its bodies to hazards and conflicts; see model.ts for the result. */

import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { t } from '../text/l10n.ts';
import { paragraph } from '../text/phrases.ts';
import type { Export, Module } from '../wasm/module.ts';
import { allocatorInsides } from './address/allocatorInsides.ts';
import { deriveFacts } from './address/bottomUp.ts';
import { componentsOf } from './address/components.ts';
import type { Layout } from './address/placeSets.ts';
import { allocatorsOf } from './allocators.ts';
import { wordsFor } from './bits.ts';
import { buildCallGraph } from './callGraph.ts';
import { createClassifier, grows } from './classes.ts';
import { conflictMasks, modelOn } from './conflicts.ts';
import { EffectClasses } from './effectClasses.ts';
import { finalEffects } from './finalEffects.ts';
import { effectUse, functionFacts, reachedEffects } from './functionFacts.ts';
import { conflictCounts, groupByEffects, interruptions } from './groups.ts';
import { hazardsOf } from './hazards.ts';
import { guardOf } from './locks/guarded.ts';
import { heldLocks } from './locks/heldLocks.ts';
import type { Analysis, ExportSummary } from './model.ts';
import { moduleHazards } from './moduleHazards.ts';
import { onceGuards } from './onceGuards.ts';
import { type ScanOptions, scanModule } from './scan.ts';
import { settledSets } from './settled.ts';
import { sharingOf } from './sharing.ts';
import { findStackPointer, type StackPointer } from './stackPointer.ts';
import { staticStart } from './staticData.ts';
import type { ImportPattern } from './suspension.ts';

/** Exports that are listed with their findings; of more, `partial` says how many are left out. */
const MAX_EXPORTS = 100_000;

/** Host and sharing model to analyse for, besides the options of the scan. */
export interface AnalyseOptions extends ScanOptions {
  host: HostId;
  /** `auto`: the host profile's default for the module; see `modelOn`. */
  model: SharingModel | 'auto';
  /** Imports that suspend their caller; unless some are given, every import may. */
  suspending?: readonly ImportPattern[];
  /** Most steps in which addresses are put together over calls; what is left then is at unknown addresses. */
  steps?: number;
  /**
   * Receives what is known before pointers are followed, which takes most of the time in a large module. `partial` says
   * that what is accessed through them counts as unknown.
   */
  onFirst?: (first: Analysis) => void;
  /** Called when a stage ends, for measurements. The stages are `scan`, `addresses`, `closure` and `hazards`. */
  onStage?: (stage: string) => void;
}

/**
 * Analyses a decoded module for a host and a sharing model. Never throws on a malformed body: its function is listed in
 * `unknownFunctions`, and its effects are everything. When `options.deadline` ends the scan, or addresses take too many
 * steps, `partial` says what is missing.
 */
export function analyse(module: Module, options: AnalyseOptions): Analysis {
  const scanned = scannedModule(module, options);
  options.onStage?.('scan');
  if (options.onFirst !== undefined) {
    const first = concluded(module, scanned, { host: options.host, steps: 0 });
    const partial = t('Pointers have not been followed yet; what is accessed through them is treated as unknown.');
    options.onFirst({ ...first, partial });
  }
  return concluded(module, scanned, options);
}

/** What is known of a module before pointers are followed. */
type Scanned = ReturnType<typeof scannedModule>;

function scannedModule(module: Module, options: AnalyseOptions) {
  const scan = scanModule(module, options);
  const profile = HOST_PROFILES[options.host];
  const graph = buildCallGraph(module, scan);
  const stackPointer = findStackPointer(module, scan.stackDiscipline);
  const sharing = sharingOf(module, scan, graph, stackPointer, options.suspending);
  const model = modelOn(profile, sharing, options.model);
  const components = componentsOf(graph, graph.nodes);
  const layout = layoutOf(module, stackPointer);
  const allocators = allocatorsOf(module);
  const exported = new Set(module.exports.flatMap((e) => (e.kind === 'func' ? [e.index] : [])));
  const insides = allocatorInsides(scan, graph, allocators, exported, layout.staticFrom);
  return { scan, profile, graph, stackPointer, sharing, model, components, layout, allocators, insides };
}

/** The result, with pointers followed in at most `steps`. */
function concluded(
  module: Module,
  scanned: Scanned,
  options: Pick<AnalyseOptions, 'host' | 'steps' | 'onStage'>,
): Analysis {
  const { scan, profile, graph, stackPointer, sharing, model, components, layout, allocators, insides } = scanned;
  const derived = deriveFacts(scan, graph, components, layout, allocators, insides, options.steps);
  options.onStage?.('addresses');
  const use = effectUse(module, scan, derived);
  const final = finalEffects(module, scan.table.effects, stackPointer.global, graph.nodes, use);
  const { effects } = final;
  const plain = functionFacts(module, scan, graph, final, derived);
  const once = onceGuards(module, { effects, facts: plain, graph, memories: sharing.memories });
  const { memories, framesApart } = sharing;
  const facts = heldLocks(module, { effects, facts: once?.facts ?? plain, graph, memories, framesApart }, once);
  const words = wordsFor(effects.length);
  const { reached, reachedDirectly } = reachedEffects(graph, facts, effects, words, components);
  options.onStage?.('closure');

  const shared = { model, profile, module: sharing };
  const masks = conflictMasks(effects, shared);
  const classes = new EffectClasses(masks, words);
  const interrupted = interruptions(effects, shared, words);
  const callable = module.exports.reduce((count, e) => count + (isCallable(e, graph.functions) ? 1 : 0), 0);
  const items = firstCallable(module, graph.functions);
  const functions = items.map((item) => item.func);
  const settled = settledSets(once, functions, words);
  const { groups, groupOf } = groupByEffects(functions, reached, reachedDirectly, words, classes, interrupted, settled);
  const counts = conflictCounts(groups, classes);
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
    conflictMask: masks.mask,
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
    partial: partialText({
      functions: graph.functions,
      skipped: scan.skipped,
      unfinished: derived.unfinished,
      exports: callable,
      listed: items.length,
    }),
  };
  return { ...found, moduleHazards: moduleHazards(module, found) };
}

const isCallable = ({ kind, index }: Export, functions: number): boolean => kind === 'func' && index < functions;

/** The exported functions, in their order. */
function firstCallable(module: Module, functions: number): Omit<ExportSummary, keyof Finding>[] {
  const items: Omit<ExportSummary, keyof Finding>[] = [];
  for (const [exportIndex, e] of module.exports.entries()) {
    if (items.length >= MAX_EXPORTS) break;
    if (isCallable(e, functions)) items.push({ exportIndex, name: e.name, ...symbolOf(e), func: e.index });
  }
  return items;
}

/** What the analysis adds to an export. */
type Finding = Pick<ExportSummary, 'class' | 'growth' | 'hazards' | 'group' | 'conflictCount'>;

interface Extent {
  functions: number;
  /** Functions whose bodies were not read, and whose pointers were not followed. */
  skipped: number;
  unfinished: number;
  /** Exported functions, and how many of them are listed. */
  exports: number;
  listed: number;
}

/** What is missing, in sentences; undefined if nothing is. */
function partialText({ functions, skipped, unfinished, exports, listed }: Extent): string | undefined {
  const parts = [
    exports > listed
      ? t(
          'Only the first {0} of {1} exported functions were analysed; nothing is known of calls of the others.',
          listed,
          exports,
        )
      : '',
    skipped > 0
      ? t(
          'The time limit was reached before {0} of {1} functions were read; their effects are treated as unknown.',
          skipped,
          functions,
        )
      : '',
    unfinished > 0
      ? t(
          'The step limit was reached before the pointers of {0} of {1} functions were followed through their calls; what these functions access through pointers is treated as unknown.',
          unfinished,
          functions,
        )
      : '',
  ];
  return paragraph(parts) || undefined;
}

/** What the code around a module's values is like: with a shadow stack, a linker laid it out. */
const layoutOf = (module: Module, stackPointer: StackPointer): Layout => ({
  staticFrom: staticStart(module),
  nullIsNone: stackPointer.global >= 0,
});

/** An export without a symbol has no such property. */
const symbolOf = ({ symbol }: Export): Pick<Export, 'symbol'> => (symbol === undefined ? {} : { symbol });

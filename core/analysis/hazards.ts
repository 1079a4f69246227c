/**
 * Hazards of exports: every effect that conflicts with some export becomes a finding of its rule, with the shortest
 * witness path. One breadth-first search per rule (and per cell, if the module is small enough) finds the paths of all
 * exports.
 */
import { bitsOf, hasBit, intersects, setBit, uniteInto } from './bits.ts';
import { type Cell, type Effect, isAtomic, isGrowth, stateKind } from './cells.ts';
import { surestFirst, weaker } from './confidence.ts';
import type { ConflictMasks } from './conflicts.ts';
import { isRelative } from './functionFacts.ts';
import type { CallGraph, Confidence, EffectGroup, FunctionFacts, Hazard, Settled } from './model.ts';
import { reachedWithoutHost } from './openCalls.ts';
import { accessRule, RULES, type RuleId, ruleOf } from './rules/index.ts';
import { SEVERITIES, type Severity } from './rules/rule.ts';
import { excluding } from './settled.ts';
import { pathForest, type ReverseGraph, reaches, reverseGraph, type WitnessPath, walk } from './witness.ts';

/** Most findings of one rule for one export: further cells of the same rule are in its effects. */
const MAX_HAZARDS_PER_RULE = 8;
/** Most node and edge visits of the searches per cell; beyond it each rule names its nearest cell only. */
const SEARCH_BUDGET = 1_000_000;

/** What the search for hazards needs of an analysis in the making. */
export interface HazardInput {
  graph: CallGraph;
  facts: FunctionFacts;
  effects: readonly Effect[];
  words: number;
  masks: ConflictMasks;
  groups: readonly EffectGroup[];
  groupOf: Uint32Array;
  /** As in `Analysis`. */
  settled: readonly Settled[];
  /** Function of each export. */
  functions: readonly number[];
  /** Whether two effects conflict only if a lock that both hold does not work. */
  underLock(a: number, b: number): boolean;
}

/** Findings of each export, worst first. */
export function hazardsOf(input: HazardInput): Hazard[][] {
  const { groups, functions } = input;
  const found: Hazard[][] = functions.map(() => []);
  const interruptible = groups.filter((group) => group.interruptible);
  const search: Search = {
    closed: reachedWithoutHost(input.graph, input.facts, input.words),
    reverse: reverseGraph(input.graph),
  };
  for (const set of input.settled.keys()) {
    // What no other call can interrupt conflicts only with what can be interrupted.
    if (interruptible.length > 0) findHazards(input, search, { interruptible: true, settled: set }, groups, found);
    if (interruptible.length > 0 && interruptible.length < groups.length)
      findHazards(input, search, { interruptible: false, settled: set }, interruptible, found);
  }
  for (const list of found) list.sort(worstFirst);
  return found;
}

/** What all searches for paths have in common. */
interface Search {
  closed: (func: number, effect: number) => boolean;
  reverse: ReverseGraph;
}

/** Findings of the exports of some groups, alike in both properties, each against exports of `opponents`. */
function findHazards(
  input: HazardInput,
  { closed, reverse }: Search,
  { interruptible, settled }: Pick<EffectGroup, 'interruptible' | 'settled'>,
  opponents: readonly EffectGroup[],
  found: Hazard[][],
): void {
  const { effects, words, groups, functions, groupOf, graph, facts } = input;
  const writes = writersOf(effects, words);
  const isOpen = ({ confidence, effect }: WitnessPath, func: number): boolean =>
    confidence === 'possible' && !closed(func, effect);
  const relative = new Uint32Array(words);
  effects.forEach((effect, id) => {
    if (isRelative(effect)) setBit(relative, 0, id);
  });
  const { byRule, guarded, conditional } = rulesOfEffects(input, opponents, settled);
  const searches = searchesOf(byRule, effects, Math.floor(SEARCH_BUDGET / (graph.nodes + graph.target.length + 1)));
  const counts = new Uint32Array(functions.length);
  let last: RuleId | undefined;
  for (const { rule, wanted } of searches) {
    if (rule !== last) counts.fill(0);
    last = rule;
    const set = new Uint32Array(words);
    for (const e of wanted) setBit(set, 0, e);
    const forest = pathForest(graph, reverse, facts, set, relative);
    const walked = new Map<number, WitnessPath>();
    for (let position = 0; position < functions.length; position++) {
      const func = functions[position];
      const own = groups[groupOf[position]];
      if (own.interruptible !== interruptible || own.settled !== settled) continue;
      if (!reaches(forest, func) || counts[position] >= MAX_HAZARDS_PER_RULE) continue;
      const witness = walked.get(func) ?? walk(graph, facts, forest, func);
      if (witness === undefined) continue;
      walked.set(func, witness);
      const { cell } = effects[witness.effect];
      if (accessRule(rule)?.yieldsToWrites && writes(cell, own.effects)) continue;
      counts[position]++;
      const sure = weaker(witness.confidence, cellConfidence(effects[witness.effect]));
      const confidence = guarded.has(witness.effect) ? 'possible' : sure;
      const { path, callSites, site } = witness;
      found[position].push({
        rule,
        severity:
          isOpen(witness, func) || conditional.has(witness.effect)
            ? less(RULES[rule].defaultSeverity)
            : RULES[rule].defaultSeverity,
        confidence,
        cell,
        effect: witness.effect,
        site,
        path,
        callSites,
      });
    }
  }
}

/**
 * Effects of exports with set `settled` that conflict with some of the opponents', by rule. `guarded`: those that do so
 * only if a guard does not work; `conditional`: only for some arguments, growth of what they are on aside.
 */
function rulesOfEffects(
  { effects, words, masks: { mask, always }, groups, settled: sets, underLock }: HazardInput,
  opponents: readonly EffectGroup[],
  settled: number,
): { byRule: Map<RuleId, number[]>; guarded: Set<number>; conditional: Set<number> } {
  const everything = new Uint32Array(words);
  for (const group of groups) uniteInto(everything, group.effects);
  /** What the opponents of each set reach. */
  const reached = sets.map((_, set) => {
    const some = new Uint32Array(words);
    for (const group of opponents) if (group.settled === set) uniteInto(some, group.effects);
    return some;
  });
  /** What an effect may meet, `how` far guards are trusted. */
  const against = (effect: number, how: keyof Settled): Uint32Array => {
    const some = new Uint32Array(words);
    for (const [set, one] of sets.entries()) if (!hasBit(one[how], 0, effect)) uniteInto(some, reached[set]);
    return excluding(some, sets[settled][how]);
  };
  const guarded = new Set<number>();
  const conditional = new Set<number>();
  const setOf = (wanted: (effect: Effect) => boolean): Uint32Array => {
    const some = new Uint32Array(words);
    effects.forEach((effect, e) => {
      if (wanted(effect)) setBit(some, 0, e);
    });
    return some;
  };
  const growth = setOf(isGrowth);
  const atomics = setOf(isAtomic);
  const staticAtomics = setOf((effect) => isAtomic(effect) && isStatic(effect));
  const everyone = sets.length === 1 ? reached[0] : undefined;
  const withoutGrowth = everyone === undefined ? undefined : excluding(everyone, growth);
  const byRule = new Map<RuleId, number[]>();
  for (const e of bitsOf(everything)) {
    const hostile = mask.subarray(e * words, (e + 1) * words);
    const theirs = everyone ?? against(e, 'sure');
    if (!intersects(hostile, theirs)) continue;
    const behindGuard = everyone === undefined && !intersects(hostile, against(e, 'all'));
    if (
      behindGuard ||
      (effects[e].locks !== undefined && bothOf(hostile, theirs).every((other) => underLock(e, other)))
    )
      guarded.add(e);
    const unconditional = always.subarray(e * words, (e + 1) * words);
    const others = withoutGrowth ?? excluding(theirs, growth);
    if (intersects(hostile, others) && !intersects(unconditional, others)) conditional.add(e);
    // A conflict of mixed accesses: the plain side at a fixed address, or two atomics of different widths.
    const mixed = isAtomic(effects[e]) ? atomics : isStatic(effects[e]) ? staticAtomics : undefined;
    const meetsAtomics = mixed !== undefined && haveCommon(hostile, theirs, mixed);
    const rule = ruleOf(effects[e], { meetsAtomics });
    if (rule === undefined) continue;
    const ids = byRule.get(rule) ?? [];
    ids.push(e);
    byRule.set(rule, ids);
  }
  return { byRule, guarded, conditional };
}

/**
 * How bad what is reached only through unknown code may be said to be, and what callers can rule out by their arguments:
 * an open question is no error.
 */
const OPEN: Severity = 'information';
const less = (usual: Severity): Severity => (SEVERITIES.indexOf(usual) < SEVERITIES.indexOf(OPEN) ? OPEN : usual);

const isStatic = ({ cell }: Effect): boolean => cell.kind === 'memory' && cell.address?.base === 'static';
/** Bits that two sets have in common. */
const bothOf = (a: Uint32Array, b: Uint32Array): number[] => bitsOf(a.map((word, w) => word & b[w]));

/** Whether three sets have a bit in common. */
function haveCommon(a: Uint32Array, b: Uint32Array, c: Uint32Array): boolean {
  for (let w = 0; w < c.length; w++) if ((a[w] & b[w] & c[w]) !== 0) return true;
  return false;
}

/**
 * One search per rule finds the nearest access of each export. While the budget lasts, each named piece of state gets
 * its own search (addresses in memory only if there is room for all of them).
 */
function searchesOf(
  byRule: Map<RuleId, number[]>,
  effects: readonly Effect[],
  budget: number,
): { rule: RuleId; wanted: number[] }[] {
  let left = budget - byRule.size;
  const searches: { rule: RuleId; wanted: number[] }[] = [];
  for (const [rule, ids] of byRule) {
    const perCell =
      ids.length <= left && (ids.length <= MAX_HAZARDS_PER_RULE || effects[ids[0]].cell.kind !== 'memory');
    if (perCell) left -= ids.length;
    for (const wanted of perCell ? ids.map((e) => [e]) : [ids]) searches.push({ rule, wanted });
  }
  return searches;
}

/** The state that a cell belongs to: one global, or all of a memory or table. */
const stateOf = (cell: Cell): string => `${stateKind(cell) ?? cell.kind} ${cell.index}`;

/** Whether a set of effects writes the state that `cell` belongs to; frames of the stack do not count. */
function writersOf(effects: readonly Effect[], words: number): (cell: Cell, reached: Uint32Array) => boolean {
  const writers = new Map<string, Uint32Array>();
  effects.forEach(({ cell, access }, e) => {
    if (access !== 'write' || cell.address?.base === 'stack') return;
    const state = stateOf(cell);
    const set = writers.get(state) ?? new Uint32Array(words);
    setBit(set, 0, e);
    writers.set(state, set);
  });
  return (cell, reached) => {
    const set = writers.get(stateOf(cell));
    return set !== undefined && intersects(set, reached);
  };
}

/** Confidence in the cell itself: two callers may or may not pass the same buffer. */
function cellConfidence({ cell }: Effect): Confidence {
  if (cell.kind === 'heap') return 'definite';
  if (cell.kind === 'ref.func') return 'likely';
  if (cell.index === undefined) return 'possible';
  if (cell.kind === 'host') return 'likely';
  switch (cell.address?.base) {
    case 'parameter':
    case 'unknown':
      return 'possible';
    case 'stack':
      return 'likely';
    default:
      return 'definite';
  }
}

function worstFirst(a: Hazard, b: Hazard): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    surestFirst(a.confidence, b.confidence) ||
    a.path.length - b.path.length ||
    a.site.offset - b.site.offset
  );
}

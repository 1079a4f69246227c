/**
 * The verdict of a module, for the person who embeds it: whether calls can run concurrently on what they share, what it
 * keeps between calls, which calls belong together, and what to do. Static: it says no more than that no conflict was
 * found. Stress tests can show more.
 */
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { LanguageCache } from '../../text/languageCache.ts';
import { listOf } from '../../text/phrases.ts';
import type { Module } from '../../wasm/module.ts';
import { intersects, setBit } from '../bits.ts';
import { isAtomic, isHostCell } from '../cells.ts';
import { threadSafetyOf } from '../conditions/threads.ts';
import { exportList } from '../exportNames.ts';
import { lifeText } from '../life/lifeText.ts';
import type { Analysis, Confidence } from '../model.ts';
import { stackAdvice } from '../modelAdvice.ts';
import { nothingShared } from '../nothingShared.ts';
import { GO_CALLS, GO_RUNTIME } from './goRuntime.ts';
import { isProgramState, type Kept } from './kept.ts';
import { type ModuleBasis, moduleBasis } from './moduleBasis.ts';
import { type ModuleGrowth, moduleGrowth } from './moduleGrowth.ts';
import { type ModuleRemedy, remedyOf } from './remedy.ts';
import { type CallSequence, sequencesOf } from './sequences.ts';
import { TABLE_CALLS } from './tableCalls.ts';
import type { VerdictStatus } from './verdictStatus.ts';

/** See the file comment. Texts are sentences unless said otherwise. */
export interface ModuleVerdict {
  model: SharingModel;
  status: VerdictStatus;
  /** How sure the surest conflict is; undefined without a conflict. */
  confidence: Confidence | undefined;
  /** Whether calls may run concurrently, and why; one sentence or two. */
  headline: string;
  /** What calls share or leave behind. */
  kept: Kept[];
  /** Which exports can run concurrently with different objects; undefined if there are none. */
  objects: string | undefined;
  /** What outlasts a call, and what the analysis cannot see of that. */
  state: string;
  sequences: CallSequence[];
  remedy: ModuleRemedy;
  /** What each caller has to set up, and what it has to know of a runtime inside. */
  setUp: string[];
  growth: ModuleGrowth;
}

/** What `ref.func` conflicts on: no state of the module. */
const REF_FUNC = "the host's table of references, which `ref.func` changes";
/** Kinds of state that the headline names. */
const MAX_SHARED = 8;
/** Thread-compatible exports that are named. */
const MAX_COMPATIBLE = 6;

const verdicts = new LanguageCache<Analysis, ModuleVerdict>();

/** Computed once for each analysis; never throws on a decoded module. */
export const moduleVerdict = (module: Module, analysis: Analysis): ModuleVerdict =>
  verdicts.get(analysis, () => verdictOf(module, analysis));

function verdictOf(module: Module, analysis: Analysis): ModuleVerdict {
  const basis = moduleBasis(module, analysis);
  const { life, positions, isProgram, throughTable, kept, status, confidence, go } = basis;
  const sequences = isProgram ? [] : sequencesOf(module, analysis, positions);
  return {
    model: analysis.model,
    status,
    confidence,
    headline: headlineOf(analysis, basis),
    kept,
    objects: isProgram ? undefined : objectsText(analysis, positions),
    state: stateOf(status, kept, go),
    sequences,
    remedy: remedyOf(analysis, { status, kept, sequences, profile: HOST_PROFILES[analysis.host] }),
    setUp: [
      ...(isProgram
        ? []
        : [lifeText(life), ...(life.missing.length > 0 ? life.missing : [stackAdvice(module, analysis)])]
      ).filter((text) => text !== undefined),
      ...(go && !isProgram ? [GO_CALLS] : []),
      ...(throughTable.length > 0 ? [TABLE_CALLS] : []),
    ],
    growth: moduleGrowth(module, analysis, positions),
  };
}

/** The thread-compatible exports among some. */
function objectsText(analysis: Analysis, positions: readonly number[]): string | undefined {
  if (analysis.partial !== undefined) return undefined;
  const apart = hostOrAtomic(analysis);
  const compatible = positions.filter((position) => {
    // The word of an export takes long in a module with thousands; what reaches these effects needs none.
    if (intersects(analysis.groups[analysis.exports[position].group].effects, apart)) return false;
    return threadSafetyOf(analysis, position).objects.length > 0;
  });
  if (compatible.length === 0) return undefined;
  const names = exportList(analysis, compatible, MAX_COMPATIBLE);
  return `Thread-compatible, for callers with different objects or buffers: ${names}.`;
}

/** Effects of an export that is not about its objects alone: it calls the host, or a sequence of atomic accesses is not one. */
function hostOrAtomic({ effects, words }: Analysis): Uint32Array {
  const found = new Uint32Array(words);
  effects.forEach((effect, id) => {
    if ((isHostCell(effect.cell) && effect.cell.kind !== 'ref.func') || isAtomic(effect)) setBit(found, 0, id);
  });
  return found;
}

/** Where calls of a model meet. */
function placeOf(analysis: Analysis): string {
  switch (analysis.model) {
    case 'shared-instance':
      return 'on one instance';
    case 'cooperative':
      return 'on one instance while a call is suspended';
    case 'shared-memory':
      return nothingShared(analysis) === undefined ? 'over one shared memory' : 'with an instance for each caller';
    case 'isolated':
      return 'with an instance for each caller';
  }
}

function headlineOf(analysis: Analysis, { status, kept, go, mayLock, refFunc }: ModuleBasis): string {
  const place = placeOf(analysis);
  const partial = analysis.partial === undefined ? '' : ' so far';
  const apart = place === 'with an instance for each caller';
  switch (status) {
    case 'no-exports':
      return 'The module exports no function.';
    case 'program':
      return 'The module is a program: `_start` runs it from beginning to end, once in each instance.';
    case 'no-conflict':
      return `No conflict found${partial} between concurrent calls ${place}.`;
    case 'host-only':
      return `No conflict found${partial} inside the module between concurrent calls ${place}; they share ${sharedText(kept, false, ['host', 'unknown'])}.`;
    case 'not-safe':
    case 'possibly-not-safe': {
      const only = apart ? ' the instances import from one place' : ` ${go ? GO_RUNTIME : sharedText(kept, refFunc)}`;
      return status === 'not-safe'
        ? `Not safe ${place}: concurrent calls share${only}.`
        : `May not be safe ${place}: concurrent calls may meet in${only}.${mayLock ? ' They also make atomic updates; whether these are a lock around it, the analysis does not tell.' : ''}`;
    }
  }
}

/** What the calls conflict on, in one phrase. */
function sharedText(kept: readonly Kept[], refFunc: boolean, only?: readonly Kept['kind'][]): string {
  const contested = kept.filter(({ contested, kind }) => contested && (only === undefined || only.includes(kind)));
  // The size of a memory goes without saying where an allocator grows it, and objects lie in the allocator's blocks.
  const inside = only ?? contested.map(({ kind }) => kind).filter((kind) => kind !== 'host');
  const hasAllocator = contested.some(({ kind }) => kind === 'allocator');
  const texts = contested
    .filter(({ kind }) => inside.includes(kind) && !(hasAllocator && kind === 'size'))
    .map(({ text }) => text);
  if (texts.length === 0) return refFunc ? REF_FUNC : 'state that the analysis has no name for';
  return listOf(texts, MAX_SHARED);
}

/** What outlasts a call. */
function stateOf(status: VerdictStatus, kept: readonly Kept[], go: boolean): string {
  if (status === 'no-exports') return 'It keeps nothing that a call could find.';
  if (go) return `It keeps ${GO_RUNTIME}.`;
  const own = kept.filter(isProgramState);
  const objects = kept.some(({ kind }) => kind === 'objects');
  const host = kept.find(({ kind }) => kind === 'host');
  const beyond = kept.some(({ kind }) => kind === 'unknown')
    ? ' Code that the analysis cannot read may keep more.'
    : host === undefined
      ? ''
      : ` ${host.text[0].toUpperCase()}${host.text.slice(1)} may keep more.`;
  const runtime = kept.filter(({ kind }) => kind === 'allocator').map(({ text }) => text);
  if (own.length > 0) {
    const parts = [...own.map(({ text }) => text), ...(objects ? ['objects that callers point to'] : []), ...runtime];
    return `It may keep state between calls in ${listOf(parts, 6)}.${beyond}`;
  }
  if (objects)
    return `No variable was found that keeps state between calls; memory that arguments or stored pointers lead to does${runtime.length > 0 ? ', and so does the allocator' : ''}.${beyond}`;
  if (runtime.length > 0) return `Between calls it keeps only its allocator, as far as the analysis shows.${beyond}`;
  return `Nothing was found that it keeps between calls.${beyond}`;
}

/** The whole verdict in a few sentences, the most important first. */
export function moduleVerdictText(verdict: ModuleVerdict): string[] {
  const { headline, objects, state, sequences, remedy, setUp, growth, status } = verdict;
  if (status === 'no-exports') return [headline];
  const buffer = sequences.find(({ kind }) => kind === 'buffer');
  const others = sequences.filter(({ kind }) => kind !== 'buffer');
  return [
    headline,
    ...(objects === undefined ? [] : [objects]),
    state,
    ...(remedy.text === '' ? [] : [remedy.text]),
    ...(buffer === undefined ? [] : [`Call it as ${buffer.steps}, all on one instance.`]),
    ...(others.length === 0 ? [] : [`These calls belong together: ${others.map(({ steps }) => steps).join('; ')}.`]),
    ...setUp,
    ...(growth.text === undefined ? [] : [growth.text]),
  ];
}

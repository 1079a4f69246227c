/**
 * The verdict of a module, for the person who embeds it: whether calls can run concurrently on what they share, what it
 * keeps between calls, which calls belong together, and what to do. Static: it says no more than that no conflict was
 * found. Stress tests can show more.
 */
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { LanguageCache } from '../../text/languageCache.ts';
import { listOf, paragraph } from '../../text/phrases.ts';
import type { Module } from '../../wasm/module.ts';
import { intersects, setBit } from '../bits.ts';
import { isAtomic, isHostCell } from '../cells.ts';
import { threadSafetyOf } from '../conditions/threads.ts';
import { exportList } from '../exportNames.ts';
import { lifeText } from '../life/lifeText.ts';
import type { Analysis, Confidence } from '../model.ts';
import { stackAdvice } from '../modelAdvice.ts';
import { nothingShared } from '../nothingShared.ts';
import { goCallsText, goRuntimeText } from './goRuntime.ts';
import { isProgramState, type Kept, keptSize } from './kept.ts';
import { type ModuleBasis, moduleBasis } from './moduleBasis.ts';
import { type ModuleGrowth, moduleGrowth } from './moduleGrowth.ts';
import { type ModuleRemedy, remedyOf } from './remedy.ts';
import { type CallSequence, sequencesOf } from './sequences.ts';
import { tableCallsText } from './tableCalls.ts';
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
      ...(go && !isProgram ? [goCallsText()] : []),
      ...(throughTable.length > 0 ? [tableCallsText()] : []),
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
  return t('Thread-compatible, for callers with different objects or buffers: {0}.', names);
}

/** Effects of an export that is not about its objects alone: it calls the host, or a sequence of atomic accesses is not one. */
function hostOrAtomic({ effects, words }: Analysis): Uint32Array {
  const found = new Uint32Array(words);
  effects.forEach((effect, id) => {
    if ((isHostCell(effect.cell) && effect.cell.kind !== 'ref.func') || isAtomic(effect)) setBit(found, 0, id);
  });
  return found;
}

/** Whether instances share nothing but what they import from the host. */
const areApart = (analysis: Analysis): boolean =>
  analysis.model === 'isolated' || nothingShared(analysis) !== undefined;

/**
 * Where calls meet: an adverbial that sentences have as a placeholder. English puts it after the calls, Chinese at the
 * beginning.
 */
function placeOf(analysis: Analysis): string {
  if (areApart(analysis)) return t('with an instance for each caller');
  switch (analysis.model) {
    case 'cooperative':
      return t('on one instance while a call is suspended');
    case 'shared-memory':
      return t('over one shared memory');
    default:
      return t('on one instance');
  }
}

function headlineOf(analysis: Analysis, basis: ModuleBasis): string {
  const place = placeOf(analysis);
  const isWhole = analysis.partial === undefined;
  switch (basis.status) {
    case 'no-exports':
      return t('The module exports no function.');
    case 'program':
      return t('The module is a program: `_start` runs it from beginning to end, once in each instance.');
    case 'no-conflict':
      return isWhole
        ? t('No conflict found between concurrent calls {0}.', place)
        : t('No conflict found so far between concurrent calls {0}.', place);
    case 'host-only': {
      const shared = sharedText(basis.kept, false, ['host', 'unknown']);
      return isWhole
        ? t('No conflict found inside the module between concurrent calls {0}; they share {1}.', place, shared)
        : t('No conflict found so far inside the module between concurrent calls {0}; they share {1}.', place, shared);
    }
    case 'not-safe':
      return t('Not safe {0}: concurrent calls share {1}.', place, contestedText(analysis, basis));
    case 'possibly-not-safe':
      return paragraph([
        t('May not be safe {0}: concurrent calls may meet in {1}.', place, contestedText(analysis, basis)),
        basis.mayLock
          ? t('They also make atomic updates; whether these are a lock around it, the analysis does not tell.')
          : '',
      ]);
  }
}

/** What calls share that conflict. */
function contestedText(analysis: Analysis, { kept, go, refFunc }: ModuleBasis): string {
  if (areApart(analysis)) return t('what the instances import from one place');
  return go ? goRuntimeText() : sharedText(kept, refFunc);
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
  // What `ref.func` conflicts on is no state of the module.
  if (texts.length === 0)
    return refFunc
      ? t("the host's table of references, which `ref.func` changes")
      : t('state that the analysis has no name for');
  return listOf(texts, MAX_SHARED);
}

/** What outlasts a call. */
function stateOf(status: VerdictStatus, kept: readonly Kept[], go: boolean): string {
  if (status === 'no-exports') return t('It keeps nothing that a call could find.');
  if (go) return t('It keeps {0}.', goRuntimeText());
  const own = kept.filter(isProgramState);
  const objects = kept.some(({ kind }) => kind === 'objects');
  const runtime = kept.filter(({ kind }) => kind === 'allocator').map(({ text }) => text);
  if (own.length > 0) {
    const parts = [
      ...own.map(({ text }) => text),
      ...(objects ? [t('objects that callers point to')] : []),
      ...runtime,
    ];
    return paragraph([t('It may keep state between calls in {0}.', listOf(parts, 6)), beyondText(kept)]);
  }
  const size = objects ? undefined : keptSize(kept);
  return paragraph([
    size === undefined
      ? unnamedState(objects, runtime.length > 0)
      : t('It may keep state between calls in {0}.', size.text),
    beyondText(kept),
  ]);
}

/** What outlasts a call where no variable of the program does. */
function unnamedState(objects: boolean, allocator: boolean): string {
  if (objects)
    return allocator
      ? t(
          'No variable was found that keeps state between calls; memory that arguments or stored pointers lead to does, and so does the allocator.',
        )
      : t(
          'No variable was found that keeps state between calls; memory that arguments or stored pointers lead to does.',
        );
  return allocator
    ? t('Between calls it keeps only its allocator, as far as the analysis shows.')
    : t('Nothing was found that it keeps between calls.');
}

/** What may keep more than the analysis sees, a sentence; empty if nothing may. */
function beyondText(kept: readonly Kept[]): string {
  if (kept.some(({ kind }) => kind === 'unknown')) return t('Code that the analysis cannot read may keep more.');
  const host = kept.find(({ kind }) => kind === 'host');
  if (host === undefined) return '';
  return t('{0} may keep more.', `${host.text[0].toUpperCase()}${host.text.slice(1)}`);
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
    ...(buffer === undefined ? [] : [t('Call it as {0}, all on one instance.', buffer.steps)]),
    ...(others.length === 0
      ? []
      : [t('These calls belong together: {0}.', others.map(({ steps }) => steps).join(t('; ')))]),
    ...setUp,
    ...(growth.text === undefined ? [] : [growth.text]),
  ];
}

/**
 * The verdict of a module in one line that a newcomer understands, and in a few words: for the place above a module and
 * for the status bar. It says no more than the analysis; stress tests are merged in `core/report/shown`.
 */
import { HOST_PROFILES } from '../../hosts/index.ts';
import { exclusionOf, type SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import type { Analysis } from '../model.ts';
import { nothingShared } from '../nothingShared.ts';
import type { Kept } from './kept.ts';
import { keptWords } from './keptWords.ts';
import { type ModuleBasis, moduleBasis } from './moduleBasis.ts';
import { type RemedyKind, remedyKindOf } from './remedy.ts';
import type { VerdictStatus } from './verdictStatus.ts';

/** Plain text: names from the module are printable, and in no quotation marks. */
export interface ShortVerdict {
  status: VerdictStatus;
  /** A few words, without a full stop: `Not safe`. */
  words: string;
  /** One sentence: `Not safe on one instance: it keeps an allocator and a stack.` */
  sentence: string;
  /**
   * The same in two parts, for a line that may be cut off: `Not safe on one instance`, without a full stop, and `It keeps
   * an allocator and a stack.` A verdict that must not be read without its reason is `lead` alone.
   */
  parts: VerdictParts;
  /** What to do, one sentence; undefined where there is nothing to do in the module. */
  remedy: string | undefined;
  remedyKind: RemedyKind;
}

/** See `ShortVerdict.parts`. */
interface VerdictParts {
  lead: string;
  why: string | undefined;
}

/** Costs little after `moduleBasis`; never throws on a decoded module. */
export function shortVerdict(module: Module, analysis: Analysis): ShortVerdict {
  const basis = moduleBasis(module, analysis);
  const remedyKind = remedyKindOf(analysis, basis);
  // What could not be read may hold anything, exports, too.
  const partial = analysis.partial !== undefined || module.errors.length > 0;
  return {
    status: basis.status,
    words: wordsOf(basis.status, partial),
    sentence: sentenceOf(analysis, basis, partial),
    parts: partsOf(analysis, basis, partial),
    remedy: remedyOf(analysis, basis, remedyKind),
    remedyKind,
  };
}

function wordsOf(status: VerdictStatus, partial: boolean): string {
  switch (status) {
    case 'not-safe':
      return t('Not safe');
    case 'possibly-not-safe':
      return t('May not be safe');
    case 'host-only':
      return t('Shares host functions');
    case 'no-conflict':
      return partial ? t('No conflict found so far') : t('No conflict found');
    case 'program':
      return t('Runs once');
    case 'no-exports':
      return partial ? t('Not analysed') : t('No exported function');
  }
}

function sentenceOf(analysis: Analysis, basis: ModuleBasis, partial: boolean): string {
  const place = placeOf(analysis);
  switch (basis.status) {
    case 'no-exports':
      return partial
        ? t('The module could not be read completely; no exported function was found.')
        : t('The module exports no function.');
    case 'program':
      return t('A program: it runs once in each instance.');
    case 'no-conflict':
      return noConflict(analysis, place, partial);
    case 'host-only': {
      const host = basis.kept.filter(({ kind, contested }) => contested && (kind === 'host' || kind === 'unknown'));
      return hostOnly(host, partial);
    }
    case 'not-safe':
    case 'possibly-not-safe':
      if (isAboutReferences(basis))
        return t('Not safe on one instance: ref.func in two calls at the same time can damage the host.');
      return basis.status === 'not-safe' ? notSafe(place, keptWords(basis)) : maybeNotSafe(place, keptWords(basis));
  }
}

function partsOf(analysis: Analysis, basis: ModuleBasis, partial: boolean): VerdictParts {
  switch (basis.status) {
    case 'not-safe':
    case 'possibly-not-safe': {
      if (isAboutReferences(basis))
        return {
          lead: t('Not safe on one instance'),
          why: t('ref.func in two calls at the same time can damage the host.'),
        };
      const place = placeOf(analysis);
      const kept = keptWords(basis);
      return basis.status === 'not-safe'
        ? { lead: notSafeLead(place), why: notSafeWhy(place, kept) }
        : { lead: maybeNotSafeLead(place), why: maybeNotSafeWhy(place, kept) };
    }
    default:
      // A `but` that is cut off would say more than was found.
      return { lead: sentenceOf(analysis, basis, partial).replace(/[.。]$/, ''), why: undefined };
  }
}

function notSafeLead(place: Place): string {
  switch (place) {
    case 'shared-instance':
      return t('Not safe on one instance');
    case 'cooperative':
      return t('Not safe while a call is suspended');
    case 'shared-memory':
      return t('Not safe over one shared memory');
    case 'isolated':
      return t('Not safe with an instance for each caller');
  }
}

function notSafeWhy(place: Place, kept: string): string {
  switch (place) {
    case 'shared-instance':
    case 'cooperative':
      return t('It keeps {0}.', kept);
    case 'shared-memory':
      return t('The instances share {0}.', kept);
    case 'isolated':
      return t('The instances import common state.');
  }
}

function maybeNotSafeLead(place: Place): string {
  switch (place) {
    case 'shared-instance':
      return t('May not be safe on one instance');
    case 'cooperative':
      return t('May not be safe while a call is suspended');
    case 'shared-memory':
      return t('May not be safe over one shared memory');
    case 'isolated':
      return t('May not be safe with an instance for each caller');
  }
}

function maybeNotSafeWhy(place: Place, kept: string): string {
  switch (place) {
    case 'shared-instance':
    case 'cooperative':
      return t('Calls can meet in {0}.', kept);
    case 'shared-memory':
      return t('The instances can meet in {0}.', kept);
    case 'isolated':
      return t('The instances import common state.');
  }
}

/** All that is wrong is what `ref.func` does to the host. */
const isAboutReferences = ({ refFunc, kept }: ModuleBasis): boolean => refFunc && !kept.some(isInside);

const isInside = ({ contested, kind }: Kept): boolean => contested && kind !== 'host';

/** Where calls meet: the sharing model, except that instances with nothing in common are isolated. */
type Place = SharingModel;

const placeOf = (analysis: Analysis): Place => (nothingShared(analysis) === undefined ? analysis.model : 'isolated');

function notSafe(place: Place, kept: string): string {
  switch (place) {
    case 'shared-instance':
      return t('Not safe on one instance: it keeps {0}.', kept);
    case 'cooperative':
      return t('Not safe while a call is suspended: it keeps {0}.', kept);
    case 'shared-memory':
      return t('Not safe over one shared memory: the instances share {0}.', kept);
    case 'isolated':
      return t('Not safe with an instance for each caller: the instances import common state.');
  }
}

function maybeNotSafe(place: Place, kept: string): string {
  switch (place) {
    case 'shared-instance':
      return t('May not be safe on one instance: calls can meet in {0}.', kept);
    case 'cooperative':
      return t('May not be safe while a call is suspended: calls can meet in {0}.', kept);
    case 'shared-memory':
      return t('May not be safe over one shared memory: the instances can meet in {0}.', kept);
    case 'isolated':
      return t('May not be safe with an instance for each caller: the instances import common state.');
  }
}

function noConflict(analysis: Analysis, place: Place, partial: boolean): string {
  const { label } = HOST_PROFILES[analysis.host];
  if (exclusionOf(HOST_PROFILES[analysis.host], analysis.model) !== undefined)
    return t('No conflict found in the module, but {0} does not permit concurrent calls like this.', label);
  if (partial) return t('No conflict found so far: the analysis is incomplete.');
  // Each of them is one step, and what comes between two steps is no conflict.
  const synchronised = analysis.exports.some((one) => one.class === 'synchronised');
  switch (place) {
    case 'shared-instance':
      return synchronised
        ? t('No conflict found between calls on one instance, but their atomic steps can interleave.')
        : t('No conflict found between calls on one instance.');
    case 'cooperative':
      return t('No conflict found with calls that run while another one is suspended.');
    case 'shared-memory':
      return synchronised
        ? t('No conflict found over one shared memory, but atomic steps of calls can interleave.')
        : t('No conflict found between instances over one shared memory.');
    case 'isolated':
      return t('No conflict found with an instance for each caller.');
  }
}

function hostOnly(kept: readonly Kept[], partial: boolean): string {
  const calls = kept.find(({ kind }) => kind === 'host');
  const [name, ...more] = calls?.names ?? [];
  if (partial) return t('No conflict found inside the module so far; its calls meet in the host.');
  if (calls === undefined && kept.length > 0)
    return t('No conflict found in the code of the module; what the host puts into its table is unknown.');
  if (name === undefined || name.includes('wbg'))
    return t('No conflict found inside the module; its calls meet in the host.');
  return more.length === 0
    ? t('No conflict found inside the module; its calls meet in the host function {0}.', name)
    : t('No conflict found inside the module; its calls meet in {0} and other host functions.', name);
}

/** What callers of a host are called. */
const callerOf = ({ host }: Analysis): 'goroutine' | 'worker' | 'thread' => {
  const { template } = HOST_PROFILES[host];
  if ('refusal' in template) return 'thread';
  return template.language === 'go' ? 'goroutine' : template.language === 'typescript' ? 'worker' : 'thread';
};

function remedyOf(analysis: Analysis, { status, kept }: ModuleBasis, kind: RemedyKind): string | undefined {
  switch (kind) {
    case 'pool':
      return instanceText(callerOf(analysis));
    case 'own-instance':
      return instanceOrLockText(callerOf(analysis));
    case 'queue':
      return t('Run one call at a time.');
    case 'common-lock':
      return t('Hold one lock around the calls of all instances, unless the module has its own.');
    case 'new-instance':
      return undefined;
    case 'none':
      return nothingToDo(analysis, status, kept);
  }
}

/** What callers have to heed although the module has no conflict. */
function nothingToDo(analysis: Analysis, status: VerdictStatus, kept: readonly Kept[]): string | undefined {
  const profile = HOST_PROFILES[analysis.host];
  if (exclusionOf(profile, analysis.model) !== undefined) return instanceText(callerOf(analysis));
  if (status === 'host-only')
    return kept.some(({ kind, contested }) => kind === 'host' && contested)
      ? t('Make the host functions safe for concurrent use.')
      : undefined;
  return status === 'no-conflict' && analysis.model === 'shared-instance' && profile.remedy.functionObjects
    ? t('Give each goroutine its own function object.')
    : undefined;
}

function instanceText(caller: 'goroutine' | 'worker' | 'thread'): string {
  switch (caller) {
    case 'goroutine':
      return t('Give each goroutine an instance.');
    case 'worker':
      return t('Give each worker an instance.');
    case 'thread':
      return t('Give each thread an instance.');
  }
}

function instanceOrLockText(caller: 'goroutine' | 'worker' | 'thread'): string {
  switch (caller) {
    case 'goroutine':
      return t('Give each goroutine an instance, or use a lock.');
    case 'worker':
      return t('Give each worker an instance.');
    case 'thread':
      return t('Give each thread an instance, or use a lock.');
  }
}

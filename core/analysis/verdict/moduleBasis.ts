/** What the verdict of a module rests on: its API, how the calls of that meet, and what they keep. */
import { LanguageCache } from '../../text/languageCache.ts';
import type { Module } from '../../wasm/module.ts';
import { bitsOf } from '../bits.ts';
import { isHostCell } from '../cells.ts';
import { surestFirst } from '../confidence.ts';
import { meet } from '../groups.ts';
import { lifeOf } from '../life/life.ts';
import type { Life } from '../life/lifeModel.ts';
import type { Analysis, Confidence } from '../model.ts';
import { conflictOf } from '../queries.ts';
import { isGo } from './goRuntime.ts';
import { type Kept, keptBy } from './kept.ts';
import { calledThroughTable } from './tableCalls.ts';
import { isToolchain } from './toolchainExports.ts';
import type { VerdictStatus } from './verdictStatus.ts';

/** Facts about a module as a whole, under the sharing model of its analysis. */
export interface ModuleBasis {
  life: Life;
  /** It has no API, only `_start`. */
  isProgram: boolean;
  /** Positions of the exports that embedders call; of all exports where a toolchain made each of them. */
  positions: readonly number[];
  /** Functions that the host calls through a table. */
  throughTable: readonly number[];
  kept: Kept[];
  status: VerdictStatus;
  /** How sure the surest conflict is; undefined without a conflict. */
  confidence: Confidence | undefined;
  /** The conflicting calls also make atomic updates, which may be a lock. */
  mayLock: boolean;
  /** Some export executes `ref.func`, which conflicts on this host. */
  refFunc: boolean;
  /** The Go compiler made it. */
  go: boolean;
}

/** Pairs of exports whose conflict is looked at for its confidence. */
const MAX_PAIRS = 24;
/** Pairs of effects of one conflict that are looked at. */
const MAX_EFFECTS = 64;

const known = new LanguageCache<Analysis, ModuleBasis>();

/** Computed once for each analysis; never throws on a decoded module. */
export const moduleBasis = (module: Module, analysis: Analysis): ModuleBasis =>
  known.get(analysis, () => basisOf(module, analysis));

/** Makes `moduleBasis` answer with what was found in another thread, in the language that is in use here, too. */
export const useModuleBasis = (analysis: Analysis, basis: ModuleBasis): ModuleBasis => known.get(analysis, () => basis);

function basisOf(module: Module, analysis: Analysis): ModuleBasis {
  const life = lifeOf(module, analysis);
  const api = apiOf(analysis, life);
  const isProgram = api.length === 0 && analysis.exports.some(({ name }) => name === '_start');
  const positions = api.length > 0 ? api : [...analysis.exports.keys()];
  const throughTable = calledThroughTable(module);
  const meeting = isProgram ? NOWHERE : meetingOf(analysis, positions);
  return {
    life,
    isProgram,
    positions,
    throughTable,
    kept: keptBy(module, analysis, positions, throughTable),
    status: statusOf(analysis, isProgram, meeting),
    confidence: meeting.confidence,
    mayLock: meeting.mayLock,
    refFunc: hasRefFunc(analysis),
    go: isGo(module),
  };
}

/** The findings of all exports are looked at only where one can be about it: in a large module they are unpacked for that. */
const hasRefFunc = ({ effects, exports }: Analysis): boolean =>
  effects.some(({ cell }) => cell.kind === 'ref.func') &&
  exports.some(({ hazards }) => hazards.some(({ cell }) => cell.kind === 'ref.func'));

/** Positions of the exports that embedders call: not those that a toolchain exports for itself. */
const apiOf = ({ exports }: Analysis, life: Life): number[] =>
  exports.flatMap((one, position) => (life.exports.has(one.name) || isToolchain(one) ? [] : [position]));

/** The surest conflict. */
interface Meeting {
  confidence: Confidence | undefined;
  /** Only in the host. */
  hostOnly: boolean;
  /** Each of the conflicting calls also makes atomic updates, which may be a lock. */
  mayLock: boolean;
}

const NOWHERE: Meeting = { confidence: undefined, hostOnly: false, mayLock: false };

/** The surest conflict among some exports, as far as a few pairs tell. */
function meetingOf(analysis: Analysis, positions: readonly number[]): Meeting {
  const wanted = new Set(positions);
  const groups = analysis.groups.flatMap((group) => {
    const first = group.exports.find((position) => wanted.has(position));
    return first === undefined ? [] : [{ group, first, mayLock: updatesAtomically(analysis, group.effects) }];
  });
  let found = NOWHERE;
  let looked = 0;
  for (let apart = 0; apart < groups.length; apart++) {
    for (let i = 0; i + apart < groups.length; i++) {
      const [a, b] = [groups[i], groups[i + apart]];
      if (!meet(a.group, b.group)) continue;
      if (++looked > MAX_PAIRS) return found;
      const conflict = conflictOf(analysis, a.first, b.first, MAX_EFFECTS);
      if (conflict === undefined) continue;
      const mayLock = a.mayLock && b.mayLock;
      // `ref.func` is an instruction of the module that damages some hosts, not a call of the host.
      const hostOnly = conflict.effects.every((pair) =>
        pair.every((id) => isHostCell(analysis.effects[id].cell) && analysis.effects[id].cell.kind !== 'ref.func'),
      );
      found = worse(found, {
        confidence: mayLock ? 'possible' : conflict.confidence,
        hostOnly,
        mayLock: mayLock && !hostOnly,
      });
      if (!found.hostOnly && found.confidence === 'definite') return found;
    }
  }
  return found;
}

/** A conflict in the module tells more than one in the host, however sure that is; then the surer one counts. */
function worse(a: Meeting, b: Meeting): Meeting {
  if (a.confidence === undefined) return b;
  if (b.confidence === undefined) return a;
  if (a.hostOnly !== b.hostOnly) return a.hostOnly ? b : a;
  return surestFirst(b.confidence, a.confidence) < 0 ? b : a;
}

/** Whether some effect is an atomic update of a memory, as a lock makes them. */
function updatesAtomically({ effects }: Analysis, set: Uint32Array): boolean {
  return bitsOf(set).some((id) => effects[id].access === 'atomic-write' && effects[id].cell.kind === 'memory');
}

function statusOf({ exports }: Analysis, isProgram: boolean, { confidence, hostOnly }: Meeting): VerdictStatus {
  if (exports.length === 0) return 'no-exports';
  if (isProgram) return 'program';
  if (confidence === undefined) return 'no-conflict';
  if (hostOnly) return 'host-only';
  return confidence === 'possible' ? 'possibly-not-safe' : 'not-safe';
}

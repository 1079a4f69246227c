/**
 * The sentences of a finding, after RacerD's manner: who does what where, together with whom it goes
 * wrong, how sure that is, and which sharing model makes it matter. Plain text with names in
 * backticks, for Problems, hovers and the terminal alike.
 */

import type { HostProfile, SharingModel } from '../hosts/profile.ts';
import { listOf, number, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import { mnemonicAt } from '../wasm/mnemonicAt.ts';
import type { Module } from '../wasm/module.ts';
import { hex } from '../wasm/printer/numbers.ts';
import { type Effect, isAtomic, isHostCell, isWrite } from './cells.ts';
import { cellLabel, cellText, effectText, pathText } from './cellText.ts';
import { type Others, othersText, without } from './exportNames.ts';
import type { Analysis, EdgeKind, ExportClass, Hazard } from './model.ts';
import { against, contains } from './partners.ts';

/** What the wording reads: a module, what was found in it, and the host it was found for. */
export interface Findings {
  module: Module;
  analysis: Analysis;
  profile: HostProfile;
  /** How the place of an instruction is named, `0x9f` unless given: sources have lines. */
  place?(offset: number): string;
}

/** `0x9f`, `line 12`: to go after `at`. */
export const placeText = ({ place }: Pick<Findings, 'place'>, offset: number): string => place?.(offset) ?? hex(offset);

export const CLASS_TEXT: Readonly<Record<ExportClass, string>> = {
  pure: 'pure',
  'reads-only': 'reads only',
  stateful: 'stateful',
  grows: 'grows memory',
  synchronised: 'synchronised',
  'host-dependent': 'host-dependent',
};

/** What callers share under a model, to go after `the wazero profile`. */
const SHARES: Readonly<Record<SharingModel, string>> = {
  'shared-instance': 'shares one instance',
  'shared-memory': 'shares one memory between instances',
  isolated: 'gives each caller an instance of its own, with host functions in common',
};

/** Where two calls meet under a model. */
const PLACE: Readonly<Record<SharingModel, string>> = {
  'shared-instance': ' on one instance',
  'shared-memory': ' over one memory',
  isolated: '',
};

/** The whole finding about export `position` of `analysis.exports`. */
export function hazardText(findings: Findings, position: number, hazard: Hazard): string {
  const sentences = [
    statement(findings, position, hazard),
    consequence(findings, position, hazard),
    confidenceText(findings.analysis, hazard),
    modelText(findings),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** `Reported because the wazero profile shares one instance.` */
export const modelText = ({ profile, analysis }: Pick<Findings, 'profile' | 'analysis'>): string =>
  `Reported because the ${profile.id} profile ${SHARES[analysis.model]}.`;

/** `(increment -> $bump -> global.set at 0x9f)` without the parentheses. */
export function witnessText(findings: Findings, position: number, hazard: Hazard): string {
  const { module, analysis } = findings;
  const path = pathText(module, hazard.path, exportLabel(analysis.exports[position]));
  return `${path} -> ${siteText(module, hazard)} at ${placeText(findings, hazard.site.offset)}`;
}

/** The instruction at an access site; a body that cannot be decoded stands for itself. */
export const siteText = (module: Module, hazard: Hazard): string =>
  hazard.cell.kind === 'anything' ? 'body' : (mnemonicAt(module.bytes, hazard.site.offset) ?? 'access');

/** What the export does, and the path that leads there. */
function statement(findings: Findings, position: number, hazard: Hazard): string {
  const who = quoted(exportLabel(findings.analysis.exports[position]));
  return `${who} ${actionText(findings, hazard)}${manner(findings, position, hazard)} (${witnessText(findings, position, hazard)}).`;
}

/** What is done, without subject: `writes mutable global `$counter``. */
export function actionText({ module, analysis }: Findings, hazard: Hazard): string {
  if (hazard.rule === 'ref-func') return 'executes ref.func';
  if (hazard.rule === 'unknown-code') {
    return hazard.cell.kind === 'host-unknown'
      ? 'calls code that is not known here'
      : 'reaches a function that could not be decoded';
  }
  return effectText(module, accessOf(analysis, hazard));
}

/** How it is done: the half that makes it a finding. */
function manner(findings: Findings, position: number, hazard: Hazard): string {
  if (hazard.rule === 'mixed-atomics') {
    return isAtomic(accessOf(findings.analysis, hazard))
      ? ', while plain accesses go to the same place'
      : ' with a plain access, while atomic ones go to the same place';
  }
  if (hazard.rule === 'unknown-code' || isHostCell(hazard.cell)) return '';
  const { access } = accessOf(findings.analysis, hazard);
  if (access === 'write') return ' without synchronisation';
  const others = without(against(findings.analysis, hazard.effect).all, position);
  if (access !== 'read' || others.count === 0) return '';
  return `, which ${othersText(findings.analysis, others, 2)} ${others.count === 1 ? 'changes' : 'change'}`;
}

/** The access that a finding is about; a finding about the module is about a write. */
const accessOf = ({ effects }: Analysis, { effect, cell }: Hazard): Effect =>
  effects[effect] ?? { cell, access: 'write' };

/** Together with whom it goes wrong, and how. */
function consequence(findings: Findings, position: number, hazard: Hazard): string {
  const fixed = fixedConsequence(findings, hazard);
  if (fixed !== undefined) return fixed;
  const { analysis } = findings;
  const met = against(analysis, hazard.effect);
  if (met.all.length === 0) return '';
  const self = contains(met.all, position);
  const place = PLACE[analysis.model];
  if (hazard.rule === 'memory-grow') return growConsequence(findings, self, without(met.all, position), place);
  const readers = without(met.readers, position);
  const rivals = without(met.rivals, position);
  const reader = `call of ${othersText(analysis, readers, 2, 'or')}`;
  if (!self && rivals.count === 0) return `A ${reader} at the same time${place} can see a state in between.`;
  const beside = othersText(analysis, rivals, 2, 'or');
  const parties = self
    ? `Two calls at once${place}${rivals.count > 0 ? `, or one beside ${beside},` : ''}`
    : `A call at the same time as ${beside}${place}`;
  const seen = readers.count > 0 ? `; a ${reader} can see a state in between` : '';
  return `${parties} can ${harmText(findings, hazard)}${seen}.`;
}

/** Growth endangers whatever uses the memory meanwhile; how, the host profile says. */
function growConsequence({ analysis, profile }: Findings, self: boolean, others: Others, place: string): string {
  const parties = [...(self ? ['itself'] : []), ...(others.count > 0 ? [othersText(analysis, others, 2, 'or')] : [])];
  return `${profile.growText} No call of ${parties.join(others.count > 1 ? ', ' : ' or ')} is safe beside it${place}.`;
}

/** What happens where it does not depend on another export. */
function fixedConsequence({ profile, module }: Findings, hazard: Hazard): string | undefined {
  if (hazard.rule === 'ref-func') {
    return `The ${profile.id} compiler keeps the reference in a list without a lock: two calls at once can corrupt the host's heap.`;
  }
  if (hazard.rule === 'unknown-code') return 'What it does is not known, so it counts as touching everything.';
  if (hazard.cell.kind !== 'host') return undefined;
  return `Whether two calls of ${cellText(module, hazard.cell)} may run at once is for the host to say.`;
}

/** What goes wrong, to go after `can`. */
function harmText({ analysis, profile, module }: Findings, hazard: Hazard): string {
  const { cell } = hazard;
  const reads = !isWrite(accessOf(analysis, hazard));
  switch (cell.kind) {
    case 'global':
    case 'heap':
      return reads ? 'see the value change while it runs' : 'lose an update';
    case 'stack-pointer':
      return 'work on overlapping stack frames';
    case 'memory':
      return against(analysis, hazard.effect).onlyGrowth
        ? 'use the memory while it moves'
        : memoryHarm(cell.address?.base, reads);
    case 'memory.grow':
      if (cell.index !== undefined && module.memories[cell.index]?.limits.shared)
        return 'see the size change while it runs';
      return reads ? 'use the memory while it changes its place and size' : 'lose a growth step';
    case 'table':
      if (against(analysis, hazard.effect).onlyGrowth) return 'use the table while it grows';
      return reads ? 'use an entry that has just changed' : 'lose an entry';
    case 'table.grow':
      return reads ? 'use the table while it grows' : 'be given the same new slots';
    case 'segment':
      return profile.segmentDropCrashes ? 'crash the host process' : 'trap half-way through the copy';
    default:
      return 'meet in the host';
  }
}

function memoryHarm(base: string | undefined, reads: boolean): string {
  if (base === 'stack') return "overwrite each other's stack frames";
  if (reads) return 'read data that is half written';
  if (base === 'parameter') return 'overwrite each other where the buffers overlap';
  return base === 'static'
    ? 'lose an update or leave it half written'
    : 'overwrite each other where the addresses meet';
}

/** Why a finding is not certain; empty when it is. */
function confidenceText(analysis: Analysis, hazard: Hazard): string {
  // Of the host and of unknown code nothing is certain, and the sentence before says so.
  if (hazard.confidence === 'definite' || hazard.rule === 'unknown-code' || isHostCell(hazard.cell)) return '';
  const reasons: string[] = [];
  const kinds = edgeKinds(analysis, hazard);
  const { base } = hazard.cell.address ?? {};
  if (hazard.confidence === 'possible') {
    if (base === 'unknown') reasons.push(`the ${hazard.cell.kind === 'table' ? 'slot' : 'address'} is not known`);
    if (base === 'parameter') reasons.push('the caller chooses the place');
    if (kinds.includes('host-unknown')) reasons.push('the path goes through a call whose target is not known');
    return `Possible, not certain${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}.`;
  }
  if (base === 'stack') reasons.push('frames meet only where the stacks do');
  if (kinds.includes('type-matched')) reasons.push('the path goes through an indirect call, resolved by its type');
  return `Likely, not certain${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}.`;
}

/** Kind of each edge of the witness path. An indirect call goes through a virtual node of the graph. */
export function edgeKinds(analysis: Analysis, hazard: Hazard): EdgeKind[] {
  const { graph } = analysis;
  return hazard.callSites.map((site, i) => {
    for (let edge = graph.start[hazard.path[i]]; edge < graph.start[hazard.path[i] + 1]; edge++) {
      if (graph.site[edge] !== site) continue;
      const node = graph.target[edge] - graph.functions;
      if (node >= 0) return graph.virtual[node]?.kind ?? 'host-unknown';
    }
    return 'direct';
  });
}

/** `And 3 more: global $a, global $b and 1 more.` about further findings of one group; empty when there are none. */
export function moreText(module: Module, others: readonly Hazard[]): string {
  if (others.length === 0) return '';
  const labels = [...new Set(others.map((hazard) => cellLabel(module, hazard.cell)))];
  return `And ${number(others.length)} more: ${listOf(labels, 3)}.`;
}

/**
 * The sentences of a finding, in the style of RacerD: which export does what and where, which other exports it
 * conflicts with, how sure that is, and which sharing model makes it matter. Plain text with names in backticks, for
 * Problems, hovers and the terminal.
 */

import { inlinedFunctions, offsetText } from '../debug/sourceWords.ts';
import type { HostProfile, SharingModel } from '../hosts/profile.ts';
import { type Message, message, translated } from '../text/l10n.ts';
import { listOf, number, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { siteWord } from '../wasm/siteWord.ts';
import type { Effect } from './cells.ts';
import { cellLabel, effectText, pathText } from './cellText.ts';
import { whenText } from './conditions/conditionText.ts';
import { type Others, othersText, without } from './exportNames.ts';
import type { Analysis, EdgeKind, Hazard } from './model.ts';
import { against, contains } from './partners.ts';
import { accessRule } from './rules/index.ts';
import type { Finding } from './rules/rule.ts';

/** What the sentences are made from: a module, its analysis, and the host profile of the analysis. */
export interface Findings {
  module: Module;
  analysis: Analysis;
  profile: HostProfile;
  /** Names the place of an instruction, `line 12` in a source; `0x9f` by default. */
  place?(offset: number): string;
}

/** `0x9f`, `line 12` or `` `src/lib.rs:31` (0x9f) ``, to be put after `at`. */
export const placeText = ({ module, place }: Pick<Findings, 'module' | 'place'>, offset: number): string =>
  place?.(offset) ?? offsetText(module, offset);

/** Why a finding counts under a model; `{0}` is the host profile. */
const REPORTED: Readonly<Record<SharingModel, Message>> = {
  'shared-instance': message('Reported because the {0} profile shares one instance.'),
  'shared-memory': message('Reported because the {0} profile shares one memory among instances.'),
  isolated: message('Reported because the {0} profile gives each caller its own instance but shares host functions.'),
  cooperative: message(
    'Reported because the {0} profile runs other calls of an instance while one is suspended in an import.',
  ),
};

/** Where two calls conflict under a model. */
const PLACE: Readonly<Record<SharingModel, string>> = {
  'shared-instance': ' on the same instance',
  'shared-memory': ' on the same memory',
  isolated: '',
  cooperative: ' on the same instance (one of them suspended in an import)',
};

/** The whole message of a finding about export `position` of `analysis.exports`. */
export function hazardText(findings: Findings, position: number, hazard: Hazard): string {
  const sentences = [
    statement(findings, position, hazard),
    consequence(findings, position, hazard),
    conditionText(findings, position, hazard),
    confidenceText(findings.analysis, position, hazard),
    modelText(findings),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** `Reported because the wazero profile shares one instance.` */
export const modelText = ({ profile, analysis }: Pick<Findings, 'profile' | 'analysis'>): string =>
  translated(REPORTED[analysis.model], profile.id);

/**
 * `(increment -> $bump -> global.set at 0x9f)` without the parentheses; `bump (inlined)` is a function of the source whose
 * code is in the one before it.
 */
export function witnessText(findings: Findings, position: number, hazard: Hazard): string {
  const { module, analysis } = findings;
  const { offset } = hazard.site;
  return [
    pathText(module, hazard.path, exportLabel(analysis.exports[position])),
    ...inlinedFunctions(module, offset).map((name) => `${name} (inlined)`),
    `${siteText(module, hazard)} at ${placeText(findings, offset)}`,
  ].join(' -> ');
}

/** The instruction at an access site, or what else is there; the function itself if its body cannot be decoded. */
export const siteText = (module: Module, hazard: Hazard): string =>
  hazard.cell.kind === 'anything' ? 'body' : siteWord(module, hazard.site.offset);

/** What the export does, and the call path to it. */
function statement(findings: Findings, position: number, hazard: Hazard): string {
  const who = quoted(exportLabel(findings.analysis.exports[position]));
  return `${who} ${actionText(findings, hazard)}${manner(findings, position, hazard)} (${witnessText(findings, position, hazard)}).`;
}

/** What is done, without subject: `writes mutable global `$counter``. */
function actionText(findings: Findings, hazard: Hazard): string {
  const finding = findingOf(findings, hazard);
  return accessRule(hazard.rule)?.action?.(finding) ?? effectText(finding.module, finding.effect);
}

/** How it is done, for example without synchronisation: what makes it a finding. */
function manner(findings: Findings, position: number, hazard: Hazard): string {
  const finding = findingOf(findings, hazard);
  const own = accessRule(hazard.rule)?.manner?.(finding);
  if (own !== undefined) return own;
  const { access } = finding.effect;
  if (access === 'write') return ' without synchronisation';
  const others = without(against(findings.analysis, hazard.effect, position).all, position);
  if (access !== 'read' || others.count === 0) return '';
  return `, which ${othersText(findings.analysis, others, 2)} ${others.count === 1 ? 'changes' : 'change'}`;
}

/** The input of the rule's own sentences. */
const findingOf = ({ module, profile, analysis }: Findings, hazard: Hazard): Finding => ({
  module,
  profile,
  model: analysis.model,
  effect: accessOf(analysis, hazard),
  meetsOnlyGrowth: against(analysis, hazard.effect).onlyGrowth,
});

/** The access that a finding is about; a finding about the module is about a write. */
const accessOf = ({ effects }: Analysis, { effect, cell }: Hazard): Effect =>
  effects[effect] ?? { cell, access: 'write' };

/** Which exports it conflicts with, and what goes wrong then. */
function consequence(findings: Findings, position: number, hazard: Hazard): string {
  const outcome = accessRule(hazard.rule)?.outcome;
  if (outcome === undefined) return '';
  const finding = findingOf(findings, hazard);
  if ('always' in outcome) return outcome.always(finding);
  const { analysis } = findings;
  const met = against(analysis, hazard.effect, position);
  if (met.all.length === 0) return '';
  const self = contains(met.all, position);
  const place = PLACE[analysis.model];
  if ('sentence' in outcome) {
    const subject = quoted(exportLabel(analysis.exports[position]));
    const names = partiesText(analysis, self ? subject : undefined, without(met.all, position));
    return outcome.sentence(finding, { subject, names, place });
  }
  const readers = without(met.readers, position);
  const rivals = without(met.rivals, position);
  const reader = `concurrent call of ${othersText(analysis, readers, 2, 'or')}`;
  if (!self && rivals.count === 0) return `A ${reader}${place} can observe intermediate state.`;
  const opponents = othersText(analysis, rivals, 2, 'or');
  const parties = self
    ? `Two concurrent calls${place}${rivals.count > 0 ? `, or a call concurrent with ${opponents},` : ''}`
    : `A call concurrent with ${opponents}${place}`;
  const seen = readers.count > 0 ? `; a ${reader} can observe intermediate state` : '';
  return `${parties} can ${outcome.can(finding)}${seen}.`;
}

/** `` `self` or `f` ``, `` `self`, `f` or `g` ``; without `self` for an export that does not conflict with itself. */
function partiesText(analysis: Analysis, self: string | undefined, others: Others): string {
  const parties = [
    ...(self === undefined ? [] : [self]),
    ...(others.count > 0 ? [othersText(analysis, others, 2, 'or')] : []),
  ];
  return parties.join(others.count > 1 ? ', ' : ' or ');
}

/** The arguments with which the calls conflict; empty where any may do. */
function conditionText({ analysis }: Findings, position: number, hazard: Hazard): string {
  const { condition, growers } = against(analysis, hazard.effect, position);
  if (condition === 'always') return '';
  const when = whenText(condition, hazard.cell.kind === 'table');
  if (growers.length === 0) return `They conflict only ${when}.`;
  const names = othersText(analysis, without(growers, -1), 2, 'or');
  return `They conflict only ${when}; a call of ${names}, which ${growers.length === 1 ? 'grows' : 'grow'} the ${hazard.cell.kind}, always conflicts.`;
}

/** Why a finding is not certain; empty when it is. */
function confidenceText(analysis: Analysis, position: number, hazard: Hazard): string {
  const outcome = accessRule(hazard.rule)?.outcome;
  if (hazard.confidence === 'definite' || (outcome && 'always' in outcome)) return '';
  const reasons: string[] = [];
  const kinds = edgeKinds(analysis, hazard);
  const { base } = hazard.cell.address ?? {};
  const place = hazard.cell.kind === 'table' ? 'slot' : 'address';
  if (hazard.confidence === 'possible') {
    // Which addresses conflict is told before.
    const told = against(analysis, hazard.effect, position).condition !== 'always';
    if (base === 'unknown') reasons.push(`the ${place} is unknown`);
    if (base === 'parameter' && !told) reasons.push(`the caller chooses the ${place}`);
    if (kinds.includes('host-unknown')) reasons.push('the path goes through a call with an unknown target');
    return told && reasons.length === 0 ? '' : `Confidence: possible${reasonsText(reasons)}.`;
  }
  if (base === 'stack') reasons.push('frames overlap only if the stacks do');
  if (kinds.includes('type-matched')) reasons.push('the path goes through an indirect call, resolved by type');
  return `Confidence: likely${reasonsText(reasons)}.`;
}

/** ` (the address is unknown)`; empty without reasons. */
const reasonsText = (reasons: readonly string[]): string => (reasons.length > 0 ? ` (${reasons.join(', ')})` : '');

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

/** `And 3 more: global $a, global $b and 1 more.` for further findings of one group; empty when there are none. */
export function moreText(module: Module, others: readonly Hazard[]): string {
  if (others.length === 0) return '';
  const labels = [...new Set(others.map((hazard) => cellLabel(module, hazard.cell)))];
  return `And ${number(others.length)} more: ${listOf(labels, 3)}.`;
}

/**
 * The sentences of a finding, in the style of RacerD: which export does what and where, which other exports it
 * conflicts with, how sure that is, and which sharing model makes it matter. Plain text with names in backticks, for
 * Problems, hovers and the terminal.
 */

import { inlinedFunctions, offsetText } from '../debug/sourceWords.ts';
import type { HostProfile, SharingModel } from '../hosts/profile.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import { clauses, listOf, number, paragraph, quoted } from '../text/phrases.ts';
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
import { type Finding, PLAIN_STATEMENT } from './rules/rule.ts';

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

/**
 * Where two calls conflict under a model: an adverbial that sentences have as a placeholder. English puts it after the
 * calls, with a space before it; Chinese puts it first, with a comma after it.
 */
const PLACE: Readonly<Record<SharingModel, Message | ''>> = {
  'shared-instance': message(' on the same instance'),
  'shared-memory': message(' on the same memory'),
  isolated: '',
  cooperative: message(' on the same instance (one of them suspended in an import)'),
};

const placeOf = (model: SharingModel): string => {
  const place = PLACE[model];
  return place === '' ? '' : translated(place);
};

/**
 * The whole message of a finding about export `position` of `analysis.exports`.
 * @param remedy what to do, one sentence; it follows what was found, before why
 */
export function hazardText(findings: Findings, position: number, hazard: Hazard, remedy = ''): string {
  return paragraph([
    statement(findings, position, hazard),
    remedy,
    consequence(findings, position, hazard),
    conditionText(findings, position, hazard),
    confidenceText(findings.analysis, position, hazard),
    modelText(findings),
  ]);
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
    ...inlinedFunctions(module, offset).map((name) => t('{0} (inlined)', name)),
    t('{0} at {1}', siteText(module, hazard), placeText(findings, offset)),
  ].join(' -> ');
}

/** The instruction at an access site, or what else is there; the function itself if its body cannot be decoded. */
export const siteText = (module: Module, hazard: Hazard): string =>
  hazard.cell.kind === 'anything' ? t('body') : siteWord(module, hazard.site.offset);

/** What the export does, how, and the call path to it. */
function statement(findings: Findings, position: number, hazard: Hazard): string {
  const finding = findingOf(findings, hazard);
  const who = quoted(exportLabel(findings.analysis.exports[position]));
  const action = accessRule(hazard.rule)?.action?.(finding) ?? effectText(finding.module, finding.effect);
  const witness = witnessText(findings, position, hazard);
  const own = accessRule(hazard.rule)?.statement?.(finding);
  if (own !== undefined) return translated(own, who, action, witness);
  const { access } = finding.effect;
  if (access === 'write') return t('{0} {1} without synchronisation ({2}).', who, action, witness);
  const others = without(against(findings.analysis, hazard.effect, position).all, position);
  if (access !== 'read' || others.count === 0) return translated(PLAIN_STATEMENT, who, action, witness);
  const names = othersText(findings.analysis, others, 2);
  return others.count === 1
    ? t('{0} {1}, which {2} changes ({3}).', who, action, names, witness)
    : t('{0} {1}, which {2} change ({3}).', who, action, names, witness);
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
  const place = placeOf(analysis.model);
  if ('sentence' in outcome) {
    const subject = quoted(exportLabel(analysis.exports[position]));
    const names = partiesText(analysis, self ? subject : undefined, without(met.all, position));
    return outcome.sentence(finding, { subject, names, place });
  }
  const readers = without(met.readers, position);
  const rivals = without(met.rivals, position);
  const seenBy = readers.count > 0 ? othersText(analysis, readers, 2, 'or') : undefined;
  if (!self && rivals.count === 0)
    return t('A concurrent call of {0}{1} can observe intermediate state.', seenBy ?? '', place);
  const parties = { place, self, opponents: rivals.count > 0 ? othersText(analysis, rivals, 2, 'or') : undefined };
  return collision(parties, outcome.can(finding), seenBy);
}

/** Who can collide: two calls of the export itself, a call of it with one of `opponents`, or both. */
interface Collision {
  place: string;
  self: boolean;
  opponents: string | undefined;
}

/** What calls that collide can do, and who can observe it. */
function collision({ place, self, opponents }: Collision, can: string, seenBy: string | undefined): string {
  if (!self)
    return seenBy === undefined
      ? t('A call concurrent with {0}{1} can {2}.', opponents ?? '', place, can)
      : t(
          'A call concurrent with {0}{1} can {2}; a concurrent call of {3} can observe intermediate state.',
          opponents ?? '',
          place,
          can,
          seenBy,
        );
  if (opponents === undefined)
    return seenBy === undefined
      ? t('Two concurrent calls{0} can {1}.', place, can)
      : t(
          'Two concurrent calls{0} can {1}; a concurrent call of {2} can observe intermediate state.',
          place,
          can,
          seenBy,
        );
  return seenBy === undefined
    ? t('Two concurrent calls{0}, or a call concurrent with {1}, can {2}.', place, opponents, can)
    : t(
        'Two concurrent calls{0}, or a call concurrent with {1}, can {2}; a concurrent call of {3} can observe intermediate state.',
        place,
        opponents,
        can,
        seenBy,
      );
}

/** `` `self` or `f` ``, `` `self`, `f` or `g` ``; without `self` for an export that does not conflict with itself. */
function partiesText(analysis: Analysis, self: string | undefined, others: Others): string {
  if (others.count === 0) return self ?? '';
  const names = othersText(analysis, others, 2, 'or');
  if (self === undefined) return names;
  return others.count > 1 ? t('{0}, {1}', self, names) : t('{0} or {1}', self, names);
}

/** The arguments with which the calls conflict; empty where any may do. */
function conditionText({ analysis }: Findings, position: number, hazard: Hazard): string {
  const { condition, growers } = against(analysis, hazard.effect, position);
  if (condition === 'always') return '';
  const isTable = hazard.cell.kind === 'table';
  const when = whenText(condition, isTable);
  if (growers.length === 0) return t('They conflict only {0}.', when);
  const names = othersText(analysis, without(growers, -1), 2, 'or');
  if (isTable)
    return growers.length === 1
      ? t('They conflict only {0}; a call of {1}, which grows the table, always conflicts.', when, names)
      : t('They conflict only {0}; a call of {1}, which grow the table, always conflicts.', when, names);
  return growers.length === 1
    ? t('They conflict only {0}; a call of {1}, which grows the memory, always conflicts.', when, names)
    : t('They conflict only {0}; a call of {1}, which grow the memory, always conflicts.', when, names);
}

/** Why a finding is not certain; empty when it is. */
function confidenceText(analysis: Analysis, position: number, hazard: Hazard): string {
  const outcome = accessRule(hazard.rule)?.outcome;
  if (hazard.confidence === 'definite' || (outcome && 'always' in outcome)) return '';
  const reasons: string[] = [];
  const kinds = edgeKinds(analysis, hazard);
  const { base } = hazard.cell.address ?? {};
  const isTable = hazard.cell.kind === 'table';
  if (hazard.confidence === 'possible') {
    // Which addresses conflict is told before.
    const told = against(analysis, hazard.effect, position).condition !== 'always';
    if (base === 'unknown') reasons.push(isTable ? t('the slot is unknown') : t('the address is unknown'));
    if (base === 'parameter' && !told)
      reasons.push(isTable ? t('the caller chooses the slot') : t('the caller chooses the address'));
    if (kinds.includes('host-unknown')) reasons.push(t('the path goes through a call with an unknown target'));
    if (reasons.length > 0) return t('Confidence: possible ({0}).', clauses(reasons));
    return told ? '' : t('Confidence: possible.');
  }
  if (base === 'stack') reasons.push(t('frames overlap only if the stacks do'));
  if (kinds.includes('type-matched')) reasons.push(t('the path goes through an indirect call, resolved by type'));
  return reasons.length > 0 ? t('Confidence: likely ({0}).', clauses(reasons)) : t('Confidence: likely.');
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

/** `And 3 more: global $a, global $b and 1 more.` for further findings of one group; empty when there are none. */
export function moreText(module: Module, others: readonly Hazard[]): string {
  if (others.length === 0) return '';
  const labels = [...new Set(others.map((hazard) => cellLabel(module, hazard.cell)))];
  return t('And {0} more: {1}.', number(others.length), listOf(labels, 3));
}

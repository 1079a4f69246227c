/** Whether what people read contradicts the data that it is made from, or itself. */

import type { AdvisedResult } from '../../advice/advised.ts';
import { foreignWords } from '../../advice/testing/contradictions.ts';
import { exportAdvice } from '../../analysis/exportText.ts';
import { nothingShared } from '../../analysis/nothingShared.ts';
import { conflictsWithItself } from '../../analysis/partners.ts';
import { contradictionsInThreads } from '../../analysis/testing/threadContradictions.ts';
import { canBlock } from '../../analysis/waiting.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { HammerResult, OutcomeKind } from '../../stress/hammer/hammerResult.ts';
import type { CheckedModule } from '../checkedModule.ts';
import { countConflicts } from '../conflictList.ts';
import { NOTHING_SHOWN } from '../shown/shownPairs.ts';
import { exportHeadline } from '../shown/standing.ts';
import { textModule } from '../text/checkText.ts';
import { hammerText } from '../text/hammerText.ts';
import { stressText } from '../text/stressText.ts';

/** Words that no text has. */
const BANNED = /\bbenign\b|\bleave (it|them|the race)\b|\bharmless\b|\bcompletely safe\b/i;

/** A word that promises; what says that something is not so, or speaks of a remedy or of an API, does not. */
const PROMISE = /\bsafe\b(?! for concurrent use)/;
const NO_PROMISE =
  /not (called )?safe|thread-safe|with an instance for each caller|safe under|for safe|safe only|^checked |\b[Mm]ake .* safe\b|^safe for|safe for$/;

/** A text of which each line is about one thing. */
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());

/** Exports of a module whose headlines are read. */
const MAX_EXPORTS = 2000;

/** Rounds below which a share of them is no percentage. */
const FEW_ROUNDS = 1000;

/** What texts of a result of exploration say wrongly, a sentence each: unless given, those of its short and full form. */
export function contradictionsInStressText(
  result: AdvisedResult,
  texts: readonly string[] = [false, true].map((full) => stressText(result, { full, colour: false })),
): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    const lines = linesOf(text);
    const [first] = lines;
    for (const line of lines) {
      if (BANNED.test(line)) found.add(`a promise that nothing shows: ${line}`);
      if (result.verdict !== 'safe' && !result.replayed && PROMISE.test(line) && !NO_PROMISE.test(line))
        found.add(`${result.verdict}, and safe: ${line}`);
      if (
        result.races.length > 0 &&
        /\bno (data )?race\b(?! remains| on its size)/.test(line) &&
        !NO_PROMISE.test(line)
      )
        found.add(`races, and no race: ${line}`);
      if (
        !result.exhaustive &&
        !/^(checked|by )|with an instance/.test(line) &&
        /^Explored: all schedules up to/.test(line)
      )
        found.add(`not exhaustive, and all schedules: ${line}`);
      if (/\d %/.test(line)) found.add(`a percentage that no rounds gave: ${line}`);
    }
    const imports = result.imports.stubbed.filter(
      (name) => lines.filter((line) => isImportLine(line, name)).length > 1,
    );
    for (const name of imports) found.add(`${name} is said to be stubbed twice`);
    if (result.verdict === 'safe' && result.restsOn.length > 0 && !lines.some((line) => line.startsWith('Rests on:')))
      found.add(`safe, without what it rests on: ${first}`);
    if (result.outcomes.wrong.length > 0 && !lines.some((line) => line.startsWith('Outcomes:')))
      found.add('a wrong outcome that no table shows');
  }
  return [...found];
}

const isImportLine = (line: string, name: string): boolean =>
  line.includes(name) && /^(Rests on|Imports stubbed)/.test(line);

/** Whether an outcome was compared with those of serial orders; what must hold needs no comparison. */
const isJudged = (kind: OutcomeKind): boolean => kind !== 'not-judged' && kind !== 'expectation';

/** The same for a result of the hammer. */
export function contradictionsInHammerText(result: HammerResult): string[] {
  const found: string[] = [];
  const { verdict, rounds, outcomes, seen, notJudged, serial, hang, explored } = result;
  const wrong = outcomes.some(({ kind }) => kind === 'wrong' || kind === 'expectation' || kind === 'wrong-state');
  if ((verdict === 'wrong-outcome') !== (wrong && hang === null))
    found.push(`${verdict}, and wrong outcomes: ${wrong}`);
  if (verdict === 'hang' && hang === null) found.push('a hang verdict without a hang');
  if (outcomes.some(({ kind }) => kind === 'not-judged') && outcomes.some(({ kind }) => isJudged(kind)))
    found.push('some outcomes are judged, and others are not');
  if (seen + notJudged < outcomes.length) found.push('more outcomes than were seen');
  if (serial === 0 && outcomes.some(({ kind }) => kind === 'serial'))
    found.push('a serial outcome, and no serial order');
  for (const line of linesOf(hammerText(result, { full: true, colour: false }))) {
    if (BANNED.test(line)) found.push(`a promise that nothing shows: ${line}`);
    if (rounds < FEW_ROUNDS && /\d %/.test(line)) found.push(`a percentage of ${rounds} rounds: ${line}`);
    if ((wrong || (explored !== null && explored.verdict !== 'safe')) && PROMISE.test(line) && !NO_PROMISE.test(line))
      found.push(`something is wrong, and safe: ${line}`);
  }
  return found;
}

const isOfHost = (rule: string): boolean => rule === 'host-call' || rule === 'unknown-code';

/** The same for what `check` says of a module, and for the headlines of its exports in an editor. */
export function contradictionsInCheckText(checked: CheckedModule): string[] {
  const { module, analysis, host } = checked;
  if (module === undefined || analysis === undefined) return [];
  const found: string[] = [];
  const text = textModule(checked, { full: true, colour: false, limit: 200 });
  const lines = linesOf(text);
  const conflicts = countConflicts(analysis);
  const counts = lines.find((line) => / exported functions?, /.test(line)) ?? '';
  if (conflicts > 0 === /, no conflicts found,/.test(counts)) found.push(`${conflicts} conflicts, and: ${counts}`);
  if (BANNED.test(text)) found.push('a promise that nothing shows');
  found.push(...contradictionsInThreads(analysis));
  const findings = { module, analysis, profile: HOST_PROFILES[host], shown: NOTHING_SHOWN };
  const advice = new Set(
    analysis.exports
      .slice(0, MAX_EXPORTS)
      .flatMap((_, position) => exportAdvice(findings, position).map(({ text }) => text)),
  );
  for (const one of advice)
    for (const words of foreignWords(one, nothingShared(analysis) === undefined ? analysis.model : 'isolated'))
      found.push(`not for ${analysis.model}: ${words}`);
  for (const [position, { name, conflictCount, class: kind, hazards }] of analysis.exports.entries()) {
    if (position >= MAX_EXPORTS) break;
    const head = exportHeadline(findings, position);
    const says = (what: string): void => void found.push(`${name}: ${what}: ${head}`);
    if (conflictCount > 0 && /no conflict/.test(head)) says(`${conflictCount} conflicts`);
    if (conflictCount === 0 && /conflicts? with/.test(head)) says('no conflicts');
    if (conflictsWithItself(analysis, position) && kind !== 'host-dependent' && !/itself/.test(head))
      says('conflicts with itself');
    if (kind === 'pure' && /thread-(hostile|compatible)/.test(head)) says('pure, and not thread-safe');
    if (conflictCount === 0 && !/ thread-safe/.test(head)) says('no conflicts');
    if (kind === 'pure' && (conflictCount > 0 || hazards.some(({ rule }) => rule !== 'ref-func')))
      says('pure, with findings');
    if (kind === 'pure' && canBlock(analysis, position)) says('pure, and can block');
    if (
      kind === 'reads-only' &&
      hazards.some(({ cell, rule }) => /write|grow|drop/.test(rule) && cell.kind !== 'memory.grow')
    )
      says('reads only, and a finding about a write');
    const apart = analysis.model === 'isolated' && !module.imports.some((one) => one.kind !== 'func');
    if (apart && conflictCount > 0 && kind !== 'host-dependent' && !hazards.some(({ rule }) => isOfHost(rule)))
      says('conflicts, and each caller has an instance');
  }
  return found;
}

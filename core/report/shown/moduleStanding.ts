/** How a module stands as a whole, for lens and status bar: what stress runs have shown first, else what the analysis supposes. */
import { plumbingOf } from '../../analysis/plumbing.ts';
import { moduleBasis } from '../../analysis/verdict/moduleBasis.ts';
import type { RemedyKind } from '../../analysis/verdict/remedy.ts';
import { type ShortVerdict, shortVerdict } from '../../analysis/verdict/shortVerdict.ts';
import { isInstantiation } from '../../stress/scenario/instantiation.ts';
import { t } from '../../text/l10n.ts';
import { listOf, number, paragraph } from '../../text/phrases.ts';
import { exportLabelOf } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { ShownRun } from './shownRun.ts';
import { findingsAmong, type StressFinding } from './shownText.ts';
import { exportStanding, type KnownModule } from './standing.ts';

/**
 * How bad it is, the worst first: something was shown; the analysis found conflicts; it found possible ones; calls meet
 * in the host; nothing was found; there is nothing to call concurrently.
 */
export const TONES = ['shown', 'conflict', 'possible', 'host', 'none', 'nothing'] as const;
export type Tone = (typeof TONES)[number];

/** Plain text: names from the module are printable, and in no quotation marks. */
export interface ModuleStanding {
  tone: Tone;
  /** A few words, without a full stop: `Race shown`, `Not safe`. */
  words: string;
  /** One line of one to three sentences. */
  line: string;
  /** The line in two parts, for where it may be cut off: the verdict, without a full stop; then why, and what to do. */
  lead: string;
  rest: string;
  /** The sentence of the line that tells what runs have shown; undefined where there are none, or none that tell. */
  ran: string | undefined;
  /** What to do in general; `none` where that depends on what was found. */
  remedy: RemedyKind;
}

/** Exports that are named. */
const MAX_NAMES = 3;

/** A module without runs costs little after `moduleBasis`. */
export function moduleStanding(evidence: KnownModule): ModuleStanding {
  const { module, analysis, shown } = evidence;
  const supposed = shortVerdict(module, analysis);
  const findings = findingsAmong(shown.runs.flatMap(({ headlines }) => headlines));
  const [worst] = findings;
  if (worst !== undefined) {
    const conflicts = supposed.status === 'not-safe' || supposed.status === 'possibly-not-safe';
    // What helps against conflicts need not help against a hang, or where the analysis found none. Whether callers share
    // the state on purpose, which instances of their own would end, only the advice of the run can tell.
    const known = conflicts && worst !== 'hang' && worst !== 'private-state' && supposed.remedyKind !== 'own-instance';
    const ran = shownSentence(module, shown.runs, worst);
    const remedy = known ? supposed.remedy : undefined;
    return {
      tone: 'shown',
      words: shownWords(worst),
      line: joined(ran, remedy),
      lead: ran.replace(/[.。]$/, ''),
      rest: joined(remedy),
      ran,
      remedy: known ? supposed.remedyKind : 'none',
    };
  }
  const ran = ranSentence(evidence);
  return {
    tone: toneOf(supposed),
    words: supposed.words,
    line: joined(supposed.sentence, ran, supposed.remedy),
    lead: supposed.parts.lead,
    rest: joined(supposed.parts.why, ran, supposed.remedy),
    ran,
    remedy: supposed.remedyKind,
  };
}

const joined = (...sentences: readonly (string | undefined)[]): string =>
  paragraph(sentences.filter((one) => one !== undefined));

function toneOf({ status }: ShortVerdict): Tone {
  switch (status) {
    case 'not-safe':
      return 'conflict';
    case 'possibly-not-safe':
      return 'possible';
    case 'host-only':
      return 'host';
    case 'no-conflict':
      return 'none';
    case 'program':
    case 'no-exports':
      return 'nothing';
  }
}

function shownWords(finding: StressFinding): string {
  switch (finding) {
    case 'host-hazard':
      return t('Host hazard shown');
    case 'hang':
      return t('Hang shown');
    case 'wrong-outcome':
      return t('Wrong outcome shown');
    case 'race':
      return t('Race shown');
    case 'private-state':
      return t('Private state shown');
  }
}

/** The worst that was found, with the exports whose calls show it. */
function shownSentence(module: Module, runs: readonly ShownRun[], finding: StressFinding): string {
  const showing = runs.filter(({ headlines }) => headlines.includes(finding));
  const onHost = showing.every(({ by }) => by === 'verify');
  const names = [...new Set(showing.flatMap(({ callers }) => callers.flat()))]
    .filter((name) => !isInstantiation([name]))
    .map((name) => exportLabelOf(module, name));
  const who = listOf(names, MAX_NAMES);
  switch (finding) {
    case 'host-hazard':
      return t('Stress tests showed damage to the host: {0}.', who);
    case 'hang':
      return onHost ? t('Runs on the host showed a hang: {0}.', who) : t('Stress tests showed a hang: {0}.', who);
    case 'wrong-outcome':
      return onHost
        ? t('Runs on the host showed a wrong outcome: {0}.', who)
        : t('Stress tests showed a wrong outcome: {0}.', who);
    case 'race':
      return onHost
        ? t('Runs on the host showed a data race: {0}.', who)
        : t('Stress tests showed a data race: {0}.', who);
    case 'private-state':
      return t('Stress tests showed that instances keep state apart that they should share: {0}.', who);
  }
}

/** What runs without a finding tell, which never makes a module safe; undefined without runs. */
function ranSentence(evidence: KnownModule): string | undefined {
  const { module, analysis, shown } = evidence;
  if (shown.runs.length === 0) return undefined;
  const folded = plumbingOf(module, analysis);
  const api = moduleBasis(module, analysis).positions.filter((position) => !folded.has(position));
  const standings = api.map((position) => exportStanding(evidence, position));
  const ran = standings.filter((one) => one.ran).length;
  if (ran === 0) return undefined;
  if (!shown.runs.some(({ headlines }) => headlines.includes('safe'))) return t('Stress tests so far decided nothing.');
  return standings.every(({ clean }) => clean)
    ? t('Stress tests found nothing wrong, exhaustive for the calls that they made.')
    : t('Stress tests found nothing wrong in {0} of {1} exports so far.', number(ran), number(api.length));
}

/** What is said of calls with objects that a plan made up. */
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import type { Scenario } from './scenario.ts';

/** Exports that one text names. */
const MAX_NAMES = 3;

/** What results of such calls are worth, and what to do, two sentences. `names`: the exports, as hosts call them. */
export const guessedNote = (names: readonly string[]): string =>
  t(
    'The objects passed to {0} are guesses, because no export is known to make them: races are between real accesses, but the outcomes of these calls mean nothing. Write a scenario with real objects (Create scenario in the editor).',
    namesOf(names),
  );

/** The same as a clause, for what a result rests on. */
export const guessedClause = (names: readonly string[]): string =>
  t('the objects passed to {0} were guesses', namesOf(names));

/** A verdict or a badge, which says in two more words what its calls were made with. */
export const withGuesses = (text: string, { guessed }: Pick<Scenario, 'guessed'>): string =>
  guessed === undefined ? text : t('{0}, with guessed objects', text);

const namesOf = (names: readonly string[]): string =>
  listOf(names.slice(0, MAX_NAMES).map(quoted), MAX_NAMES, 'and', names.length);

/**
 * `mutex`: calls that are safe with an instance for each caller, and not on one instance if an import suspends them, where
 * nothing says which of it is so. Says how to tell.
 */
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { boundText } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** Imports that a sentence names. */
const MAX_IMPORTS = 3;

/** One piece about all runs that such imports make inconclusive, otherwise none. */
export function suspendingAdvice(facts: AdviceFacts): Advice[] {
  const unsure = facts.runs.filter(
    ({ result: { verdict, ifSuspended } }) => verdict !== 'safe' && ifSuspended !== null,
  );
  const imports = [...new Set(unsure.flatMap(({ result }) => result.ifSuspended?.imports ?? []))];
  if (imports.length === 0) return [];
  const called = calledBy(unsure);
  const positions = positionsOf(facts, called);
  const [name] = namesOf(facts, positions);
  const names = listOf(imports.map(quoted), MAX_IMPORTS, 'or');
  const [run] = unsure.flatMap(({ result }) => result.ifSuspended?.run ?? []);
  const it = imports.length === 1;
  return [
    {
      remedy: 'mutex',
      exports: namesOf(facts, positions),
      pairs: [],
      text: it
        ? t(
            'If callers share an instance and {0} can suspend a call, await each call of {1} before the next one begins. To test what applies, name the imports that suspend (in a scenario "imports": {"{2}": {"suspends": true}}, on the command line --suspending, in the editor wasmHazards.suspendingImports), say "suspends": false of one that never does, or choose the model isolated if each caller has an instance of its own.',
            names,
            exportsText(facts, positions),
            imports[0],
          )
        : t(
            'If callers share an instance and {0} can suspend a call, await each call of {1} before the next one begins. To test what applies, name the imports that suspend (in a scenario "imports": {"{2}": {"suspends": true}}, on the command line --suspending, in the editor wasmHazards.suspendingImports), say "suspends": false of those that never do, or choose the model isolated if each caller has an instance of its own.',
            names,
            exportsText(facts, positions),
            imports[0],
          ),
      because: [
        {
          kind: 'import',
          export: name,
          name: imports[0],
          text: it
            ? t('nothing says whether {0} suspends its caller', names)
            : t('nothing says whether {0} suspend their callers', names),
        },
      ],
      checked:
        run === undefined
          ? UNCHECKED
          : {
              by: 'exploration',
              exhaustive: run.exhaustive,
              text: t('by exploration on one instance: {0}', boundText(run)),
            },
    },
  ];
}

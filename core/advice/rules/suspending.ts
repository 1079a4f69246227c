/**
 * `mutex`: calls that are safe with an instance for each caller, and not on one instance if an import suspends them, where
 * nothing says which of it is so. Says how to tell.
 */
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
      text: `If callers share an instance and ${names} can suspend a call, await each call of ${exportsText(facts, positions)} before the next one begins. To test what applies, name the imports that suspend (in a scenario "imports": {"${imports[0]}": {"suspends": true}}, on the command line --suspending, in the editor wasmHazards.suspendingImports), say "suspends": false of ${it ? 'one' : 'those'} that never ${it ? 'does' : 'do'}, or choose the model isolated if each caller has an instance of its own.`,
      because: [
        {
          kind: 'import',
          export: name,
          name: imports[0],
          text: `nothing says whether ${names} ${it ? 'suspends its caller' : 'suspend their callers'}`,
        },
      ],
      checked:
        run === undefined
          ? UNCHECKED
          : {
              by: 'exploration',
              exhaustive: run.exhaustive,
              text: `by exploration on one instance: ${boundText(run)}`,
            },
    },
  ];
}

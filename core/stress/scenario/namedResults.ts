/** Names of results: which are known at a step, and which name addresses or handles that later steps only pass on. */
import { t } from '../../text/l10n.ts';
import type { ScenarioProblem } from './checkScenario.ts';
import { namesIn, parseExpression } from './expression.ts';
import { listedLife } from './lifeForms.ts';
import type { Scenario } from './scenario.ts';
import { isExpression } from './stepForms.ts';
import { callIn, isCall, resultNames, type Step } from './steps.ts';

type Path = (string | number)[];

/** The expressions of a step, with the path of each in it. */
function expressionsOf(step: Step): { path: Path; text: string }[] {
  const call = callIn(step);
  if (call !== undefined)
    return call
      .slice(1)
      .flatMap((text, i) => (isExpression(text) ? [{ path: isCall(step) ? [i + 1] : ['args', i], text }] : []));
  return Object.entries(step).flatMap(([key, text]) =>
    typeof text === 'string' && EXPRESSIONS.has(key) ? [{ path: [key], text }] : [],
  );
}

/** Keys of steps whose texts are expressions. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  'expect',
  'write',
  'read',
  'length',
  ...['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'],
]);

/** Names of results that an expression uses; none where it cannot be parsed. */
function usedIn(text: string): string[] {
  const parsed = parseExpression(text);
  return 'message' in parsed ? [] : namesIn(parsed);
}

/** Uses of names that no step before has given to a result, and names that `compare` does not find. */
export function nameProblems({
  life,
  setup,
  callers,
  probe,
  compare,
}: Pick<Scenario, 'life' | 'setup' | 'callers' | 'probe' | 'compare'>): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const given = new Set<string>();
  const check = (list: readonly Step[], at: Path, known: Set<string>): void => {
    list.forEach((step, i) => {
      for (const { path, text } of expressionsOf(step))
        for (const name of usedIn(text))
          if (!known.has(name)) problems.push({ path: [...at, i, ...path], message: unknown(name, known) });
      for (const name of resultNames(step)) {
        known.add(name);
        given.add(name);
      }
    });
  };
  const common = new Set<string>();
  check(listedLife(life), ['life'], common);
  check(setup, ['setup'], common);
  callers.forEach((list, i) => void check(list, ['callers', i], new Set(common)));
  check(probe, ['probe'], new Set(common));
  if (compare !== 'auto')
    compare.forEach((name, i) => {
      if (!COMPARED.has(name) && !given.has(name))
        problems.push({
          path: ['compare', i],
          message: t('no result has the name {0}; compare takes results, reads, state and names of results', name),
        });
    });
  return problems;
}

const COMPARED: ReadonlySet<string> = new Set(['results', 'reads', 'state']);

const unknown = (name: string, known: ReadonlySet<string>): string =>
  known.size === 0
    ? t('{0} has no value here: no earlier step names its result {1}', `$${name}`, name)
    : t(
        '{0} has no value here: no earlier step names its result {1}; known are {2}',
        `$${name}`,
        name,
        [...known].map((one) => `$${one}`).join(t(', ')),
      );

/** Names that steps pass on in arguments, addresses and lengths: what they lead to counts, not their values. */
export function passedOn({ callers, setup, probe }: Pick<Scenario, 'setup' | 'callers' | 'probe'>): Set<string> {
  const found = new Set<string>();
  for (const step of [setup, ...callers, probe].flat())
    for (const { path, text } of expressionsOf(step))
      if (path[0] !== 'expect') for (const name of usedIn(text)) found.add(name);
  return found;
}

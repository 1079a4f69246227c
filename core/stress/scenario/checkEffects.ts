/** Checks declared effects of imports against the types of the imported functions. */
import { t } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import { isRef, type ValType } from '../../wasm/types.ts';
import { typeName } from './arguments.ts';
import type { ScenarioProblem } from './checkScenario.ts';
import { namesIn, parseExpression } from './expression.ts';
import { allEffects, type DeclaredEffects, type EffectResult, type ImportEffects } from './importEffects.ts';

type Path = (string | number)[];

/** Types of the imported function. */
interface Types {
  params: readonly ValType[];
  results: readonly ValType[];
}

/** What is wrong with the effects of one import; paths begin with `path`. */
export function effectProblems(declared: DeclaredEffects, types: Types, path: Path): ScenarioProblem[] {
  return allEffects(declared).flatMap(({ path: within, effects }) => [
    ...expressionsIn(effects).flatMap(({ path: at, text }) =>
      expressionProblems(text, types, [...path, ...within, ...at]),
    ),
    ...resultProblems(effects.returns, types, [...path, ...within, 'returns']),
  ]);
}

/** Texts that are expressions, with the path of each in the effects. */
function expressionsIn({ reads = [], writes = [], returns }: ImportEffects): { path: Path; text: string }[] {
  const found: { path: Path; text: string }[] = [];
  const add = (text: unknown, ...path: Path): void => {
    if (typeof text === 'string') found.push({ path, text });
  };
  reads.forEach((read, i) => {
    add(read.at, 'reads', i, 'at');
    add(read.length, 'reads', i, 'length');
  });
  writes.forEach((write, i) => {
    for (const [key, text] of Object.entries(write)) if (!FIXED.has(key)) add(text, 'writes', i, key);
  });
  if (Array.isArray(returns)) returns.forEach((one, i) => void add(one, 'returns', i));
  else add(returns, 'returns');
  return found;
}

/** Contents that are no numbers. */
const FIXED: ReadonlySet<string> = new Set(['utf8', 'hex', 'base64']);

function expressionProblems(text: string, { params }: Types, path: Path): ScenarioProblem[] {
  const parsed = parseExpression(text);
  if ('message' in parsed) return [{ path, message: parsed.message }];
  return namesIn(parsed).flatMap((name) => {
    const message = nameProblem(name, params);
    return message === undefined ? [] : [{ path, message }];
  });
}

function nameProblem(name: string, params: readonly ValType[]): string | undefined {
  if (name === 'caller') return undefined;
  if (!/^\d+$/.test(name))
    return t(
      '{0} is not known here: an import knows its arguments $0, $1, ... and the number of its caller, $caller',
      `$${name}`,
    );
  const param = params[Number(name)];
  if (param === undefined) return t('the import takes {0} arguments, so there is no {1}', params.length, `$${name}`);
  return isRef(param) ? t('{0} is a reference, which has no value here', `$${name}`) : undefined;
}

function resultProblems(
  returns: EffectResult | EffectResult[] | undefined,
  { results }: Types,
  path: Path,
): ScenarioProblem[] {
  if (returns === undefined) return [];
  const given = Array.isArray(returns) ? returns : [returns];
  if (given.length !== results.length) {
    const wanted = results.length === 0 ? 'nothing' : `(${results.map(typeName).join(', ')})`;
    return [{ path, message: t('the import returns {0}, not {1}', wanted, plural(given.length, 'value')) }];
  }
  return given.flatMap((one, i) => {
    const at = Array.isArray(returns) ? [...path, i] : path;
    if (isRef(results[i])) return one === null ? [] : [{ path: at, message: t('a reference can only be null') }];
    return one === null ? [{ path: at, message: t('null is no {0}', typeName(results[i])) }] : [];
  });
}

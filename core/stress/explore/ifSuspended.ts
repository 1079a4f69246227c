/**
 * The same calls on one instance. A host such as JavaScript has two ways to use a module: an instance for each caller, and
 * one for all of them, whose calls meet where an import suspends. Where nothing says which it is, both have to be safe.
 */
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import type { StressJob } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import type { ExploreContext } from './exploration.ts';
import { underModel } from './remedies.ts';
import { reachedImports } from './restsOn.ts';
import type { StressResult, SuspendedRun } from './result.ts';

/** Names that one clause lists. */
const MAX_NAMES = 4;

/**
 * Imports within reach of the calls that may suspend their caller on this host, `module.name`, where the scenario does not
 * say whether they do; empty where callers have more than an instance each.
 */
function maySuspend(session: Session): string[] {
  const { model, profile, scenario, module, analysis, callers } = session;
  if (model !== 'isolated' || callers.length < 2 || !profile.models.includes('cooperative')) return [];
  if (scenario.suspending.length > 0) return [];
  // Functions of the scenario have shown that they return no promise.
  const { stubbed, wasi, declared, emulated } = reachedImports(session);
  const reached = new Set([...stubbed, ...wasi, ...declared, ...emulated.flatMap(({ names }) => names)]);
  const says = (name: string): boolean => {
    const one = Object.hasOwn(scenario.behaviours, name) ? scenario.behaviours[name] : undefined;
    return one?.suspends !== undefined || one?.calls !== undefined;
  };
  const names = module.imports
    .filter(({ kind, index }) => kind === 'func' && analysis.sharing.suspending[index])
    .map((imported) => `${imported.module}.${imported.name}`);
  return names.filter((name) => reached.has(name) && !says(name));
}

/** A safe result of callers with an instance each, with what becomes of the calls on one instance. */
export async function withSuspension(
  job: StressJob,
  context: ExploreContext,
  result: StressResult,
): Promise<StressResult> {
  const { session } = context;
  const imports = maySuspend(session);
  if (imports.length === 0 || result.verdict !== 'safe') return result;
  const names = listOf(imports.map(quoted), MAX_NAMES);
  // Who chooses the model says that each caller has an instance.
  if (session.scenario.model !== 'auto') {
    const clause = t(
      'each caller has an instance of its own: calls of one instance can meet where {0} suspends them',
      names,
    );
    return { ...result, restsOn: [...result.restsOn, clause] };
  }
  const ifSuspended: SuspendedRun = { imports, run: await underModel(job, context, 'cooperative') };
  const safe = ifSuspended.run?.verdict === 'safe';
  return {
    ...result,
    ifSuspended,
    verdict: safe ? 'safe' : 'inconclusive',
    restsOn: safe
      ? result.restsOn
      : [...result.restsOn, t('no other call of an instance begins before {0} returns', names)],
  };
}

/** The life of a module in words. */
import { quoted } from '../../text/phrases.ts';
import type { Life, LifePer, LifeStep } from './life.ts';

const OFTEN: Readonly<Record<LifePer, string>> = {
  memory: 'once, in the first instance over the memory',
  instance: 'once in each instance',
  thread: 'in each further instance over the same memory',
};

/**
 * `` Before its API works: `_initialize` once (the module is a reactor, ...) ``; undefined where nothing has to be called.
 * What is concluded and not named says `probably`.
 */
export function lifeText({ steps }: Pick<Life, 'steps'>): string | undefined {
  if (steps.length === 0) return undefined;
  // A block that is allocated for the next call is part of it.
  const calls = steps.filter(({ as }) => as === undefined);
  return `Before its API works: ${calls.map(stepLine).join('; ')}`;
}

const stepLine = ({ call, args, per, why, sure }: LifeStep): string => {
  const given = args.some((one) => typeof one === 'string') ? ' with a new block' : '';
  return `${quoted(call)}${given} ${OFTEN[per]} (${sure === 'likely' ? 'probably; ' : ''}${why})`;
};

/** The life of a module in words. */
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { Life, LifePer, LifeStep } from './lifeModel.ts';

const OFTEN: Readonly<Record<LifePer, Message>> = {
  memory: message('once, in the first instance over the memory'),
  instance: message('once in each instance'),
  thread: message('in each further instance over the same memory'),
};

/**
 * `` Before its API works: `_initialize` once (the module is a reactor, ...) ``; undefined where nothing has to be called.
 * What is concluded and not named says `probably`.
 */
export const lifeText = ({ steps }: Pick<Life, 'steps'>): string | undefined =>
  steps.length === 0 ? undefined : t('Before its API works: {0}.', lifeList(steps));

/** `` `_initialize` once in each instance (why); ... ``. */
const lifeList = (steps: readonly LifeStep[]): string =>
  // A block that is allocated for the next call is part of it.
  steps.flatMap((step) => (step.as === undefined ? [stepLine(step)] : [])).join(t('; '));

const stepLine = (step: LifeStep): string =>
  `${quoted(exportLabel({ name: step.call, symbol: step.symbol }))} ${lifeStepText(step)}`;

/** `once in each instance (why)`. */
export function lifeStepText({ args, per, why, sure }: Pick<LifeStep, 'args' | 'per' | 'why' | 'sure'>): string {
  const often = translated(OFTEN[per]);
  const how = args.some((one) => typeof one === 'string') ? t('with a new block {0}', often) : often;
  return sure === 'likely' ? t('{0} (probably; {1})', how, why) : t('{0} ({1})', how, why);
}

/** How a scenario says what runs before its setup. */
import type { Life, LifePer } from '../../analysis/life/lifeModel.ts';
import type { CallStep, Step } from './steps.ts';

/** A step of a life that a scenario lists; `per` says how often it runs, see `LifePer`. */
export type LifeForm = Step | (CallStep & { per?: LifePer });

/** What runs before the setup: what the recogniser finds, nothing, or these steps. */
export type LifeChoice = 'auto' | 'none' | LifeForm[];

/** The steps that a scenario lists. */
export const listedLife = (life: LifeChoice): Step[] => (typeof life === 'string' ? [] : life);

/** The recognised life as a scenario lists it. */
export const lifeForms = ({ steps }: Life): LifeForm[] =>
  steps.map(({ call, args, as, per }) => ({ call, args, ...(as === undefined ? {} : { as }), per }));

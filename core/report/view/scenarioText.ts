/** The calls of a scenario as the report shows them. */

import { displayable } from '../../harmless/names.ts';
import { callerName, type Scenario, scenarioKey } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { callerText } from '../../stress/scenario/units.ts';
import type { ScenarioView } from './runModel.ts';

/** Characters of the calls of one caller. */
const LENGTH = 400;

/** `title`: the name of the scenario in its plan. */
export function scenarioView(scenario: Scenario, title: string): ScenarioView {
  const text = (steps: typeof scenario.setup): string => displayable(steps.map(stepText).join('; '), LENGTH);
  return {
    key: scenarioKey(scenario),
    title: displayable(title, LENGTH),
    setup: text(scenario.setup),
    callers: scenario.callers.map((_, caller) => ({
      name: callerName(caller),
      calls: displayable(callerText(scenario, caller), LENGTH),
    })),
    probe: text(scenario.probe),
  };
}

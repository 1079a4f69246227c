/** Leads the editor to the instruction of a step, and to the line that it comes from. */
import type { StepView } from '../../../core/report/view/scheduleSteps.ts';
import type { ViewHost } from '../host.ts';

/** While somebody holds a key, the editor follows where they stop. */
const REST_MS = 120;

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Does nothing for a step without an instruction, and where there is no editor. */
export function followStep(host: ViewHost, { offset, source }: StepView): void {
  clearTimeout(waiting);
  if (!host.can.reveal || offset === undefined) return;
  waiting = setTimeout(() => {
    host.reveal({ offset, preserveFocus: true, source: source !== undefined });
  }, REST_MS);
}

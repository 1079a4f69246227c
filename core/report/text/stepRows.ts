/** A trace with the steps of protocols as people read them: the host's accesses without the text of their step. */
import type { TraceRow } from '../../stress/run/traceRows.ts';
import type { Scenario } from '../../stress/scenario/scenario.ts';
import { hostAccessText, isCall } from '../../stress/scenario/steps.ts';

/** Rows for a table. The `op` `told` is the end of a step that reads or expects; `read` is its text. */
export function stepRows(rows: readonly TraceRow[], { callers }: Pick<Scenario, 'callers'>): TraceRow[] {
  return rows.flatMap((row) => {
    const step = callers[row.caller]?.[row.call];
    if (step === undefined || isCall(step)) return [row];
    // The row of the step stands above.
    if (row.op === hostAccessText(step)) return [{ ...row, op: 'write' in step ? 'host write' : 'host read' }];
    if (row.op !== 'return' || 'call' in step) return [row];
    if ('write' in step) return [];
    return [{ ...row, op: 'told', read: 'expect' in step ? row.read : `gives ${row.read}` }];
  });
}

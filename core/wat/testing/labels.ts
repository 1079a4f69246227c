/** For tests: finds the block that a branch means. */
import { Op } from '../../wasm/ops.ts';
import type { WatDocument, WatFunction } from '../model.ts';
import { numberOf } from '../moduleDraft.ts';
import { nameOfId } from '../strings.ts';
import { labelOf, tokenAt } from './lookup.ts';

const opensBlock = (op: number): boolean =>
  op === Op.block || op === Op.loop || op === Op.if || op === Op.try || op === Op.try_table;

/**
 * The instruction that opens the block which a label, `$id` or a number, means at `instruction` of `func` (both are
 * indices into `instructions`); -1 for the body of the function, undefined if there is no such block.
 */
export function blockOfLabel(
  doc: WatDocument,
  func: WatFunction,
  instruction: number,
  label: string,
): number | undefined {
  const { op, nameStart } = doc.instructions;
  const name = label.startsWith('$') ? nameOfId(label, 0, label.length).text : undefined;
  let outward = name === undefined ? numberOf(label) : Number.POSITIVE_INFINITY;
  // The label of a `delegate` is looked up outside the `try` that it ends.
  let closed = op[instruction] === Op.delegate ? 1 : 0;
  for (let at = instruction - 1; at >= func.first; at--) {
    if (op[at] === Op.end || op[at] === Op.delegate) closed++;
    else if (opensBlock(op[at])) {
      if (closed > 0) closed--;
      else if (outward-- === 0 || (name !== undefined && labelOf(doc, tokenAt(doc, nameStart[at])) === name)) return at;
    }
  }
  return outward === 0 ? -1 : undefined;
}

/** Instructions that copy from a segment to an array of the garbage collector. */
import { Op } from './ops.ts';

/** The kind of segment that an instruction copies to an array; its index is the second immediate. Undefined for any other. */
export function segmentReadBy(id: number): 'data' | 'element' | undefined {
  if (id === Op.array_new_data || id === Op.array_init_data) return 'data';
  return id === Op.array_new_elem || id === Op.array_init_elem ? 'element' : undefined;
}

/** Which calls with blocks a pool or a lock offers itself. */
import type { WrapExport } from '../surface.ts';
import { leavesState } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { BlockCall } from './blocks.ts';

/** Whether a call makes sense on an instance that nobody chooses. */
export const standsAlone = (input: WrapInput, one: WrapExport, { answers, byHand }: BlockCall): boolean =>
  !byHand && (answers || !leavesState(input, one));

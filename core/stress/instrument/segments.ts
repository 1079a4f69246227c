/** Instructions that copy from a segment to an array: only whether the segment is still there is asked, arrays are not watched. */
import type { Instruction } from '../../wasm/immediates.ts';
import { I32 } from '../../wasm/types.ts';
import { callFunction, i32Const, localGet, localSet } from '../rewrite/emit.ts';
import { siteOf } from './bulk.ts';
import type { Body } from './context.ts';
import { segmentPoint } from './points.ts';

/** Before such an instruction, where code drops its segment: drops are the engine's alone, which makes it trap. */
export function segmentRead(body: Body, instruction: Instruction, kind: 'data' | 'element'): void {
  const { context, out } = body;
  const segment = instruction.values[1];
  const { droppedData, droppedElements } = context.changed;
  if (!(kind === 'data' ? droppedData : droppedElements).has(segment)) return;
  const [source, count] = [body.scratch('source', I32), body.scratch('count', I32)];
  localSet(out, count);
  localSet(out, source);
  i32Const(out, siteOf(body, instruction, segment));
  localGet(out, source);
  localGet(out, count);
  callFunction(out, segmentPoint(context));
  localGet(out, source);
  localGet(out, count);
}

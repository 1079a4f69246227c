/** Segments: what is left of them, and the hook before instructions that copy from one to an array. */
import type { Module } from '../../wasm/module.ts';
import { segmentReadBy } from '../../wasm/segmentReads.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Accesses } from './accesses.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, operationAt } from './operation.ts';
import { DATA_BOUNDS, ELEMENT_BOUNDS, trapOp } from './traps.ts';

/** Bytes of a data segment after instantiation, which drops active ones. */
export function dataLength({ data }: Module, index: number): number {
  const { mode, start, end } = data[index];
  return mode === 'passive' ? end - start : 0;
}

/** Items of an element segment after instantiation, which drops those that are not passive. */
export function elementLength({ elements }: Module, index: number): number {
  const { mode, functions, exprs } = elements[index];
  return mode === 'passive' ? (functions?.length ?? exprs?.length ?? 0) : 0;
}

/** The hook before an instruction that copies `count` bytes or items of a segment from `source` on. */
export class SegmentReads {
  private readonly accesses: Accesses;

  constructor(accesses: Accesses) {
    this.accesses = accesses;
  }

  segment = (site: number, source: number, count: number): number => {
    const { accesses } = this;
    const { scheduler, sites } = accesses;
    if (scheduler.over) return HookAnswer.Abort;
    const caller = scheduler.current;
    const kind = segmentReadBy(sites.op[site]);
    const segment = scheduler.instance.dropped.get(`${kind} ${sites.index[site]}`);
    if (segment === undefined) return HookAnswer.Perform;
    const trap = kind === 'data' ? DATA_BOUNDS : ELEMENT_BOUNDS;
    // Any other check is the engine's.
    const traps = (): boolean => segment.dropped && (source !== 0 || count !== 0);
    if (scheduler.mode === ExecutionMode.Off) {
      if (!traps()) return HookAnswer.Perform;
      caller.trap = trap;
      return HookAnswer.Abort;
    }
    scheduler.accesses++;
    caller.site = site;
    scheduler.settle(caller);
    accesses.note(segment.cell, false);
    const touches = [cellTouch(segment.cell, false)];
    const operation = operationAt(site, touches);
    if (traps())
      return accesses.beyond(segment.cell.visible, site, touches, trap, () => (traps() ? undefined : operation));
    if (!accesses.isDecision(segment.cell.visible, true)) return accesses.passed(caller);
    return scheduler.ask({ ...operation, settle: () => (traps() ? trapOp(site, touches, trap) : operation) });
  };
}

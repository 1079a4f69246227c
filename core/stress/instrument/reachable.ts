/** The functions that a run can reach and the state that they change: only these are instrumented. */
import type { CallGraph } from '../../analysis/model.ts';
import { Cursor } from '../../wasm/cursor.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { segmentReadBy } from '../../wasm/segmentReads.ts';
import { skipLocals } from '../../wasm/skip.ts';

/** Marks functions that `roots` reach through calls; 1 for each that is. */
export function reachableFunctions(graph: CallGraph, roots: readonly number[]): Uint8Array {
  const seen = new Uint8Array(graph.nodes);
  const todo: number[] = [];
  const visit = (node: number): void => {
    if (node >= graph.nodes || seen[node] === 1) return;
    seen[node] = 1;
    todo.push(node);
  };
  roots.forEach(visit);
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (let i = graph.start[node]; i < graph.start[node + 1]; i++) visit(graph.target[i]);
  }
  return seen.subarray(0, graph.functions);
}

/**
 * State that reachable code changes, and functions of the host that it calls; state that it only reads needs no hooks.
 */
export interface ChangedState {
  /** Imported functions that are called by index. */
  imports: Set<number>;
  globals: Set<number>;
  /** Memories that code can grow. */
  grown: Set<number>;
  /** Tables with slots that change, and those that can grow. */
  tables: Set<number>;
  grownTables: Set<number>;
  /** Tables that `table.copy` reads. */
  copiedTables: Set<number>;
  droppedData: Set<number>;
  droppedElements: Set<number>;
  /** Segments that code copies from. */
  readData: Set<number>;
  readElements: Set<number>;
  /** Fields of structs or elements of arrays. */
  heap: boolean;
  /** Calls, of any kind, that stand in each body of the module. */
  calls: Uint32Array;
}

/**
 * Reads every reachable body once.
 * @throws DecodeFailure on a malformed one
 */
export function changedState(module: Module, reachable: Uint8Array): ChangedState {
  const changed: ChangedState = {
    imports: new Set(),
    globals: new Set(),
    grown: new Set(),
    tables: new Set(),
    grownTables: new Set(),
    copiedTables: new Set(),
    droppedData: new Set(),
    droppedElements: new Set(),
    readData: new Set(),
    readElements: new Set(),
    heap: false,
    calls: new Uint32Array(module.functions.bodyStart.length),
  };
  const { imported, bodyStart, bodyEnd } = module.functions;
  for (let d = 0; d < bodyStart.length; d++) {
    if (reachable[imported + d] !== 1) continue;
    const c = new Cursor(module.bytes, bodyStart[d], bodyEnd[d]);
    skipLocals(c);
    while (!c.atEnd()) {
      const { id, values } = nextInstruction(c);
      const segment = segmentReadBy(id);
      if (segment !== undefined) (segment === 'data' ? changed.readData : changed.readElements).add(values[1]);
      switch (ACCESS[id]) {
        case Access.CallIndirect:
        case Access.CallRef:
          changed.calls[d]++;
          break;
        case Access.Call:
          changed.calls[d]++;
          if (values[0] < imported) changed.imports.add(values[0]);
          break;
        case Access.GlobalSet:
          changed.globals.add(values[0]);
          break;
        case Access.MemoryGrow:
          changed.grown.add(values[0]);
          break;
        case Access.TableSet:
        case Access.TableFill:
          changed.tables.add(values[0]);
          break;
        case Access.TableCopy:
          changed.tables.add(values[0]);
          changed.copiedTables.add(values[1]);
          break;
        case Access.TableInit:
          changed.readElements.add(values[0]);
          changed.tables.add(values[1]);
          break;
        case Access.MemoryInit:
          changed.readData.add(values[0]);
          break;
        case Access.TableGrow:
          changed.grownTables.add(values[0]);
          changed.tables.add(values[0]);
          break;
        case Access.DataDrop:
          changed.droppedData.add(values[0]);
          break;
        case Access.HeapWrite:
          changed.heap = true;
          break;
        case Access.ElemDrop:
          changed.droppedElements.add(values[0]);
          break;
      }
    }
  }
  return changed;
}

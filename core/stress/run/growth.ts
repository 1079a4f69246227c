/**
 * Growth of memories and tables. A host whose growth moves an unshared memory reads, copies and publishes: stores
 * between copy and publication are lost, and two growers can be told one old size. Shared memories grow in one step.
 * Source: wazero, internal/wasm/memory.go and table.go (Grow).
 */
import { Access } from '../../wasm/instructions.ts';
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { keepSlot, setSlot, type TableState } from './machine.ts';
import type { MemoryState, PendingGrowth } from './memoryState.ts';
import { cellTouch, operationAt } from './operation.ts';
import type { Ranges } from './ranges.ts';
import { ExecutionMode, type Scheduler } from './scheduler.ts';

const REFUSED = -1;
const TRAP = -2;

/** The hooks of `memory.grow` and `table.grow`. */
export class Growth {
  private readonly accesses: Accesses;
  private readonly ranges: Ranges;
  private readonly scheduler: Scheduler;
  private readonly sites: Sites;
  private readonly moves: boolean;
  /** Set when growth was performed in parts, or refused because of the engine's own limit. */
  inParts = false;
  limited = false;

  constructor(accesses: Accesses, ranges: Ranges, sites: Sites, moves: boolean) {
    this.accesses = accesses;
    this.ranges = ranges;
    this.scheduler = accesses.scheduler;
    this.sites = sites;
    this.moves = moves;
  }

  size = (site: number): number => {
    const { instance } = this.scheduler;
    const index = this.sites.index[site];
    if (this.sites.access[site] === Access.TableSize) return (instance.tables[index] as TableState).length;
    const memory = instance.memories[index];
    return Math.floor(memory.bytes / memory.pageBytes);
  };

  grow = async (site: number, pages: number): Promise<number> => {
    const { scheduler } = this;
    const memory = scheduler.instance.memories[this.sites.index[site]];
    const { extent } = memory;
    const parted = this.moves && !memory.shared && this.accesses.learns;
    this.met(site);
    const fits = () =>
      pages > 0 && memory.bytes / memory.pageBytes + pages <= memory.maxPages && this.room(memory, pages);
    if (!fits()) {
      // Growth by zero only reads the size.
      this.accesses.note(extent, false);
      if ((await this.ranges.askFor(operationAt(site, [cellTouch(extent, false, memory.shared)]))) === HookAnswer.Abort)
        return TRAP;
      return pages === 0 ? memory.bytes / memory.pageBytes : REFUSED;
    }
    this.accesses.note(extent, true);
    const begin = operationAt(site, [cellTouch(extent, true, memory.shared, parted)]);
    if ((await this.ranges.askFor(begin)) === HookAnswer.Abort) return TRAP;
    if (!fits()) return REFUSED;
    const old = memory.bytes;
    if (parted) {
      this.inParts = true;
      const growth: PendingGrowth = { saved: new Map() };
      memory.growths.push(growth);
      for (const other of scheduler.callers) scheduler.freshTag(other);
      if ((await this.ranges.askFor(operationAt(site, [cellTouch(extent, true)]))) === HookAnswer.Abort) return TRAP;
      this.publish(memory, growth);
      for (const other of scheduler.callers) scheduler.freshTag(other);
    }
    memory.bytes = old + pages * memory.pageBytes;
    for (const instance of scheduler.machine.instances) scheduler.machine.fitTags(instance);
    return old / memory.pageBytes;
  };

  /** Makes room in V8's memory, which never shrinks. */
  private room(memory: MemoryState, pages: number): boolean {
    const bytes = memory.bytes + pages * memory.pageBytes;
    if (bytes > memory.mostBytes) {
      this.limited = true;
      return false;
    }
    if (!memory.reserve(bytes)) return false;
    for (const instance of this.scheduler.machine.instances) this.scheduler.machine.fitTags(instance);
    return true;
  }

  /** Publishes the copy: writes made since the copy are lost. */
  private publish(memory: MemoryState, growth: PendingGrowth): void {
    memory.growths.splice(memory.growths.indexOf(growth), 1);
    for (const [line, held] of growth.saved) {
      memory.dirties(line, this.scheduler.run);
      memory.view.set(held, line << LINE_LOG2);
    }
  }

  private met(site: number): void {
    const { scheduler } = this;
    if (scheduler.mode === ExecutionMode.Off) return;
    scheduler.accesses++;
    scheduler.current.site = site;
    scheduler.settle(scheduler.current);
  }

  growTable = async (site: number, count: number): Promise<number> => {
    const { scheduler } = this;
    const table = scheduler.instance.tables[this.sites.index[site]] as TableState;
    const { extent } = table;
    this.met(site);
    const fits = () => count > 0 && table.length + count <= table.max && reserveSlots(table, table.length + count);
    const writes = fits();
    this.accesses.note(extent, writes);
    const parted = writes && this.moves && this.accesses.learns;
    if ((await this.ranges.askFor(operationAt(site, [cellTouch(extent, writes, false, parted)]))) === HookAnswer.Abort)
      return TRAP;
    if (!writes || !fits()) return count === 0 ? table.length : REFUSED;
    const old = table.length;
    if (parted) {
      this.inParts = true;
      const growth = new Map<number, unknown>();
      table.growths.push(growth);
      if ((await this.ranges.askFor(operationAt(site, [cellTouch(extent, true)]))) === HookAnswer.Abort) return TRAP;
      table.growths.splice(table.growths.indexOf(growth), 1);
      for (const [slot, held] of growth) {
        keepSlot(table, slot);
        setSlot(table, slot, held);
      }
    }
    for (let slot = old; slot < old + count; slot++) keepSlot(table, slot);
    table.length = old + count;
    return old;
  };
}

/** Tables of the engine grow too, with null; one of non-nullable references cannot. */
function reserveSlots(table: TableState, length: number): boolean {
  const missing = length - Number(table.table.length);
  if (missing <= 0) return true;
  try {
    table.table.grow(table.is64 ? BigInt(missing) : missing);
    return true;
  } catch {
    return false;
  }
}

/**
 * Growth of memories and tables. A host whose growth moves an unshared memory reads, copies and publishes: stores
 * between copy and publication are lost, and two growers can be told one old size. Shared memories grow in one step.
 * Source: wazero, internal/wasm/memory.go and table.go (Grow).
 */
import { Access } from '../../wasm/instructions.ts';
import { HookAnswer, LINE_BYTES } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { copyTouches, growTouches, publishTouches, sizeTouches } from './extents.ts';
import { Sync } from './history.ts';
import type { MemoryState, PendingGrowth } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, operationAt } from './operation.ts';
import type { Ranges } from './ranges.ts';
import type { Scheduler } from './scheduler.ts';
import { keepSlot, setSlot, type TableState } from './tableState.ts';

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
  limitedTables = false;

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
    // Memories do not get smaller than at the base: what does not fit there only reads the size, always.
    const mayGrow = pages > 0 && memory.baseBytes / memory.pageBytes + pages <= memory.maxPages;
    const fits = () =>
      mayGrow && memory.bytes / memory.pageBytes + pages <= memory.maxPages && this.room(memory, pages);
    this.accesses.note(extent, mayGrow);
    const sync = (grows: boolean) => (memory.shared ? (grows ? Sync.Both : Sync.Acquire) : Sync.None);
    if (parted && mayGrow) memory.copied = true;
    const operation = (grows: boolean) =>
      grows
        ? operationAt(site, parted ? copyTouches(memory) : growTouches(memory), {
            sync: sync(true),
            effect: 'changes',
          })
        : operationAt(site, sizeTouches(memory), { sync: sync(false) });
    let grows: boolean | undefined;
    // Others may have grown the memory while the caller stood before this.
    const settle = () => {
      const fitted = fits();
      grows = fitted;
      return operation(fitted);
    };
    if ((await this.ranges.askFor({ ...operation(mayGrow), settle })) === HookAnswer.Abort) return TRAP;
    grows ??= fits(); // It was no decision.
    if (!grows) return pages === 0 ? memory.bytes / memory.pageBytes : REFUSED;
    const old = memory.bytes;
    if (parted) {
      this.inParts = true;
      const growth: PendingGrowth = { saved: new Map(), written: [] };
      memory.growths.push(growth);
      for (const other of scheduler.callers) scheduler.freshTag(other);
      const publication = operationAt(site, publishTouches(memory, undefined), {
        settle: () => operationAt(site, publishTouches(memory, growth.written), { isMost: true }),
      });
      if ((await this.ranges.askFor(publication)) === HookAnswer.Abort) return TRAP;
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
      memory.dirties(line);
      memory.view.set(held, line * LINE_BYTES);
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
    const mayGrow = count > 0 && table.baseLength + count <= table.max;
    const fits = () => mayGrow && table.length + count <= table.max && this.slotsFor(table, table.length + count);
    this.accesses.note(extent, mayGrow);
    const parted = this.moves && this.accesses.learns;
    const operation = (grows: boolean) => operationAt(site, [cellTouch(extent, grows, false, grows && parted)]);
    let grows: boolean | undefined;
    const settle = () => {
      const fitted = fits();
      grows = fitted;
      return operation(fitted);
    };
    if ((await this.ranges.askFor({ ...operation(mayGrow), settle })) === HookAnswer.Abort) return TRAP;
    grows ??= fits(); // It was no decision.
    if (!grows) return count === 0 ? table.length : REFUSED;
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
    // The module fills the new slots: a growth that copied them before, when another one had made them, publishes its copy.
    if (table.growths.length > 0) for (let slot = old; slot < old + count; slot++) keepSlot(table, slot);
    table.length = old + count;
    return old;
  };

  /** Makes room in V8's table, which never shrinks. */
  private slotsFor(table: TableState, length: number): boolean {
    if (length > table.mostSlots) {
      this.limitedTables = true;
      return false;
    }
    return reserveSlots(table, length);
  }
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

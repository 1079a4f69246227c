/** Where the state of instances is in the process, as the driver tells at the end of a round, and which cell an address is of. */

/** The bytes `[start, end)` of the process are a part of a guest's state; the form of `core/verify/go/regions_test.go`. */
export interface Region {
  /** `memory`: the contents; `memory.grow`: base and size; `segment`: the slice of a passive segment. */
  kind: 'global' | 'memory' | 'memory.grow' | 'table' | 'table.grow' | 'segment' | 'host';
  /** Of the global, memory, table or segment in its module. */
  index: number;
  /** `Val` and `ValHi` of a global, `data` and `element` of a segment, `engine` and `instance` of the host's own state. */
  part?: string;
  /** Number of the instance. */
  instance: number;
  start: number;
  end: number;
  /** Bytes of the process for each byte, slot or item of a shadow, whose items are numbered from `index` on. */
  unit?: number;
}

/** What the driver told at the end of a round. */
export interface RoundRegions {
  /** Growth moves memories and tables: both are true for a part of the round. */
  regions: Region[];
  /** Fields of wazero that were looked for and are not there. */
  missing: string[];
}

const KINDS: ReadonlySet<unknown> = new Set([
  'global',
  'memory',
  'memory.grow',
  'table',
  'table.grow',
  'segment',
  'host',
]);

/** Reads the JSON of a marker line; empty where it is something else. */
export function parseRegions(about: string): RoundRegions {
  let told: { before?: unknown; after?: unknown; missing?: unknown };
  try {
    told = JSON.parse(about);
  } catch {
    // A line that was cut off, or written by the guest.
    return { regions: [], missing: [] };
  }
  const list = (part: unknown): unknown[] => (Array.isArray(part) ? part : []);
  return {
    regions: [...list(told?.before), ...list(told?.after)].filter(isRegion),
    missing: list(told?.missing).filter((name) => typeof name === 'string'),
  };
}

function isRegion(one: unknown): one is Region {
  if (typeof one !== 'object' || one === null) return false;
  const { kind, index, instance, start, end, unit = 1 } = one as Record<string, unknown>;
  return (
    KINDS.has(kind) && [index, instance, start, end, unit].every((number) => Number.isSafeInteger(number)) && unit !== 0
  );
}

/** The smallest region that has the address: fields are within structs. */
export function regionAt(regions: readonly Region[], address: number): Region | undefined {
  let best: Region | undefined;
  for (const region of regions) {
    if (address < region.start || address >= region.end) continue;
    if (best === undefined || region.end - region.start < best.end - best.start) best = region;
  }
  return best;
}

/** Rust: the type `Options`, and the engine that is made of it. */
import { canBlock } from '../../analysis/waiting.ts';
import type { Module } from '../../wasm/module.ts';
import type { Surface } from '../surface.ts';
import type { Kit } from './kit.ts';

const PAGE = 65_536n;
/** Elements of a table for which a pooling allocator reserves address space if the module does not say how many. */
const TABLE = 20_000n;
/** Elements beyond which a declared maximum is not reserved. */
const LARGE_TABLE = 1_000_000n;

/** What the pooling allocator of Wasmtime reserves for an instance. */
interface Slots {
  memories: number;
  tables: number;
  /** Bytes of the largest memory. */
  bytes: bigint;
  /** Elements of the largest table. */
  elements: bigint;
}

/** The largest of numbers that are not negative. */
function most(values: readonly bigint[]): bigint {
  let found = 0n;
  for (const value of values) if (value > found) found = value;
  return found;
}

/** Undefined where slots of one size do not fit: a memory without a maximum, or state that is imported. */
function slotsOf({ memories, tables }: Module, { privateState, commonMemory }: Surface): Slots | undefined {
  if (privateState || commonMemory || memories.length === 0) return undefined;
  const bytes: bigint[] = [];
  for (const { limits, imported } of memories) {
    if (imported || limits.shared || limits.is64 || limits.max === undefined) return undefined;
    bytes.push(limits.max * PAGE);
  }
  if (tables.some(({ imported, limits }) => imported || limits.is64)) return undefined;
  const elements = tables.map(({ limits: { min, max } }) =>
    max !== undefined && max <= LARGE_TABLE ? most([min, max]) : most([min, TABLE]),
  );
  return { memories: memories.length, tables: tables.length, bytes: most(bytes), elements: most(elements) };
}

/** `Options`, its default, and the functions that it needs. */
export function options(kit: Kit): string {
  const { input, surface, main, asynchronous } = kit;
  const slots = main === 'Pool' ? slotsOf(input.module, surface) : undefined;
  const waits = input.analysis.exports.some((_, position) => canBlock(input.analysis, position));
  const type = kit.type('Options');
  const fields: [doc: string[], field: string, value: string][] = [];
  if (main === 'Pool')
    fields.push([
      ['How many instances there are at most: the number of processors unless you set it.'],
      'size: usize',
      'thread::available_parallelism().map_or(1, |count| count.get())',
    ]);
  fields.push([['Configuration of the engine.'], 'config: Config', 'Config::new()']);
  if (!asynchronous)
    fields.push([
      [
        `How long a call may take, to within some ${TICK_MS} ms. One that takes longer fails with \`Trap::Interrupt\`.`,
        'Unlimited unless you set it: a call that does not return keeps its instance forever.',
        ...(waits ? ['It ends no call that waits in `memory.atomic.wait`.'] : []),
      ],
      'call_timeout: Option<Duration>',
      'None',
    ]);
  fields.push([
    ['Bytes that a memory of an instance may have; as many as the module allows unless you set it.'],
    'max_memory: Option<usize>',
    'None',
  ]);
  if (slots !== undefined)
    fields.push([
      [
        'Whether the instances live in slots of fixed size, which are reserved when the pool is made',
        '(`PoolingAllocationConfig`). It is so unless you set it, because the module declares how large its memory becomes.',
      ],
      'pooling: bool',
      'true',
    ]);
  if (surface.wasi)
    fields.push([
      ['Gives an instance arguments, environment, files and output; it has none unless you set it.'],
      `wasi: Box<dyn Fn(&mut wasmtime_wasi::WasiCtxBuilder) -> Result<()> + Send + Sync>`,
      'Box::new(|_| Ok(()))',
    ]);
  const declared = fields.map(
    ([doc, field]) => `${doc.map((line) => `    /// ${line}\n`).join('')}    pub ${field},\n`,
  );
  const given = fields.map(([, field, value]) => `            ${field.replace(/:.*/s, '')}: ${value},\n`);
  return `/// How instances are made.
pub struct ${type} {
${declared.join('')}}

impl Default for ${type} {
    fn default() -> Self {
        Self {
${given.join('')}        }
    }
}

impl ${type} {
    fn engine(&mut self) -> Result<Engine> {
${engineLines(kit, slots)}    }
}
${slots === undefined ? '' : pooled(slots, asynchronous)}${epochs(asynchronous)}`;
}

const TICK_MS = 10;

function engineLines({ surface, asynchronous }: Kit, slots: Slots | undefined): string {
  const lines: string[] = [];
  if (surface.threads) lines.push('        self.config.shared_memory(true);\n');
  if (slots !== undefined)
    lines.push(`        if self.pooling {
            self.config.allocation_strategy(pooled(self.size));
        }
`);
  if (asynchronous)
    lines.push(`        self.config.epoch_interruption(true);
        let engine = Engine::new(&self.config)?;
        count_epochs(&engine)?;
        Ok(engine)
`);
  else
    lines.push(`        if self.call_timeout.is_none() {
            return Engine::new(&self.config);
        }
        self.config.epoch_interruption(true);
        let engine = Engine::new(&self.config)?;
        count_epochs(&engine)?;
        Ok(engine)
`);
  return lines.join('');
}

function pooled({ memories, tables, bytes, elements }: Slots, asynchronous: boolean): string {
  const total = (count: number): string => (count === 1 ? 'count' : `count.saturating_mul(${count})`);
  return `
/// Slots for \`size\` instances, as large as the module declares its memories and tables.
fn pooled(size: usize) -> InstanceAllocationStrategy {
    let count = u32::try_from(size).unwrap_or(u32::MAX);
    let mut slots = PoolingAllocationConfig::new();
    slots.total_core_instances(count);
${asynchronous ? '    slots.total_stacks(count);\n' : ''}    slots.total_memories(${total(memories)});
    slots.max_memories_per_module(${memories});
    slots.max_memory_size(${bytes});
${tables === 0 ? '' : `    slots.total_tables(${total(tables)});\n    slots.max_tables_per_module(${tables});\n    slots.table_elements(${elements});\n`}    InstanceAllocationStrategy::Pooling(slots)
}
`;
}

/** Calls end, or yield, at epochs, and somebody has to count those. */
const epochs = (asynchronous: boolean): string => `
/// The length of an epoch: ${asynchronous ? 'a call yields to other tasks' : 'the time that a call has is measured'} in epochs.
const EPOCH: Duration = Duration::from_millis(${TICK_MS});

/// Counts epochs in a thread until the engine is no longer in use.
fn count_epochs(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    thread::Builder::new().spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(EPOCH);
        }
    })?;
    Ok(())
}
`;

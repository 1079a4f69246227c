/** Rust: memory 0 of an instance, read and written by the host. */
import { rustString } from '../../harmless/code.ts';
import { type Kit, memoriesInCommon } from './kit.ts';
import { callExpression } from './layout.ts';

/** Statements that make `memory` in a new instance; empty where the host cannot get at it. */
export function memoryLines({ memory, common, surface, input }: Kit): string {
  if (memory === undefined) return '';
  const { shared, from } = memory;
  const index = common ? memoriesInCommon(surface).findIndex((one) => one.type === input.module.memories[0]) : -1;
  if (index >= 0) return `        let memory = maker.memories[${index}].clone();\n`;
  if ('exported' in from)
    return `        let memory = instance
            .get_${shared ? 'shared_memory' : 'memory'}(&mut store, ${rustString(from.exported)})
            .ok_or_else(|| Error::msg("the module does not export its memory"))?;
`;
  const got = callExpression(
    8,
    'let item = linker.get',
    ['&mut store', rustString(from.module), rustString(from.name)],
    '?;',
  );
  return `${got}
        let memory = item.into_${shared ? 'shared_memory' : 'memory'}();
        let memory = memory.ok_or_else(|| Error::msg("it is no such memory"))?;
`;
}

/** Methods that copy out of and into the memory. */
export function memoryMethods(kit: Kit): string {
  if (kit.memory === undefined) return '';
  const error = kit.type(`${kit.main}Error`);
  if (kit.memory.shared) return sharedMethods(error);
  return `
    /// Copies \`size\` bytes out of the memory.
    pub fn read_memory(&self, offset: u32, size: u32) -> Result<Vec<u8>> {
        let range = offset as usize..offset as usize + size as usize;
        let data = self.memory.data(&self.store).get(range);
        let data = data.ok_or(${error}::OutOfBounds)?;
        Ok(data.to_vec())
    }

    /// Copies \`data\` into the memory.
    pub fn write_memory(&mut self, offset: u32, data: &[u8]) -> Result<()> {
        let written = self.memory.write(&mut self.store, offset as usize, data);
        Ok(written.map_err(|_| ${error}::OutOfBounds)?)
    }
`;
}

/** Bytes that other threads may access at the same time are read and written as atomics. */
const sharedMethods = (error: string): string => `
    /// Copies \`size\` bytes out of the shared memory, each by itself: other threads may write meanwhile.
    pub fn read_memory(&self, offset: u32, size: u32) -> Result<Vec<u8>> {
        let bytes = self.bytes(offset, size as usize)?;
        Ok(bytes.map(|byte| byte.load(Ordering::Relaxed)).collect())
    }

    /// Copies \`data\` into the shared memory, each byte by itself: other threads may read and write meanwhile.
    pub fn write_memory(&mut self, offset: u32, data: &[u8]) -> Result<()> {
        for (byte, value) in self.bytes(offset, data.len())?.zip(data) {
            byte.store(*value, Ordering::Relaxed);
        }
        Ok(())
    }

    fn bytes(&self, offset: u32, size: usize) -> Result<impl Iterator<Item = &AtomicU8>> {
        let cells = self.memory.data().get(offset as usize..);
        let cells = cells.and_then(|cells| cells.get(..size));
        let cells = cells.ok_or(${error}::OutOfBounds)?;
        // SAFETY: the memory lives as long as \`self\`, never moves, and the host accesses it through atomics only.
        let atomic = |cell: &UnsafeCell<u8>| unsafe { AtomicU8::from_ptr(cell.get()) };
        Ok(cells.iter().map(atomic))
    }
`;

/** Rust: methods that take and return bytes, for exports whose code shows that they take blocks of bytes. */

import { nameInComment } from '../../harmless/code.ts';
import { type BlockAllocator, type BlockCall, moduleBlocks } from '../blocks/blocks.ts';
import type { WrapExport } from '../surface.ts';
import type { Kit } from './kit.ts';
import { callExpression, signature, tupleType } from './layout.ts';

/** The methods of `Instance` for them, and what they share; empty where nothing is certain. `names`: of all exports. */
export function bytesMethods(kit: Kit, names: ReadonlyMap<WrapExport, string>): string {
  const { allocator, calls } = moduleBlocks(kit.input);
  if (allocator === undefined || calls.size === 0 || kit.memory === undefined || kit.memory.shared) return '';
  const taken = new Set([...names.values(), 'give', 'take']);
  const methods = [...calls].map(([one, call]) => {
    let name = `${names.get(one)}_bytes`;
    while (taken.has(name)) name = `${name}_2`;
    taken.add(name);
    return bytesMethod(kit, name, names, one, call, allocator);
  });
  return `\n${methods.join('\n')}${shared(kit, names, allocator, [...calls.values()])}`;
}

function bytesMethod(
  kit: Kit,
  name: string,
  names: ReadonlyMap<WrapExport, string>,
  one: WrapExport,
  { blocks, answers }: BlockCall,
  allocator: BlockAllocator,
): string {
  const { fn, wait } = kit;
  const blockAt = (at: number) => blocks.find((block) => block.at === at);
  const params = one.params.flatMap((type, at) => {
    const block = blockAt(at);
    if (block !== undefined) return [`bytes_${at}: ${block.writes ? '&mut [u8]' : '&[u8]'}`];
    return blockAt(at - 1) === undefined ? [`p${at}: ${type}`] : [];
  });
  const given = one.params.map((_, at) =>
    blockAt(at) !== undefined ? `block_${at}` : blockAt(at - 1) !== undefined ? `size_${at - 1}` : `p${at}`,
  );
  const lines = blocks.flatMap(({ at }) => [
    `        let (block_${at}, size_${at}) = self.give(bytes_${at})${wait}?;\n`,
  ]);
  lines.push(called(kit, `self.${names.get(one)}`, given, 'answer'));
  for (const { at, writes } of blocks)
    if (writes)
      lines.push(
        `        let changed = self.read_memory(block_${at} as u32, size_${at} as u32)?;\n        bytes_${at}.copy_from_slice(&changed);\n`,
      );
  if (answers) lines.push(`        let answer = self.take(answer)${wait}?;\n`);
  for (const { at } of blocks) lines.push(freed(kit, names, allocator, `block_${at}`, `size_${at}`));
  const result = answers ? 'Vec<u8>' : tupleType(4, one.results);
  const unit = !answers && one.results.length === 0;
  return `    /// Calls the export ${nameInComment(one.name)} with bytes: allocates, writes, calls, reads and frees.
${signature(4, `pub ${fn} ${name}`, ['&mut self', ...params], `Result<${result}>`)}
${lines.join('').replace(unit ? /let answer = / : /^$/, '')}        Ok(${unit ? '()' : 'answer'})
    }
`;
}

/** A call of a method, whose result gets a name. */
function called({ asynchronous }: Kit, method: string, given: readonly string[], name: string): string {
  if (!asynchronous) return `${callExpression(8, `let ${name} = ${method}`, given, '?;')}\n`;
  return `${callExpression(8, `let called = ${method}`, given, ';')}\n        let ${name} = called.await?;\n`;
}

const freed = (
  { wait }: Kit,
  names: ReadonlyMap<WrapExport, string>,
  { free, sized }: BlockAllocator,
  block: string,
  size: string,
): string => `        self.${names.get(free)}(${block}${sized ? `, ${size}` : ''})${wait}?;\n`;

/** `give`, and `take` if there are calls that answer with a block. */
function shared(
  kit: Kit,
  names: ReadonlyMap<WrapExport, string>,
  allocator: BlockAllocator,
  calls: readonly BlockCall[],
): string {
  const { fn, wait, main, type } = kit;
  const error = type(`${main}Error`);
  const give = `
    /// A block of the module with these bytes, and its size.
    ${fn} give(&mut self, bytes: &[u8]) -> Result<(i32, i32)> {
        let size = i32::try_from(bytes.len())?;
        let block = self.${names.get(allocator.allocate)}(size.max(1))${wait}?;
        if block == 0 {
            return Err(${error}::NoMemory.into());
        }
        self.write_memory(block as u32, bytes)?;
        Ok((block, size))
    }
`;
  const take = `
    /// The bytes of a block that the module has allocated, which is freed: address and size in the halves of a number.
    ${fn} take(&mut self, answer: i64) -> Result<Vec<u8>> {
        let (block, size) = ((answer >> 32) as i32, answer as i32);
        let bytes = self.read_memory(block as u32, size as u32)?;
${freed(kit, names, allocator, 'block', 'size')}        Ok(bytes)
    }
`;
  return `${calls.some(({ blocks }) => blocks.length > 0) ? give : ''}${calls.some(({ answers }) => answers) ? take : ''}`;
}

/** Whether there are such methods that give the module blocks. */
export const givesBlocks = ({ input, memory }: Kit): boolean =>
  memory?.shared === false && [...moduleBlocks(input).calls.values()].some(({ blocks }) => blocks.length > 0);

/** Rust: the errors that do not come from Wasmtime. */
import { givesBlocks } from './bytes.ts';
import type { Kit } from './kit.ts';

/** The enumeration of them. */
export function errors(kit: Kit): string {
  const { main, asynchronous, memory } = kit;
  const type = kit.type(`${main}Error`);
  const variants: [name: string, doc: string, message: string][] = [];
  if (main === 'Pool') {
    variants.push(['NoSize', 'The size of a pool is zero.', 'the size of a pool must be at least 1']);
    if (!asynchronous)
      variants.push([
        'InUse',
        'All instances are in use, and none returned in time.',
        'all instances of the pool are in use',
      ]);
    variants.push([
      'Failed',
      'An earlier call in this instance failed: it runs no more calls.',
      'an earlier call in this instance failed',
    ]);
  } else
    variants.push([
      'Failed',
      'An earlier call failed, and the state of the instance is unknown: `reset` makes a new one.',
      'an earlier call failed: use reset',
    ]);
  if (memory !== undefined)
    variants.push(['OutOfBounds', 'The range does not lie in the memory.', 'the range is out of bounds of the memory']);
  if (givesBlocks(kit))
    variants.push([
      'NoMemory',
      'The allocator of the module gives no block for the bytes of an argument.',
      'the module has no memory for an argument',
    ]);
  return `/// What goes wrong outside of the module: \`error.downcast_ref::<${type}>()\`. A call that traps gives a
/// \`wasmtime::Trap\`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ${type} {
${variants.map(([name, doc]) => `    /// ${doc}\n    ${name},\n`).join('')}}

impl fmt::Display for ${type} {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
${variants.map(([name, , message]) => `            Self::${name} => "${message}",\n`).join('')}        })
    }
}

impl std::error::Error for ${type} {}
`;
}

/** Python: methods that take and return bytes, for exports whose code shows that they take blocks of bytes. */
import type { BlockCall, ModuleBlocks } from '../blocks/blocks.ts';
import { parameterNames } from '../parameters.ts';
import { functionTypeText } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import {
  type ClassNames,
  docName,
  docstring,
  PARAMETER_RESERVED,
  pyList,
  pyType,
  resultType,
  stringItem,
} from './parts.ts';

/** A parameter of a method: a block with its length, or a number. */
interface Argument {
  name: string;
  type: string;
  at: number;
  writes: boolean | undefined;
}

function argumentsOf(one: WrapExport, { blocks }: BlockCall): Argument[] {
  const names = parameterNames(one.names, 'snake', [...PARAMETER_RESERVED, ...blocks.map(({ at }) => `block_${at}`)]);
  return one.params.flatMap((type, at): Argument[] => {
    if (blocks.some((block) => block.at + 1 === at)) return [];
    const block = blocks.find((candidate) => candidate.at === at);
    if (block === undefined) return [{ name: names[at], type: pyType(type), at, writes: undefined }];
    const plain = names[at] === `p${at}`;
    const count = blocks.length > 1 ? `_${blocks.indexOf(block) + 1}` : '';
    const short = names[at].replace(/(?<=.)_(?:ptr|pointer|address)$/, '');
    const wanted = plain ? `data${count}` : short;
    const name = names.includes(wanted) || PARAMETER_RESERVED.includes(wanted) ? names[at] : wanted;
    return [{ name, type: block.writes ? 'bytearray' : 'bytes', at, writes: block.writes }];
  });
}

const typeOf = (one: WrapExport, { answers }: BlockCall): string => (answers ? 'bytes' : resultType(one));

const headOf = (method: string, one: WrapExport, call: BlockCall): string =>
  pyList(
    '    ',
    `def ${method}(`,
    ['self', ...argumentsOf(one, call).map(({ name, type }) => `${name}: ${type}`)],
    `) -> ${typeOf(one, call)}:`,
  );

/** The method of an instance: it allocates, writes, calls, reads and frees, and no other use comes between. */
export function bytesMethod(method: string, one: WrapExport, call: BlockCall): string {
  const list = argumentsOf(one, call);
  const blocks = list.filter(({ writes }) => writes !== undefined);
  const passed = list.flatMap(({ name, at, writes }) =>
    writes === undefined
      ? [one.params[at].startsWith('i') ? `_integer(${name}, ${one.params[at].slice(1)})` : `float(${name})`]
      : [`block_${at}`, `len(${name})`],
  );
  const changed = blocks.filter(({ writes }) => writes);
  const doc = [
    'The memory for this is allocated and freed within the method.',
    ...(changed.length > 0
      ? [`What the export writes is copied back into \`${changed.map(({ name }) => name).join('` and `')}\`.`]
      : []),
    ...(call.answers ? ['The result is a copy of the block that the export answers with.'] : []),
  ].join(' ');
  // One statement a block: the lines stay short, and the blocks are freed in the opposite order.
  let indent = '        ';
  const opened: string[] = [`${indent}with self._slot.held(self):`];
  for (const { name, at } of blocks) {
    indent += '    ';
    opened.push(`${indent}with self._slot.block(${name}) as block_${at}:`);
  }
  indent += '    ';
  const items = passed.length === 1 ? `(${passed[0]},)` : undefined;
  const value = call.answers || one.results.length > 0 ? 'result' : '';
  const type = call.answers ? 'int' : resultType(one);
  const args = items ?? pyList(`${indent}    `, '(', passed, ')').trimStart();
  const run = pyList(
    indent,
    `${value === '' ? '' : `${value}: ${type} = `}self._slot.run(`,
    [stringItem(`${indent}    `, one.name), args],
    ')',
  );
  const back = changed.map(({ name, at }) => `${indent}self._slot.copy_back(block_${at}, ${name})\n`).join('');
  const last = value === '' ? '' : `${indent}return ${call.answers ? 'self._slot.take(result)' : 'result'}\n`;
  return `${headOf(method, one, call)}
${docstring('        ', `Pass bytes to the export ${docName(one.name)}.`, [`${functionTypeText(one)}. ${doc}`])}
${opened.join('\n')}
${run}
${back}${last}`;
}

/** The method of a pool or lock, for calls that make sense on an instance that nobody chooses. */
export const pyBytesConvenience = (method: string, one: WrapExport, call: BlockCall): string => `
${headOf(method, one, call)}
${docstring('        ', 'Call the method of an instance that is held for it.')}
        with self.use() as instance:
            ${typeOf(one, call) === 'None' ? '' : 'return '}instance.${method}(${argumentsOf(one, call)
              .map(({ name }) => name)
              .join(', ')})
`;

/** Methods of `_Slot` that these are made of; empty where nothing uses them. */
export function slotBlocks({ allocator, calls }: ModuleBlocks, classes: ClassNames): string {
  if (allocator === undefined || calls.size === 0) return '';
  const all = [...calls.values()];
  const [allocate, free] = [allocator.allocate, allocator.free].map(({ name }) => stringItem('                ', name));
  const freed = (size: string): string => (allocator.sized ? `(address, ${size})` : '(address,)');
  const copyBack = `
    def copy_back(self, address: int, data: bytearray) -> None:
        """Copy what a call left in a block."""
        data[:] = ctypes.string_at(self._address(address, len(data)), len(data))
`;
  const take = `
    def take(self, answer: int) -> bytes:
        """Copy a block that the module has allocated, and free it."""
        address, size = answer >> 32 & 0xFFFFFFFF, answer & 0xFFFFFFFF
        data = ctypes.string_at(self._address(address, size), size)
${pyList('        ', 'self.run(', [free, freed('size')], ')')}
        return data
`;
  return `
    @contextmanager
    def block(self, data: bytes | bytearray) -> Iterator[int]:
        """Allocate a block that holds the data, and free it at the end."""
        # Allocators treat empty blocks in different ways.
        size = max(len(data), 1)
${pyList('        ', 'address = self.run(', [allocate, '(size,)'], ') & 0xFFFFFFFF')}
        if address == 0:
            raise ${classes('NoMemoryError')}(f"the module has no memory of {size} bytes")
        ctypes.memmove(self._address(address, len(data)), bytes(data), len(data))
        try:
            yield address
        finally:
            # After a trap, the instance makes no call any more.
            if self.failure is None:
${pyList('                ', 'self.run(', [free, freed('size')], ')')}
${all.some(({ blocks }) => blocks.some(({ writes }) => writes)) ? copyBack : ''}${all.some(({ answers }) => answers) ? take : ''}`;
}

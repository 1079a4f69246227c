/** Go: methods that take and return strings and byte slices, for exports whose code shows that they take blocks of bytes. */

import { nameInComment } from '../../harmless/code.ts';
import { listOf } from '../../text/phrases.ts';
import type { BlockCall, ModuleBlocks } from '../blocks/blocks.ts';
import { functionTypeText } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import { type GoCode, goDoc } from './doc.ts';
import type { GoSentinel } from './errors.ts';
import {
  DECODE,
  ENCODE,
  type GoMethod,
  instanceMethod,
  type MethodNames,
  parametersOf,
  RESERVED_PARAMETERS,
} from './methods.ts';
import type { GoNames } from './names.ts';
import { GO_TYPES, goParameters } from './parts.ts';

/** What the comment at the top says of them; `methods`: names of those of the pool or the lock. */
export const bytesAdvice = (methods: readonly string[]): string[] =>
  methods.length === 0
    ? []
    : [
        `${listOf(methods.slice(0, MAX_NAMED), MAX_NAMED, 'and', methods.length)} ${
          methods.length === 1 ? 'does' : 'do'
        } all of this in one Do: allocate, write, call, read and free.`,
      ];

/** Methods that a sentence names. */
const MAX_NAMED = 6;

/** Errors of these methods. */
export const byteSentinels = ({ allocator }: ModuleBlocks): GoSentinel[] =>
  allocator === undefined
    ? []
    : [
        {
          name: 'NoMemory',
          text: 'the module has no memory for an argument',
          doc: 'is returned if the allocator of the module gives no block for the bytes that it is to hold. The export is not called.',
        },
      ];

/** Names that are about text, and names that are about bytes. */
const TEXT =
  /name|text|str|msg|message|json|xml|html|ur[il]|path|query|source|src|code|expr|pattern|greet|hello|say|upper|lower|title|word|line|locale|lang/i;
const BYTES = /byte|data|buf|blob|hash|crc|sha\d|md5|digest|encode|decode|compress|image|input/i;

/** A parameter in Go: a block with its length, or a number. */
interface Argument {
  name: string;
  type: string;
  /** Place of the first parameter of the export that it is passed as. */
  at: number;
  block: BlockCall['blocks'][number] | undefined;
}

/** What bodies and parameters of these methods are called: at most eight blocks fit into sixteen parameters. */
const OWN = ['p', 'f', 'answer', ...['', 1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => [`data${n}`, `text${n}`])];

function argumentsOf(of: GoMethod, call: BlockCall): Argument[] {
  const { one } = of;
  const names = parametersOf(of, [...OWN, ...call.blocks.map(({ at }) => `block${at}`)]);
  const list: Argument[] = [];
  one.params.forEach((type, at) => {
    if (call.blocks.some((block) => block.at + 1 === at)) return;
    const block = call.blocks.find((one) => one.at === at);
    if (block === undefined) list.push({ name: names[at], type: GO_TYPES[type], at, block });
    else {
      const goType = block.writes || !isText(one, at) ? '[]byte' : 'string';
      const plain = /^p\d+$/.test(names[at]) || names[at].length < 2;
      const count = call.blocks.length > 1 ? String(call.blocks.indexOf(block) + 1) : '';
      const short = names[at].replace(/(?<=.)Ptr$/, '');
      const isFree = !names.includes(short) && !RESERVED_PARAMETERS.includes(short) && !OWN.includes(short);
      const name = plain ? `${goType === 'string' ? 'text' : 'data'}${count}` : isFree ? short : names[at];
      list.push({ name, type: goType, at, block });
    }
  });
  return list;
}

function isText({ name, names }: WrapExport, at: number): boolean {
  const own = names[at] ?? '';
  if (BYTES.test(own)) return false;
  return TEXT.test(own) || (!BYTES.test(name) && TEXT.test(name));
}

/** Parameters and results of the method, as Go has them. */
function shape(of: GoMethod, call: BlockCall) {
  const list = argumentsOf(of, call);
  const text = list.filter(({ block }) => block !== undefined).every(({ type }) => type === 'string');
  const answer =
    text && (list.length > 0 || TEXT.test(of.one.name) || /version/i.test(of.one.name)) ? 'string' : '[]byte';
  const results = call.answers ? [answer] : of.one.results.map((type) => GO_TYPES[type]);
  return {
    list,
    answer,
    results,
    parameters: goParameters(list),
  };
}

/** The method of `Instance`: it allocates, writes, calls, reads and frees without anybody in between. */
function bytesMethod(of: GoMethod, call: BlockCall, sized: boolean): string {
  const { names, method, one, constant } = of;
  const { list, answer, results, parameters } = shape(of, call);
  const zero = (type: string): string => (type === 'string' ? '""' : type === '[]byte' ? 'nil' : '0');
  const failed = [...results.map(zero), 'err'].join(', ');
  const returned = results.length === 0 ? 'error' : `(${[...results, 'error'].join(', ')})`;
  const blocks = list.filter(({ block }) => block !== undefined);
  const bytes = ({ name, type }: Argument): string => (type === 'string' ? `[]byte(${name})` : name);
  const check = `	if err != nil {
		return ${failed}
	}
`;
  const freed = ({ at, name }: Argument): string =>
    `i.free(ctx, block${at}${sized ? `, ${names.local('blockSize')}(len(${name}))` : ''})`;
  const gives = blocks
    .map((one, k) => {
      const undo = blocks
        .slice(0, k)
        .reverse()
        .map((before) => `		_ = ${freed(before)}\n`)
        .join('');
      return `	block${one.at}, err := i.give(ctx, ${bytes(one)})\n${check.replace('\n', `\n${undo}`)}`;
    })
    .join('');
  const stores = list
    .flatMap(({ name, block, at }) =>
      block === undefined
        ? [`	i.stack[${at}] = ${ENCODE[one.params[at]](name)}\n`]
        : [
            `	i.stack[${at}] = api.EncodeU32(block${at})\n`,
            `	i.stack[${at + 1}] = api.EncodeU32(uint32(len(${name})))\n`,
          ],
    )
    .join('');
  const kept = one.results.map((type, k) => `	r${k} := ${DECODE[type](`i.stack[${k}]`)}\n`).join('');
  const error = (text: string): string => `	if err := ${text}; err != nil {
		return ${failed}
	}
`;
  const take = call.answers
    ? `	answer, err := i.take(ctx, uint32(r0>>32), uint32(r0))
${check}`
    : '';
  const backs = blocks
    .filter(({ block }) => block?.writes)
    .map(({ name, at }) => error(`i.copyBack(block${at}, ${name})`));
  const frees = [...blocks]
    .reverse()
    .map((one) => error(freed(one)))
    .join('');
  const values = call.answers
    ? [answer === 'string' ? 'string(answer)' : 'answer']
    : one.results.map((_, k) => `r${k}`);
  const given = blocks.map(({ name }) => name);
  const changed = blocks.filter(({ block }) => block?.writes).map(({ name }) => name);
  const label = `the export ${nameInComment(one.name)}, ${functionTypeText(one)}`;
  const doc = [
    given.length === 0 ? `${method} calls ${label}` : `${method} passes ${given.join(' and ')} to ${label}`,
    ...(changed.length > 0
      ? [`${call.answers ? ',' : ' and'} copies what the export writes back to ${changed.join(' and ')}`]
      : []),
    ...(call.answers ? [`, and returns a copy of the block that it answers with`] : []),
    '. The memory for this is allocated and freed within the method.',
  ].join('');
  return `${goDoc(doc)}
func (i *${names.instance}) ${method}(ctx context.Context${parameters}) ${returned} {
	if err := i.begin(ctx, ${constant}); err != nil {
		return ${failed}
	}
	defer i.end()
${gives}${stores}${error(`i.call(ctx, ${constant})`)}${kept}${backs.join('')}${frees}${take}	return ${[...values, 'nil'].join(', ')}
}
`;
}

/** A method of pool or lock that calls the one of `Instance` inside `Do`. */
export function bytesConvenience(receiver: string, type: string, of: GoMethod, call: BlockCall): string {
  const { names, method } = of;
  const { list, results, parameters } = shape(of, call);
  const variables = results.map((_, k) => `r${k}`);
  const declared = [...results.map((one, k) => `r${k} ${one}`), 'err error'].join(', ');
  const called = `i.${method}(${['ctx', ...list.map(({ name }) => name)].join(', ')})`;
  const body =
    variables.length === 0
      ? `		return ${called}`
      : `		var err error
		${[...variables, 'err'].join(', ')} = ${called}
		return err`;
  return `${goDoc(`${method} calls the ${method} of ${names.instance} in a Do of its own.`)}
func (${receiver} *${type}) ${method}(ctx context.Context${parameters}) (${declared}) {
	err = ${receiver}.Do(ctx, func(i *${names.instance}) error {
${body}
	})
	return ${[...variables, 'err'].join(', ')}
}
`;
}

/** What the methods are made of: `give`, `take`, `copyBack`, `free`, as far as they are used. */
export function bytesHelpers(
  { allocator, calls }: ModuleBlocks,
  methods: ReadonlyMap<WrapExport, { raw: string; constant: string }>,
  names: GoNames,
): GoCode {
  if (allocator === undefined) return { text: '', imports: [] };
  const { instance } = names;
  const allocate = methods.get(allocator.allocate)?.constant ?? '';
  const free = methods.get(allocator.free)?.constant ?? '';
  const all = [...calls.values()];
  const answers = all.some(({ answers }) => answers);
  const writes = all.some(({ blocks }) => blocks.some((one) => one.writes));
  const rawFree = methods.get(allocator.free)?.raw ?? '';
  const size = allocator.sized ? `, ${names.local('blockSize')}(len(data))` : '';
  const withBytes = `${goDoc(
    'WithBytes copies data into a block of the memory, runs f with its address and size, and frees the block. Use it in a Do, for calls that take an address and a size and do not keep the address.',
  )}
func (i *${instance}) WithBytes(ctx context.Context, data []byte, f func(address, size uint32) error) error {
	block, err := i.allocate(ctx, data)
	if err != nil {
		return err
	}
	err = f(block, uint32(len(data)))
	if freeing := i.${rawFree}(ctx, block${size}); err == nil {
		err = freeing
	}
	return err
}

func (i *${instance}) allocate(ctx context.Context, data []byte) (uint32, error) {
	if err := i.begin(ctx, ${allocate}); err != nil {
		return 0, err
	}
	defer i.end()
	return i.give(ctx, data)
}
`;
  const give = `
${goDoc('give allocates a block with the bytes of data. It is part of a method that has begun.')}
func (i *${instance}) give(ctx context.Context, data []byte) (uint32, error) {
	if uint64(len(data)) > math.MaxInt32 {
		return 0, fmt.Errorf("%w of %d bytes", ${names.error('NoMemory')}, len(data))
	}
	i.stack[0] = api.EncodeU32(${names.local('blockSize')}(len(data)))
	if err := i.call(ctx, ${allocate}); err != nil {
		return 0, err
	}
	block := api.DecodeU32(i.stack[0])
	if block == 0 {
		return 0, fmt.Errorf("%w of %d bytes", ${names.error('NoMemory')}, len(data))
	}
	return block, i.WriteMemory(block, data)
}
`;
  const take = `
${goDoc('take copies a block that the module has allocated, and frees it.')}
func (i *${instance}) take(ctx context.Context, block, size uint32) ([]byte, error) {
	data, err := i.ReadMemory(block, size)
	if err != nil {
		return nil, err
	}
	return data, i.free(ctx, block${allocator.sized ? ', size' : ''})
}
`;
  const back = `
func (i *${instance}) copyBack(block uint32, data []byte) error {
	view, ok := i.mod.Memory().Read(block, uint32(len(data)))
	if !ok {
		return fmt.Errorf("%w: %d bytes at %d", ${names.error('OutOfBounds')}, len(data), block)
	}
	copy(data, view)
	return nil
}
`;
  const freeing = `
func (i *${instance}) free(ctx context.Context, block${allocator.sized ? ', size' : ''} uint32) error {
	i.stack[0] = api.EncodeU32(block)
${allocator.sized ? '	i.stack[1] = api.EncodeU32(size)\n' : ''}	return i.call(ctx, ${free})
}
`;
  const blockSize = `
${goDoc(`${names.local('blockSize')} avoids empty blocks, which allocators treat in different ways.`)}
func ${names.local('blockSize')}(size int) uint32 {
	if size == 0 {
		return 1
	}
	return uint32(size)
}
`;
  const text = `
${withBytes}${give}${answers ? take : ''}${writes ? back : ''}${all.length > 0 ? freeing : ''}${blockSize}`;
  return { text, imports: ['fmt', 'math'] };
}

/** The methods of `Instance` for an export: the one with bytes first. */
export function methodsOfInstance(
  one: WrapExport,
  names: GoNames,
  methods: ReadonlyMap<WrapExport, MethodNames>,
  { allocator, calls }: ModuleBlocks,
): string[] {
  const found = methods.get(one);
  if (found === undefined) return [];
  const call = calls.get(one);
  const { raw, bytes, constant } = found;
  return [
    ...(call === undefined || bytes === undefined
      ? []
      : [bytesMethod({ names, method: bytes, one, constant }, call, allocator?.sized === true)]),
    instanceMethod({ names, method: raw, one, constant }),
  ];
}

/** Go: the type of an instance, and how it makes calls; the same for pool and lock. */
import { nameInComment } from '../../harmless/code.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type GoCode, goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { goFields, WAZERO } from './parts.ts';

/** What pool and lock have different. */
interface InstanceForm {
  /** The instance has a runtime of its own, which is closed with it. */
  ownRuntime: boolean;
  /** Further fields. */
  fields: readonly (readonly [name: string, type: string])[];
}

/** Values that a call passes or returns at most. */
const stackSize = (exports: readonly WrapExport[]): number =>
  Math.max(0, ...exports.flatMap(({ params, results }) => [params.length, results.length]));

/**
 * The type `Instance` with `begin`, `call` and `end`, which every method is made of, and `retire`, which never closes an
 * instance while a call runs on it.
 */
export function goInstance(input: WrapInput, names: GoNames, { ownRuntime, fields }: InstanceForm): GoCode {
  const { surface, moduleFile } = input;
  const { instance } = names;
  const [idle, calling, closing, closed] = ['idle', 'calling', 'closing', 'closed'].map(names.local);
  const table = names.local('exports');
  const prefix = names.package;
  const text = `${goDoc(
    `${instance} is an instance of ${nameInComment(moduleFile)}: its memory, globals and tables, and its own function objects. One goroutine at a time may use it. An i32 is a uint32 here, because most are addresses or sizes; convert it with int32(x) where it is signed.`,
  )}
type ${instance} struct {
${goFields([
  ['mod', 'api.Module'],
  ['functions', `[len(${table})]api.Function`],
  ['stack', `[${stackSize(surface.exports)}]uint64`],
  ['state', 'atomic.Int32'],
  ['broken', 'atomic.Bool'],
  ['finished', 'bool'],
  ['closeOnDone', 'bool'],
  ...(ownRuntime ? [['runtime', 'wazero.Runtime'] as const] : []),
  ...fields,
  ['onClose', 'func()'],
])}
}

// States of an instance.
const (
	${idle} int32 = iota
	${calling}
	${closing} // the running call closes it
	${closed}
)

${goDoc('Discard marks the instance as unusable: calls on it fail, and no other caller gets it.')}
func (i *${instance}) Discard() {
	i.broken.Store(true)
}

${goDoc('begin claims the instance for calls, until end. Arguments and results are in i.stack.')}
func (i *${instance}) begin(ctx context.Context, export int) error {
	err := ctx.Err()
	switch {
	case err != nil:
	case i.broken.Load():
		err = ${names.error('Broken')}
	case !i.state.CompareAndSwap(${idle}, ${calling}):
		err = ${names.error('NotHeld')}
	default:
		i.finished = true
		return nil
	}
	return fmt.Errorf("${prefix}: export %q was not called: %w", ${table}[export].name, err)
}

func (i *${instance}) call(ctx context.Context, export int) error {
	f := i.functions[export]
	if f == nil {
		f = i.mod.ExportedFunction(${table}[export].name)
		i.functions[export] = f
	}
	if !i.finished {
		return ${names.error('Broken')}
	}
	i.finished = false
	if err := f.CallWithStack(ctx, i.stack[:]); err != nil {
		return fmt.Errorf("${prefix}: export %q: %w: %w", ${table}[export].name, ${names.error('Trapped')}, err)
	}
	i.finished = true
	// wazero may be about to close the instance because of this context.
	if i.closeOnDone && ctx.Err() != nil {
		i.broken.Store(true)
	}
	return nil
}

func (i *${instance}) end() {
	// A call that did not return leaves a state that nobody knows.
	if !i.finished {
		i.broken.Store(true)
	}
	if !i.state.CompareAndSwap(${calling}, ${idle}) {
		i.close()
	}
}

${goDoc('retire closes the instance: at once, or at the end of the call that somebody who should not makes on it.')}
func (i *${instance}) retire() {
	for {
		switch state := i.state.Load(); state {
		case ${idle}:
			if i.state.CompareAndSwap(${idle}, ${closed}) {
				i.close()
				return
			}
		case ${calling}:
			if i.state.CompareAndSwap(${calling}, ${closing}) {
				return
			}
		default:
			return
		}
	}
}

func (i *${instance}) close() {
	i.state.Store(${closed})
	_ = i.${ownRuntime ? 'runtime' : 'mod'}.Close(context.Background())
	i.onClose()
}
${surface.memory ? memoryMethods(names) : ''}`;
  return {
    text,
    imports: ['context', 'errors', 'fmt', 'sync/atomic', `${WAZERO}/api`, ...(ownRuntime ? [WAZERO] : [])],
  };
}

const memoryMethods = (names: GoNames): string => `
${goDoc('ReadMemory copies size bytes out of the memory. Unlike the view that api.Memory.Read returns, the copy stays as it is when the memory grows or another caller uses the instance.')}
func (i *${names.instance}) ReadMemory(offset, size uint32) ([]byte, error) {
	view, ok := i.mod.Memory().Read(offset, size)
	if !ok {
		return nil, fmt.Errorf("%w: %d bytes at %d", ${names.error('OutOfBounds')}, size, offset)
	}
	return append([]byte(nil), view...), nil
}

${goDoc('WriteMemory copies data into the memory.')}
func (i *${names.instance}) WriteMemory(offset uint32, data []byte) error {
	if !i.mod.Memory().Write(offset, data) {
		return fmt.Errorf("%w: %d bytes at %d", ${names.error('OutOfBounds')}, len(data), offset)
	}
	return nil
}
`;

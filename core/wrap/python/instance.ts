/** Python: a store with its instance, what is lent of it, and what makes it. */

import type { ModuleBlocks } from '../blocks/blocks.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import { isProgram } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { slotBlocks } from './bytes.ts';
import { functionDefinitions, isCommon, type PyImports, stateDefinitions } from './imports.ts';
import { type ClassNames, pyList, stringItem } from './parts.ts';
import { globalSetter, type PyThreadNeeds, pyThreadNeeds, threadStatements } from './threadLife.ts';

/** Where memory 0 is found; undefined where the host cannot reach it. */
export function memoryPlace({ surface }: WrapInput, { state }: PyImports): 'export' | { method: string } | undefined {
  if (!surface.memory) return undefined;
  if (surface.memoryExport !== undefined) return 'export';
  return state.find(({ one }) => one.kind === 'memory');
}

/** Source of the class `_Slot`, and of what keeps the exceptions of threads apart. */
export function slotClass(input: WrapInput, imports: PyImports, classes: ClassNames, bytes: ModuleBlocks): string {
  const blocks = slotBlocks(bytes, classes);
  const { surface, module } = input;
  const place = memoryPlace(input, imports);
  const kind = module.memories[0]?.limits.shared ? 'wasmtime.SharedMemory' : 'wasmtime.Memory';
  const program = surface.exports.some(isProgram);
  const hosts = imports.functions.length > 0;
  const given = place !== undefined && place !== 'export';
  const on = kind === 'wasmtime.Memory' ? 'self.store' : '';
  const memory =
    place === undefined
      ? ''
      : `
    def read(self, lease: object, offset: int, size: int) -> bytes:
        with self.held(lease):
            return ctypes.string_at(self._address(offset, size), size)

    def write(self, lease: object, offset: int, data: bytes) -> None:
        with self.held(lease):
            ctypes.memmove(self._address(offset, len(data)), data, len(data))

    def _address(self, offset: int, size: int) -> int:
        """Find bytes of the memory, which may move with the next call."""
        start = _integer(offset, 32) & 0xFFFFFFFF
${
  given
    ? '        memory = self._memory\n'
    : `${pyList('        ', 'memory = self._exports[', [stringItem('            ', surface.memoryExport ?? '')], ']').replace(',\n        ]', '\n        ]')}
        assert isinstance(memory, ${kind})
`
}        if size < 0 or start + size > memory.data_len(${on}):
            raise IndexError(f"{size} bytes at {start} are not inside the memory")
        return ctypes.addressof(memory.data_ptr(${on}).contents) + start
`;
  return `${failureFunctions(input, imports, classes)}class _Slot:
    """A store with one instance, for one caller at a time."""

    def __init__(
        self,
        store: wasmtime.Store,
        instance: wasmtime.Instance,
        epoch_ticks: int | None,
${given ? `        memory: ${kind},\n` : ''}    ) -> None:
        self.store = store
        self.lease: object | None = None
        self.failure: BaseException | None = None
        self._exports = instance.exports(store)
        self._epoch_ticks = epoch_ticks
${given ? '        self._memory = memory\n' : ''}        self._busy = threading.Lock()

    @contextmanager
    def held(self, lease: object | None) -> Iterator[None]:
        """Exclude every other use of the store, without waiting."""
        if not self._busy.acquire(blocking=False):
            raise ${classes('ConcurrentUseError')}("a call of this instance is still running")
        try:
            if self.lease is not lease:
                raise ${classes('ReleasedError')}("the instance was returned")
            if self.failure is not None:
                message = f"an earlier call failed: {self.failure}"
                raise ${classes('UnusableError')}(message) from self.failure
            yield
        finally:
            self._busy.release()

    def lend(self, lease: object | None) -> None:
        """Begin or end a lease, after the call that still runs."""
        with self._busy:
            self.lease = lease

    def call(self, lease: object | None, name: str, args: Sequence[int | float]) -> Any:
        with self.held(lease):
            return self.run(name, args)

    def run(self, name: str, args: Sequence[int | float]) -> Any:
        """Call an export, once for each instance if it is a program."""
        func = self._exports[name]
        assert isinstance(func, wasmtime.Func)
        if self._epoch_ticks is not None:
            self.store.set_epoch_deadline(self._epoch_ticks)
        failure: BaseException | None = None
        result: Any = None
${hosts ? '        _thread.raised = None\n' : ''}        try:
            result = func(self.store, *args)
        except BaseException as error:
            failure = _failure(f"the call of {name!r}", error)
${
  surface.wasi && (program || surface.life.some(isMain))
    ? `        if name == "_start" and isinstance(failure, ${classes('ExitError')}):
            # A program that ends with code 0 has done its work.
            failure = failure if failure.code != 0 else None
`
    : ''
}        if failure is not None:
            self.failure = failure
            raise failure
${program ? '        if name == "_start":\n            self.failure = RuntimeError("the program has run")\n' : ''}        return tuple(result) if isinstance(result, list) else result
${globalSetter(pyThreadNeeds(input))}${blocks}${memory}
    def close(self) -> None:
        self.store.close()


`.replace(
    program ? '' : '"""Call an export, once for each instance if it is a program."""',
    program ? '' : '"""Call an export."""',
  );
}

/** Source of the function that tells what a failed call raises. */
function failureFunctions({ surface }: WrapInput, { functions }: PyImports, classes: ClassNames): string {
  const hosts = functions.length > 0;
  const cases = [
    ...(surface.wasi
      ? [
          `if isinstance(error, wasmtime.ExitTrap):
        code = error.code
        failure = ${classes('ExitError')}(f"{what} ended with exit code {code}", code)`,
        ]
      : []),
    ...(hosts
      ? [
          `if isinstance(error, _HostError):
        # Another thread has taken the exception of this call and left its own.
        failure = ${classes('CallError')}(f"{what} failed: it trapped")`,
        ]
      : []),
    `if isinstance(error, Exception):
        lines = str(error).split("\\n")
        reason = next((line.strip() for line in reversed(lines) if line.strip()), "")
        failure = ${classes('CallError')}(f"{what} failed: {reason}")`,
  ];
  const own = `_thread = threading.local()


class _HostError(Exception):
    """Ends a call whose host function raised an exception."""


def _own(func: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a host function raises for the call that reached it.

    The package keeps it in one variable for all threads, where a call of another thread
    can find it first.
    """

    def run(*args: Any) -> Any:
        try:
            return func(*args)
        except BaseException as error:
            _thread.raised = error
            raise _HostError from None

    return run


`;
  return `${hosts ? own : ''}def _failure(what: str, error: BaseException) -> BaseException:
    """Tell what a failed call raises."""
${
  hosts
    ? `    raised: BaseException | None = getattr(_thread, "raised", None)
    _thread.raised = None
    if raised is not None:
        return raised
`
    : ''
}    failure: ${classes('CallError')}
    ${cases.join('\n    el')}
    else:
        return error
    failure.__cause__ = error
    return failure


`;
}

/** Source of the class `Instance`, which callers use. */
export function instanceClass(
  input: WrapInput,
  imports: PyImports,
  classes: ClassNames,
  methods: readonly string[],
): string {
  const memory = memoryPlace(input, imports) !== undefined;
  return `class ${classes('Instance')}(${classes('_Exports')}):
    """An instance, lent until the end of a \`with\` block."""

    def __init__(self, slot: _Slot) -> None:
        self._slot = slot

    def _call(self, name: str, *args: int | float) -> Any:
        return self._slot.call(self, name, args)
${
  memory
    ? `
    def read_memory(self, offset: int, size: int) -> bytes:
        """Copy bytes out of the memory. Raises IndexError outside of it."""
        return self._slot.read(self, offset, size)

    def write_memory(self, offset: int, data: bytes) -> None:
        """Copy bytes into the memory. Raises IndexError outside of it."""
        self._slot.write(self, offset, data)
`
    : ''
}
${methods
  .map(
    (one) => `${one}
`,
  )
  .join('')}    def discard(self) -> None:
        """Make the instance unusable, as after a failed call."""
        with self._slot.held(self):
            self._slot.failure = RuntimeError("the instance was discarded")


`;
}

/** A parameter of a constructor, with the type, the default if it has one, and what it is for. */
export interface Parameter {
  name: string;
  type: string;
  initial?: string;
  doc: string;
}

/** What constructors take besides the module, by keyword. */
export function parameters({ surface }: WrapInput, imports: PyImports, classes: ClassNames): Parameter[] {
  const { functions, state } = imports;
  const list: (Parameter | false)[] = [
    functions.length > 0 && {
      name: 'imports',
      type: classes('Imports'),
      doc: 'the functions that the module imports.',
    },
    state.length > 0 && {
      name: 'state',
      type: `${classes('State')} | None`,
      initial: 'None',
      doc: 'the memories, tables and globals that the module imports.',
    },
    surface.importsLeftOut.length > 0 && {
      name: 'define',
      type: 'Callable[[wasmtime.Linker, wasmtime.Store], None]',
      doc: 'defines the other imports for a new instance.',
    },
    surface.wasi && {
      name: 'wasi',
      type: 'Callable[[], wasmtime.WasiConfig]',
      initial: 'wasmtime.WasiConfig',
      doc: 'makes the WASI configuration of an instance; the default gives it nothing.',
    },
    {
      name: 'engine',
      type: 'wasmtime.Engine | None',
      initial: 'None',
      doc: surface.threads
        ? 'an engine with `Config.shared_memory` set, to have it in common with other code.'
        : 'an engine to have in common with other code.',
    },
    {
      name: 'memory_limit',
      type: 'int | None',
      initial: 'None',
      doc: 'bytes to which the memory of an instance may grow.',
    },
    {
      name: 'epoch_ticks',
      type: 'int | None',
      initial: 'None',
      doc: 'ticks of `Engine.increment_epoch` after which a call traps. An engine with `Config.epoch_interruption` needs it. It does not end a call that waits in `memory.atomic.wait` or in a host function.',
    },
  ];
  return list.filter((one) => one !== false);
}

/** Source of the class `_Factory`. */
export function factoryClass(input: WrapInput, imports: PyImports, classes: ClassNames): string {
  const { surface } = input;
  const { functions, state } = imports;
  const common = state.filter(({ one }) => isCommon(one));
  const perStore = state.length > 0 || surface.importsLeftOut.length > 0;
  const needs = pyThreadNeeds(input);
  const once = needs !== undefined || surface.life.some(({ per }) => per === 'memory');
  const place = memoryPlace(input, imports);
  const given = place !== undefined && place !== 'export' ? place.method : undefined;
  const fields = parameters(input, imports, classes);
  const has = (name: string): boolean => fields.some((one) => one.name === name);
  const memories = common.map(({ method }) => `"${method}": self._state.${method}(self._engine)`);
  return `${functions.length > 0 ? defineFunction() : ''}class _Factory:
    """Compiles the module once, and makes instances of it."""

    def __init__(
        self,
        wasm: bytes,
${fields.map(({ name, type }) => `        ${name}: ${type},\n`).join('')}    ) -> None:
        self._engine = engine if engine is not None else ${surface.threads ? '_engine()' : 'wasmtime.Engine()'}
        self._module = wasmtime.Module(self._engine, wasm)
${has('imports') ? '        self._imports = imports\n' : ''}${has('state') ? `        self._state = state if state is not None else ${classes('State')}()\n` : ''}${has('define') ? '        self._define = define\n' : ''}${has('wasi') ? '        self._wasi = wasi\n' : ''}        self._memory_limit = memory_limit
        self._epoch_ticks = epoch_ticks
${
  perStore
    ? ''
    : `        # Imports that are missing or of another type are noticed here.
        self._pre = self._linker().instantiate_pre(self._module)
`
}${common.length > 0 ? '        self.renew()\n' : ''}
${
  common.length > 0
    ? `    def renew(self) -> None:
        """Make new shared memories for the instances that follow."""
${pyList('        ', 'self._memories = {', memories, '}')}
${once ? '        self._first = threading.Lock()\n        self._initialised = False\n' : ''}
`
    : ''
}    def _linker(self) -> wasmtime.Linker:
        linker = wasmtime.Linker(self._engine)
${surface.wasi ? '        linker.define_wasi()\n' : ''}${functionDefinitions(imports, 'self._imports')}        return linker

    def make(self) -> _Slot:
        """Make an instance whose API works."""
        store = wasmtime.Store(self._engine)
        if self._memory_limit is not None:
            store.set_limits(memory_size=self._memory_limit)
        if self._epoch_ticks is not None:
            store.set_epoch_deadline(self._epoch_ticks)
${surface.wasi ? '        store.set_wasi(self._wasi())\n' : ''}${
  perStore
    ? `        linker = self._linker()
${stateDefinitions(imports, given)}${has('define') ? '        self._define(linker, store)\n' : ''}`
    : ''
}        failure: BaseException | None = None
${functions.length > 0 ? '        _thread.raised = None\n' : ''}        try:
            instance = ${perStore ? 'linker.instantiate(store, self._module)' : 'self._pre.instantiate(store)'}
        except BaseException as error:
            failure = _failure("the instantiation", error)
        if failure is not None:
            store.close()
            raise failure
        slot = _Slot(store, instance, self._epoch_ticks${given === undefined ? '' : ', memory'})
${lifeStatements(surface.life, needs, `self._memories["${common[0]?.method}"]`)}        return slot


`;
}

const lifeCall = (indent: string, { name, args }: LifeCall): string =>
  pyList(
    indent,
    'slot.call(',
    ['None', stringItem(`${indent}    `, name), args.length === 1 ? `(${args[0]},)` : `(${args.join(', ')})`],
    ')',
  );

/** Statements that make the instance `slot` usable; `memory`: the one that instances share, an expression. */
function lifeStatements(life: readonly LifeCall[], needs: PyThreadNeeds | undefined, memory: string): string {
  if (life.length === 0 && needs === undefined) return '';
  const shared = life.filter(({ per }) => per === 'memory');
  const own = life.filter(({ per }) => per === 'instance');
  const once = `            with self._first:
                first = not self._initialised
${
  shared.length > 0
    ? `                if first:
${shared.map((call) => lifeCall('                    ', call)).join('\n')}
`
    : ''
}                self._initialised = True
`;
  const onlyShared = `            with self._first:
                if not self._initialised:
${shared.map((call) => lifeCall('                    ', call)).join('\n')}
                    self._initialised = True
`;
  return `        try:
${needs !== undefined ? `${once}            if not first:\n${threadStatements(needs, memory)}` : shared.length > 0 ? onlyShared : ''}${own
  .map((call) => `${lifeCall('            ', call)}\n`)
  .join('')}        except BaseException:
            slot.close()
            raise
`;
}

const defineFunction = (): string => `_TYPES = {
    "i32": wasmtime.ValType.i32,
    "i64": wasmtime.ValType.i64,
    "f32": wasmtime.ValType.f32,
    "f64": wasmtime.ValType.f64,
}


def _define(
    linker: wasmtime.Linker,
    module: str,
    name: str,
    func: Callable[..., Any],
    params: str,
    results: str,
) -> None:
    kind = wasmtime.FuncType(
        [_TYPES[one]() for one in params.split()],
        [_TYPES[one]() for one in results.split()],
    )
    linker.define_func(module, name, kind, _own(func), access_caller=True)


`;

/** Python: one instance behind a lock. */
import type { WrapInput } from '../wrapInput.ts';
import { constructorText, wrapperFile } from './file.ts';
import type { PyImports } from './imports.ts';
import { type ClassNames, docName, docstring } from './parts.ts';

/** Source of a module with the class `Shared`: one instance that its callers use one at a time. */
export const pyLock = (input: WrapInput): string =>
  wrapperFile(input, {
    what: 'lock',
    title: `One instance of ${input.moduleFile} for wasmtime-py behind a lock: all threads share its state.`,
    advice: [],
    owner: lockClass,
  });

function lockClass(input: WrapInput, imports: PyImports, classes: ClassNames, bytes: string): string {
  const common = imports.state.some(({ one }) => one.kind === 'memory' && one.type.limits.shared);
  return `class ${classes('Shared')}(${classes('_Exports')}):
${docstring('    ', `Lets callers use ${docName(input.moduleFile)} one at a time.`, ['It has one instance. A method is a single call under the lock; calls that belong together are made in one `with shared.use() as instance`. After a call that failed the state of the instance is unknown: every later use raises UnusableError until `reset`. It may be used from all threads, and as a context manager.'.replace('UnusableError', classes('UnusableError'))])}

${constructorText(input, imports, classes, [])}        self._lock = threading.Lock()
        self._holder: int | None = None
        self._slot: _Slot | None = self._factory.make()

    def __enter__(self) -> ${classes('Shared')}:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def use(self, timeout: float | None = None) -> Iterator[${classes('Instance')}]:
        """Hold the lock for the \`with\` block, which is lent the instance.

        Args:
            timeout: seconds to wait for the lock; without end unless given.

        Raises:
            ${classes('AcquireTimeoutError')}: the lock did not become free in time.
            ${classes('UnusableError')}: an earlier call failed; \`reset\` makes a new instance.
            ${classes('ClosedError')}: it is closed.
            ${classes('ConcurrentUseError')}: this thread holds the lock already.
        """
        with self._held(timeout):
            slot = self._slot
            if slot is None:
                raise ${classes('ClosedError')}("it is closed")
            if slot.failure is not None:
                message = f"an earlier call failed, use reset: {slot.failure}"
                raise ${classes('UnusableError')}(message) from slot.failure
            instance = ${classes('Instance')}(slot)
            slot.lend(instance)
            try:
                yield instance
            finally:
                slot.lend(None)

    def reset(self, timeout: float | None = None) -> None:
        """Start over with a new instance, when the lock is free: all state is lost."""
        with self._held(timeout):
            if self._slot is None:
                raise ${classes('ClosedError')}("it is closed")
${common ? '            self._factory.renew()\n' : ''}            slot, self._slot = self._slot, self._factory.make()
            slot.close()

    def close(self, timeout: float | None = None) -> None:
        """Close it when the lock is free; later uses are refused."""
        with self._held(timeout):
            slot, self._slot = self._slot, None
            if slot is not None:
                slot.close()
${bytes}
    def _call(self, name: str, *args: int | float) -> Any:
        with self.use() as instance:
            return instance._call(name, *args)

    @contextmanager
    def _held(self, timeout: float | None) -> Iterator[None]:
        if self._holder == threading.get_ident():
            raise ${classes('ConcurrentUseError')}("this thread holds the lock already")
        if not self._lock.acquire(timeout=-1 if timeout is None else timeout):
            message = f"the lock did not become free in {timeout} seconds"
            raise ${classes('AcquireTimeoutError')}(message)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._lock.release()
`;
}

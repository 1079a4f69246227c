/** Python: a pool of instances, a store and an instance for each caller. */
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { constructorText, wrapperFile } from './file.ts';
import type { PyImports } from './imports.ts';
import { type ClassNames, docName, docstring } from './parts.ts';

/** Source of a module with the class `Pool`, which lends each of its instances to one caller at a time. */
export function pyPool(input: WrapInput): string {
  const shared = input.surface.commonMemory
    ? [
        'The module imports a shared memory, and all instances of the pool work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race.',
      ]
    : [];
  return wrapperFile(input, {
    what: 'pool',
    title: `A pool of instances of ${input.moduleFile} for wasmtime-py: threads that call at the same time use different ones.`,
    advice: [...poolStateAdvice(input), ...shared],
    owner: poolClass,
  });
}

function poolClass(input: WrapInput, imports: PyImports, classes: ClassNames, bytes: string): string {
  return `class ${classes('Pool')}(${classes('_Exports')}):
${docstring('    ', `Lends out instances of ${docName(input.moduleFile)}.`, ['It has at most `size` instances. A method of the pool is a single call on any instance; calls that belong together are made in one `with pool.use() as instance`. An instance whose call failed is dropped, and the next caller gets a new one. The pool may be used from all threads, and as a context manager.'])}

${constructorText(input, imports, classes, [
  {
    name: 'size',
    type: 'int | None',
    initial: 'None',
    doc: 'instances at most; the number of processors unless given.',
  },
  {
    name: 'max_waiting',
    type: 'int | None',
    initial: 'None',
    doc: 'callers that may wait for an instance; one more gets an AcquireTimeoutError at once.',
  },
])}        if size is None:
            size = os.cpu_count() or 1
        if size < 1:
            raise ValueError(f"the size must be at least 1, not {size}")
        self._size = size
        self._max_waiting = max_waiting
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._idle: list[_Slot] = []
        self._lent = 0
        self._closed = False

    def __enter__(self) -> ${classes('Pool')}:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def use(self, timeout: float | None = None) -> Iterator[${classes('Instance')}]:
        """Lend an instance to the \`with\` block, after those who came before.

        A thread that lends a second instance can wait for itself: give a timeout there.

        Args:
            timeout: seconds to wait for an instance; without end unless given.

        Raises:
            ${classes('AcquireTimeoutError')}: no instance became free in time.
            ${classes('ClosedError')}: the pool is closed.
        """
        slot = self._take(timeout)
        instance = ${classes('Instance')}(slot)
        slot.lend(instance)
        try:
            yield instance
        finally:
            slot.lend(None)
            self._give(slot)

    def close(self, timeout: float | None = None) -> None:
        """Close the pool when all instances are returned; who waits is refused.

        Inside of \`use\`, it waits for itself.

        Raises:
            ${classes('AcquireTimeoutError')}: instances are still lent after \`timeout\` seconds.
                They are dropped as they come back.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            idle, self._idle = self._idle, []
            done = self._changed.wait_for(lambda: self._lent == 0, timeout)
        for slot in idle:
            slot.close()
        if not done:
            raise ${classes('AcquireTimeoutError')}("instances are still lent")
${bytes}
    def _call(self, name: str, *args: int | float) -> Any:
        with self.use() as instance:
            return instance._call(name, *args)

    def _take(self, timeout: float | None) -> _Slot:
        ticket = object()
        with self._changed:
            waiting = len(self._waiting)
            full = waiting > 0 or self._lent >= self._size
            if full and self._max_waiting is not None and waiting >= self._max_waiting:
                raise ${classes('AcquireTimeoutError')}(f"{waiting} callers wait already")
            self._waiting.append(ticket)
            try:
                ready = self._changed.wait_for(lambda: self._is_next(ticket), timeout)
                if self._closed:
                    raise ${classes('ClosedError')}("the pool is closed")
                if not ready:
                    message = f"no instance became free in {timeout} seconds"
                    raise ${classes('AcquireTimeoutError')}(message)
                self._lent += 1
                slot = self._idle.pop() if self._idle else None
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        if slot is not None:
            return slot
        try:
            return self._factory.make()
        except BaseException:
            self._free()
            raise

    def _is_next(self, ticket: object) -> bool:
        first = self._waiting[0] is ticket and self._lent < self._size
        return self._closed or first

    def _give(self, slot: _Slot) -> None:
        with self._changed:
            keep = slot.failure is None and not self._closed
            if keep:
                self._idle.append(slot)
        if not keep:
            slot.close()
        self._free()

    def _free(self) -> None:
        with self._changed:
            self._lent -= 1
            self._changed.notify_all()
`;
}

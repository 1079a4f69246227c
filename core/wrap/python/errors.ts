/** Python: the exceptions of a wrapper. */
import type { Surface } from '../surface.ts';
import type { ClassNames } from './parts.ts';

/** Source of the exception classes. `what`: `pool` or `lock`; `blocks`: there are methods that allocate. */
export function errorClasses({ wasi }: Surface, classes: ClassNames, what: string, blocks: boolean): string {
  const base = classes('WasmError');
  return `class ${base}(Exception):
    """What this module raises, besides exceptions of host functions."""


class ${classes('ClosedError')}(${base}):
    """The ${what} is closed."""


class ${classes('AcquireTimeoutError')}(${base}, TimeoutError):
    """The time to wait was over."""


class ${classes('ReleasedError')}(${base}):
    """An instance was used after the \`with\` block that lent it."""


class ${classes('ConcurrentUseError')}(${base}):
    """An instance was called while one of its calls ran.

    Another thread did so, or a host function that the call reached. Wasmtime does not
    notice: two calls in one store are undefined behaviour.
    """


class ${classes('CallError')}(${base}):
    """A call trapped, which costs the instance; \`__cause__\` is what Wasmtime raised."""


${
  wasi
    ? `class ${classes('ExitError')}(${classes('CallError')}):
    """A call ended the program with an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


`
    : ''
}${
  blocks
    ? `class ${classes('NoMemoryError')}(${base}):
    """The allocator of the module gave no block for the bytes of an argument."""


`
    : ''
}class ${classes('UnusableError')}(${base}):
    """An earlier call failed, so that the state of the instance is unknown."""


`;
}

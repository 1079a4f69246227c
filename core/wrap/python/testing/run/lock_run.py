"""What a generated lock does, on the real wasmtime-py."""

from __future__ import annotations

import unittest
from pathlib import Path

from counter_lock import (
    AcquireTimeoutError,
    CallError,
    ClosedError,
    ConcurrentUseError,
    Shared,
    UnusableError,
)
from pool_run import in_threads

WASM = Path(__file__).with_name("counter.wasm").read_bytes()


class LockTest(unittest.TestCase):
    def test_nothing_is_lost(self) -> None:
        def job(_: int) -> None:
            for _ in range(100):
                shared.inc()
                with shared.use() as instance:
                    before = instance.get()
                    if instance.inc() != before + 1:
                        raise AssertionError("somebody came between")

        with Shared(WASM) as shared:
            self.assertEqual(in_threads(6, job), [None] * 6)
            self.assertEqual(shared.get(), 1200)

    def test_after_a_trap_it_is_unusable_until_reset(self) -> None:
        with Shared(WASM) as shared:
            shared.inc()
            with self.assertRaisesRegex(CallError, "unreachable"):
                shared.trap()
            for _ in range(2):
                with self.assertRaisesRegex(UnusableError, "use reset: .*unreachable"):
                    shared.get()
            shared.reset()
            self.assertEqual(shared.get(), 0)
            with shared.use() as instance:
                with self.assertRaises(CallError):
                    instance.trap()
                with self.assertRaises(UnusableError):
                    instance.get()

    def test_the_lock_is_not_taken_twice(self) -> None:
        with Shared(WASM) as shared, shared.use():
            for again in (shared.get, shared.reset, shared.close):
                with self.assertRaises(ConcurrentUseError):
                    again()
            (late,) = in_threads(1, lambda _: shared.close(timeout=0.01))
            self.assertIsInstance(late, AcquireTimeoutError)

    def test_after_close_it_is_refused(self) -> None:
        shared = Shared(WASM)
        shared.close()
        shared.close()
        for use in (shared.get, shared.reset):
            with self.assertRaises(ClosedError):
                use()


if __name__ == "__main__":
    unittest.main()

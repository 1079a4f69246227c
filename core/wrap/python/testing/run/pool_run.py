"""What a generated pool does, on the real wasmtime-py."""

from __future__ import annotations

import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import wasmtime
from counter_pool import (
    AcquireTimeoutError,
    CallError,
    ClosedError,
    ConcurrentUseError,
    Instance,
    Pool,
    ReleasedError,
    UnusableError,
)

WASM = Path(__file__).with_name("counter.wasm").read_bytes()


def in_threads(count: int, job: Callable[[int], Any]) -> list[Any]:
    """Run a job in threads, and give what they returned or raised."""
    results: list[Any] = [None] * count

    def run(index: int) -> None:
        try:
            results[index] = job(index)
        except BaseException as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


class PoolTest(unittest.TestCase):
    def test_is_bounded_and_lends_to_one_caller(self) -> None:
        def job(_: int) -> bool:
            good = True
            for _ in range(50):
                with pool.use() as instance:
                    before = instance.get()
                    good = good and instance.inc() == before + 1
            return good

        both = threading.Barrier(2)

        def hold(_: int) -> int:
            with pool.use() as instance:
                both.wait(60)
                try:
                    with pool.use(0.01):
                        return 0
                except AcquireTimeoutError:
                    both.wait(60)
                    return instance.inc()

        with Pool(WASM, size=2) as pool:
            self.assertEqual(in_threads(2, hold), [1, 1])
            self.assertEqual(in_threads(6, job), [True] * 6)

    def test_a_trap_costs_the_instance(self) -> None:
        with Pool(WASM, size=1) as pool:
            pool.inc()
            with pool.use() as instance:
                with self.assertRaises(CallError) as caught:
                    instance.trap()
                self.assertIsInstance(caught.exception.__cause__, wasmtime.Trap)
                with self.assertRaises(UnusableError):
                    instance.get()
            self.assertEqual(pool.get(), 0)
            pool.inc()
            with self.assertRaises(KeyError), pool.use():
                raise KeyError("mine")
            self.assertEqual(pool.get(), 1)
            with pool.use() as instance:
                instance.discard()
            self.assertEqual(pool.get(), 0)

    def test_an_instance_is_nobody_s_after_its_block(self) -> None:
        with Pool(WASM, size=1) as pool:
            with pool.use() as kept:
                pass
            with self.assertRaises(ReleasedError):
                kept.inc()
            with pool.use(), self.assertRaises(ReleasedError):
                kept.read_memory(0, 1)

    def test_two_threads_cannot_call_one_instance(self) -> None:
        engine = epoch_engine()
        with Pool(WASM, size=1, engine=engine, epoch_ticks=1) as pool:
            with pool.use() as instance:
                spinning = threading.Thread(target=ended, args=(instance,))
                spinning.start()
                refused = False
                while not refused:
                    try:
                        instance.get()
                    except ConcurrentUseError:
                        refused = True
                interrupt(engine, spinning)

    def test_the_end_of_a_block_waits_for_its_call(self) -> None:
        engine = epoch_engine()
        pool = Pool(WASM, size=1, engine=engine, epoch_ticks=1)
        with pool.use() as instance:
            spinning = threading.Thread(target=ended, args=(instance,))
            spinning.start()
            while not instance._slot._busy.locked():
                time.sleep(0)
            threading.Thread(target=interrupt, args=(engine, spinning)).start()
        self.assertFalse(instance._slot._busy.locked())
        spinning.join(60)
        self.assertEqual(pool.get(), 0)
        pool.close()

    def test_waiting_ends_in_time_and_with_the_pool(self) -> None:
        pool = Pool(WASM, size=1, max_waiting=1)
        with pool.use():
            with self.assertRaises(AcquireTimeoutError), pool.use(0.01):
                pass
            with self.assertRaises(TimeoutError), pool.use(0):
                pass
            results: list[Any] = []
            waiting = threading.Thread(
                target=lambda: results.extend(in_threads(1, lambda _: pool.get()))
            )
            waiting.start()
            while not pool._waiting:
                time.sleep(0)
            with self.assertRaisesRegex(AcquireTimeoutError, "1 callers wait"):
                pool.get()
            with self.assertRaises(AcquireTimeoutError):
                pool.close(0.01)
            waiting.join(60)
            self.assertIsInstance(results[0], ClosedError)
        with self.assertRaises(ClosedError):
            pool.get()
        pool.close()

    def test_values_and_memory(self) -> None:
        with Pool(WASM, size=1) as pool:
            self.assertEqual(pool.pair(-(2**63), 1), (-(2**63), 1.0))
            self.assertEqual(pool.pair(2**64 - 1, 0.5), (-1, 0.5))
            for bad in (2**64, -(2**63) - 1):
                with self.assertRaises(OverflowError):
                    pool.pair(bad, 0)
            with self.assertRaises(TypeError):
                pool.pair(1.5, 0)  # type: ignore[arg-type]
            with pool.use() as instance:
                instance.write_memory(8, b"\x01\x02\x03")
                instance.grow()
                self.assertEqual(instance.read_memory(8, 3), b"\x01\x02\x03")
                self.assertEqual(instance.read_memory(131072, 0), b"")
                for offset, size in ((-1, 1), (131072, 1), (131070, 3), (0, -1)):
                    with self.assertRaises(IndexError):
                        instance.read_memory(offset, size)
                with self.assertRaises(IndexError):
                    instance.write_memory(131070, b"abc")
                self.assertEqual(instance.get(), 0)

    def test_limits(self) -> None:
        with Pool(WASM, size=1, memory_limit=65536) as pool:
            self.assertEqual(pool.grow(), -1)
        with self.assertRaises(wasmtime.WasmtimeError):
            Pool(WASM[:-3])
        with self.assertRaises(ValueError):
            Pool(WASM, size=0)


def epoch_engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.epoch_interruption = True
    return wasmtime.Engine(config)


def interrupt(engine: wasmtime.Engine, spinning: threading.Thread) -> None:
    while spinning.is_alive():
        engine.increment_epoch()
        spinning.join(0.001)


def ended(instance: Instance) -> None:
    try:
        instance.spin()
    except CallError:
        pass


if __name__ == "__main__":
    unittest.main()

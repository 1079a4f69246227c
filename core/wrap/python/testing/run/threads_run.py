"""Instances over one memory have stacks and thread-local storage of their own, on the real wasmtime-py."""

from __future__ import annotations

import unittest
from contextlib import ExitStack
from pathlib import Path

import stack_setter_pool
import threads_pool
from pool_run import in_threads


def wasm(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


class ThreadsTest(unittest.TestCase):
    def test_stacks_and_storage_are_apart(self) -> None:
        with threads_pool.Pool(wasm("threads.wasm"), size=4) as pool:
            for _ in range(5):
                with ExitStack() as open_uses:
                    lent = [open_uses.enter_context(pool.use()) for _ in range(4)]
                    stacks = {one.stack() for one in lent}
                    storages = {one.storage() for one in lent}
                    self.assertEqual((len(stacks), len(storages)), (4, 4))
                    self.assertTrue(all(one % 16 == 0 for one in stacks))
                    self.assertTrue(all(one % 32 == 0 for one in storages))
                    # What replaces a dropped instance gets its own, too.
                    lent[0].discard()

    def test_frames_are_apart(self) -> None:
        with threads_pool.Pool(wasm("threads.wasm"), size=4) as pool:

            def job(index: int) -> set[int]:
                return {pool.frame(index, 20_000) for _ in range(20)}

            self.assertEqual(in_threads(4, job), [{i} for i in range(4)])

    def test_a_setter_moves_the_stack(self) -> None:
        with stack_setter_pool.Pool(wasm("stack-setter.wasm"), size=3) as pool:
            with pool.use() as a, pool.use() as b, pool.use() as c:
                frames = {one.frame(1) for one in (a, b, c)}
                self.assertEqual(len(frames), 3)


if __name__ == "__main__":
    unittest.main()

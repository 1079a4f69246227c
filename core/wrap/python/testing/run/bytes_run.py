"""Methods that take and return bytes, on the real wasmtime-py."""

from __future__ import annotations

import unittest
from pathlib import Path

import text_lock
import text_pool
from pool_run import in_threads

WASM = Path(__file__).with_name("text.wasm").read_bytes()


class BytesTest(unittest.TestCase):
    def test_many_threads_get_their_own_answers(self) -> None:
        def job(index: int) -> set[bytes]:
            name = f"n{index}".encode()
            return {owner.greet_bytes(name) for _ in range(200)}

        wanted = [{f"Hello, n{i}".encode()} for i in range(6)]
        for owner in (text_pool.Pool(WASM, size=3), text_lock.Shared(WASM)):
            self.assertEqual(in_threads(6, job), wanted)
            owner.close()

    def test_blocks_are_freed(self) -> None:
        with text_pool.Pool(WASM, size=1) as pool:
            with pool.use() as instance:
                self.assertEqual(instance.greet_bytes(b""), b"Hello, ")
                self.assertEqual(instance.checksum_bytes(b"abc"), 294)
                data = bytearray(b"....")
                instance.fill_bytes(data, 65)
                self.assertEqual(data, b"AAAA")
                self.assertEqual(instance.live(), 0)
                with self.assertRaises(text_pool.NoMemoryError):
                    instance.greet_bytes(bytes(200_000))
                self.assertEqual(instance.live(), 0)
                self.assertEqual(instance.greet_bytes(b"you"), b"Hello, you")

    def test_a_trap_costs_the_instance_and_frees_nothing(self) -> None:
        with text_pool.Pool(WASM, size=1) as pool:
            with self.assertRaises(text_pool.CallError):
                pool.greet_bytes(bytes(13))
            self.assertEqual(pool.greet_bytes(b"you"), b"Hello, you")


if __name__ == "__main__":
    unittest.main()

"""Imports, state, start functions and programs, on the real wasmtime-py."""

from __future__ import annotations

import sys
import threading
import unittest
from pathlib import Path
from typing import Any

import common_lock
import common_pool
import exit_lock
import exit_pool
import haskell_pool
import hooks_pool
import plugin_pool
import reactor_threads_lock
import reactor_threads_pool
import state_pool
import wasmtime
from pool_run import in_threads


def wasm(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


class Hooks:
    """What `hooks.wasm` imports."""

    def __init__(self) -> None:
        self.again: hooks_pool.Instance | None = None

    def env_hook(self, caller: wasmtime.Caller, p0: int, /) -> int:
        if p0 == 1:
            raise KeyError(threading.get_ident())
        if p0 == 2:
            assert self.again is not None
            return self.again.hooked(0)
        memory = caller["memory"]
        assert isinstance(memory, wasmtime.Memory)
        return memory.read(caller, 0, 1)[0]


class ImportsTest(unittest.TestCase):
    def test_each_thread_gets_its_own_exception(self) -> None:
        def job(index: int) -> list[str]:
            wrong = []
            for _ in range(2000):
                try:
                    if index % 2 == 0:
                        pool.trap()
                    else:
                        pool.hooked(1)
                except hooks_pool.CallError:
                    wrong += ["call"] if index % 2 == 1 else []
                except KeyError as error:
                    mine = error.args == (threading.get_ident(),) and index % 2 == 1
                    wrong += [] if mine else ["key"]
            return wrong

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            with hooks_pool.Pool(wasm("hooks.wasm"), imports=Hooks(), size=4) as pool:
                self.assertEqual(in_threads(4, job), [[]] * 4)
        finally:
            sys.setswitchinterval(interval)

    def test_host_functions_reach_the_memory_and_not_their_instance(self) -> None:
        hooks = Hooks()
        with hooks_pool.Pool(wasm("hooks.wasm"), imports=hooks, size=1) as pool:
            with pool.use() as instance:
                instance.write_memory(0, b"\x07")
                self.assertEqual(instance.hooked(0), 7)
                hooks.again = instance
                with self.assertRaises(hooks_pool.ConcurrentUseError):
                    instance.hooked(2)

    def test_a_missing_import_is_noticed_at_once(self) -> None:
        class Other:
            env_hook = "no function"

        with self.assertRaises(Exception):
            pool = hooks_pool.Pool(wasm("hooks.wasm"), imports=Other())  # type: ignore
            pool.hooked(0)

    def test_threads_meet_in_a_shared_memory(self) -> None:
        with common_pool.Pool(wasm("common.wasm"), size=4) as pool:
            in_threads(4, lambda _: [pool.add(1) for _ in range(500)])
            self.assertEqual(pool.add(0), 2000)
            with pool.use() as one, pool.use() as other:
                one.write_memory(8, b"abc")
                self.assertEqual(other.read_memory(8, 3), b"abc")
                with self.assertRaises(IndexError):
                    other.read_memory(65535, 2)
        with common_lock.Shared(wasm("common.wasm")) as shared:
            in_threads(4, lambda _: [shared.plain_add(1) for _ in range(500)])
            self.assertEqual(shared.plain_add(0), 2000)
            shared.reset()
            self.assertEqual(shared.plain_add(0), 0)

    def test_instances_begin_as_the_module_needs_it(self) -> None:
        with plugin_pool.Pool(wasm("plugin.wasm"), size=2) as plugin:
            with plugin.use() as one, plugin.use() as other:
                self.assertEqual((one.get(), other.get()), (7, 7))
        with haskell_pool.Pool(wasm("haskell.wasm"), size=1) as haskell:
            self.assertEqual(haskell.get(), 7)
        threads: Any
        for threads in (
            reactor_threads_pool.Pool(wasm("reactor-threads.wasm"), size=3),
            reactor_threads_lock.Shared(wasm("reactor-threads.wasm")),
        ):
            self.assertEqual(in_threads(6, lambda _: threads.get()), [6] * 6)
            threads.close()
        with reactor_threads_lock.Shared(wasm("reactor-threads.wasm")) as shared:
            shared.reset()
            self.assertEqual(shared.get(), 6)

    def test_state_is_given_to_each_instance(self) -> None:
        class Base(state_pool.State):
            def env_stack_pointer(self, store: wasmtime.Store) -> wasmtime.Global:
                kind = wasmtime.GlobalType(wasmtime.ValType.i32(), True)
                return wasmtime.Global(store, kind, 100)

        class Ticks:
            def env_tick(self, caller: wasmtime.Caller, p0: int, /) -> int:
                return p0

        source = wasm("state.wasm")
        with state_pool.Pool(source, imports=Ticks(), state=Base(), size=2) as pool:
            with pool.use() as one, pool.use() as other:
                self.assertEqual((one.step(5), other.step(7)), (1, 1))
                self.assertEqual(one.read_memory(0, 1), b"\x69")
                self.assertEqual(other.read_memory(0, 1), b"\x6b")

    def test_a_program_runs_once_in_an_instance(self) -> None:
        with exit_pool.Pool(wasm("exit.wasm"), size=1) as pool:
            for _ in range(2):
                with self.assertRaises(exit_pool.ExitError) as caught:
                    pool.start()
                self.assertEqual(caught.exception.code, 3)
        with exit_lock.Shared(wasm("exit.wasm")) as shared:
            with self.assertRaises(exit_lock.ExitError):
                shared.start()
            with self.assertRaises(exit_lock.UnusableError):
                shared.start()


if __name__ == "__main__":
    unittest.main()

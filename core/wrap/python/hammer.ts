/** Python: a test whose threads call at once, in stores of their own, behind a lock, and in a child process without. */

import { commentLines } from '../../harmless/code.ts';
import { hammerPairs, integerFor } from '../hammerPairs.ts';
import { header } from '../header.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import type { NumType } from '../signature.ts';
import type { Surface, WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { classNames, VERSIONS } from './file.ts';
import { importsOf, isCommon, type PyImports, stateClass } from './imports.ts';
import { memoryPlace } from './instance.ts';
import { docName, docstring, PYTHON_COMMENTS, pyList, stringItem } from './parts.ts';

const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => integer,
  i64: (integer) => integer,
  f32: () => '1.5',
  f64: () => '1.5',
};

/** What a module that grows in a loop may have beyond its first size, in pages of 64 KiB. */
const SPARE_PAGES = 256n;

/** Name of the environment variable that lets threads share a store. */
const UNSAFE = 'WASM_HAZARDS_UNSAFE';

/**
 * Source of a script for `unittest`. Threads with stores of their own, and threads that share an instance behind a
 * lock, have to get what serial calls get. Threads in one store, which is undefined behaviour, run in child processes
 * and on request only. A call that does not return is ended, and a test of which no call returned does not pass.
 */
export function pyHammer(input: WrapInput): string {
  const { surface, module, moduleFile, base } = input;
  const pairs = hammerPairs(module, input.sharedInstance(), surface);
  const calls = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const imports = importsOf(surface);
  const common = imports.state.some(({ one }) => isCommon(one));
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  const comment = header(
    input,
    `Tests of ${moduleFile} for wasmtime-py with many threads. Run them with: python -m unittest test_${base}_threads`,
    [
      `Two tests must pass: threads with a store each, and threads with one instance behind a lock. The third lets threads call into ${common ? 'instances over one shared memory' : 'one store, which is undefined behaviour and can end the process'}: it runs in child processes, and only if ${UNSAFE}=1 is set.`,
      'A test that is skipped because no call returned, or because nothing went wrong, has shown nothing.',
      VERSIONS,
    ],
    PYTHON_COMMENTS,
  ).join('\n');
  const fresh = freshClass(input, imports);
  const rows = pairs.map(({ a, b, cell }) => {
    const why = cell === undefined ? [] : commentLines([`They conflict on ${cell}.`], '    ', PYTHON_COMMENTS);
    const names = [a, b].map(({ name }) => stringItem('        ', name));
    return [...why, pyList('    ', '(', names, '),'), ''].join('\n');
  });
  return `${docstring('', `Call exports of ${docName(moduleFile)} from many threads.`)}
${comment}

from __future__ import annotations

${fresh.includes('ctypes') ? 'import ctypes\n' : ''}import os
import subprocess
import sys
import threading
import unittest
${fresh.includes('zlib') ? 'import zlib\n' : ''}from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import wasmtime
${common ? 'from wasmtime import _ffi as ffi\n' : ''}
${pyList('', 'WASM = Path(__file__).with_name(', [stringItem('    ', wasmName)], ')')}

# The calls. The arguments are guesses: replace them with values that your host passes.
CALLS: dict[str, tuple[int | float, ...]] = {
${calls.map(callRow).join('')}}

# What is called at the same time.
PAIRS: list[tuple[str, str]] = [
${rows.join('')}]

THREADS = 4
ROUNDS = 50
# Seconds after which a call has not returned, and after which nobody waits any more.
SECONDS = 5
PATIENCE = 60

UNSAFE = "${UNSAFE}"

TRAPPED = "trapped"
UNUSABLE = "unusable after a trap"


class Hang(Exception):  # noqa: N818
    """A call did not return."""


${stateClass(imports, classNames())}${defineFunction(imports)}class Lab:
    """The module, compiled once, with a clock that ends calls."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
${surface.threads ? '        config.wasm_threads = True\n        config.shared_memory = True\n' : ''}        self.engine = wasmtime.Engine(config)
        self.module = wasmtime.Module(self.engine, WASM.read_bytes())
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        pause = threading.Event()
        while not pause.wait(0.1):
            self.engine.increment_epoch()


${fresh}${RUNNERS}${unsafeFunction(common)}${TESTS}
if __name__ == "__main__":
    if sys.argv[1:2] == ["--unsafe"]:
        print(unsafe(*PAIRS[int(sys.argv[2])]))
    else:
        unittest.main()
`;
}

function callRow(one: WrapExport): string {
  const args = one.params.map((type) => ARGUMENTS[type](integerFor(one)));
  const name = stringItem('    ', one.name);
  const key = name.includes('\n') ? `(\n        ${name.replaceAll(/\n */g, '\n        ')}\n    )` : name;
  return `${pyList('    ', `${key}: (`, args, args.length === 1 ? ',)' : ')').replace(',\n    ,)', ',\n    )')},\n`;
}

/** The function that gives the module what it imports. */
function defineFunction({ state }: PyImports): string {
  const common = state.filter(({ one }) => isCommon(one));
  const items = state.map(({ one, method }) => {
    const made = isCommon(one) ? `memories["${method}"]` : `State().${method}(store)`;
    return pyList(
      '    ',
      'linker.define(',
      ['store', stringItem('        ', one.module), stringItem('        ', one.name), made],
      ')',
    );
  });
  const params = [
    'linker: wasmtime.Linker',
    'store: wasmtime.Store',
    ...(common.length > 0 ? ['memories: dict[str, SharedMemory]'] : []),
  ];
  return `${pyList('', 'def define(', params, ') -> None:')}
    """Define what the module imports. Functions that are not defined here trap."""
${items.map((line) => `${line}\n`).join('')}

`;
}

/** The class of a store with one new instance. */
function freshClass(input: WrapInput, imports: PyImports): string {
  const { surface, module } = input;
  const common = imports.state.filter(({ one }) => isCommon(one));
  const place = memoryPlace(input, imports);
  const shared = module.memories[0]?.limits.shared === true;
  const limit = ((module.memories[0]?.limits.min ?? 0n) + SPARE_PAGES) * 65536n;
  const once = surface.life.filter(({ per }) => per === 'memory');
  const own = surface.life.filter(({ per }) => per === 'instance');
  const memories = common.map(({ method }) => `"${method}": State().${method}(lab.engine)`);
  return `class Fresh:
    """A store with a new instance."""

    def __init__(self, lab: Lab${common.length > 0 ? ', beside: Fresh | None = None' : ''}) -> None:
        self.lab = lab
        self.store = wasmtime.Store(lab.engine)
        # A call that grows the memory in a loop must not use up that of the machine.
        self.store.set_limits(memory_size=${limit})
        self.store.set_epoch_deadline(SECONDS * 10)
${surface.wasi ? '        self.store.set_wasi(wasmtime.WasiConfig())\n' : ''}        self.usable = True
        linker = wasmtime.Linker(lab.engine)
${surface.wasi ? '        linker.define_wasi()\n' : ''}${
  common.length > 0
    ? `        if beside is None:
${pyList('            ', 'self.memories = {', memories, '}')}
        else:
            self.memories = beside.memories
        define(linker, self.store, self.memories)
`
    : '        define(linker, self.store)\n'
}        linker.define_unknown_imports_as_traps(lab.module)
        instance = linker.instantiate(self.store, lab.module)
        self.exports = instance.exports(self.store)
${once.length > 0 ? `        if beside is None:\n${once.map((call) => lifeCall('            ', call)).join('')}` : ''}${own.map((call) => lifeCall('        ', call)).join('')}
    def run(self, name: str, args: Sequence[int | float]) -> Any:
        """Call an export."""
        func = self.exports[name]
        assert isinstance(func, wasmtime.Func)
        self.store.set_epoch_deadline(SECONDS * 10)
        return func(self.store, *args)

    def call(self, name: str) -> str:
        """Make one of the calls and tell what it returned, as a text."""
        if not self.usable:
            return UNUSABLE
        try:
            return str(self.run(name, CALLS[name]))
        except Exception as error:
            self.usable = False
            code = getattr(error, "trap_code", None)
            if code == wasmtime.TrapCode.INTERRUPT:
                raise Hang(f"{name} did not return within {SECONDS} seconds") from error
            return TRAPPED

    def state(self) -> int:
        """Make a checksum of the memory."""
${stateBody(surface, place, shared, common[0]?.method)}

`;
}

function stateBody(
  { memoryExport }: Surface,
  place: ReturnType<typeof memoryPlace>,
  shared: boolean,
  common: string | undefined,
): string {
  if (place === undefined || (place !== 'export' && !(shared && common !== undefined))) return '        return 0\n';
  const exported = pyList(
    '        ',
    'memory = self.exports[',
    [stringItem('            ', memoryExport ?? '')],
    ']',
  ).replace(',\n        ]', '\n        ]');
  if (!shared)
    return `${exported}
        assert isinstance(memory, wasmtime.Memory)
        return zlib.crc32(memory.read(self.store))
`;
  const found =
    place === 'export'
      ? `${exported}\n        assert isinstance(memory, wasmtime.SharedMemory)`
      : `        memory = self.memories["${common}"]`;
  return `${found}
        return zlib.crc32(ctypes.string_at(memory.data_ptr(), memory.data_len()))
`;
}

function lifeCall(indent: string, call: LifeCall): string {
  const { name, args } = call;
  const values = args.length === 1 ? `(${args[0]},)` : `(${args.join(', ')})`;
  const made = (inner: string): string =>
    `${pyList(inner, 'self.run(', [stringItem(`${inner}    `, name), values], ')')}\n`;
  if (!isMain(call)) return made(indent);
  return `${indent}try:
${made(`${indent}    `)}${indent}except wasmtime.ExitTrap as exit_trap:
${indent}    if exit_trap.code != 0:
${indent}        raise
`;
}

const RUNNERS = `def together(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run jobs in threads that begin at the same time, and give their results."""
    barrier = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE)
            results[index] = job()
        except BaseException as error:
            results[index] = error

    threads = [
        threading.Thread(target=run, args=one, daemon=True) for one in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        if thread.is_alive():
            raise Hang(f"a thread did not end within {PATIENCE} seconds")
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def sequence(lab: Lab, name: str) -> list[str]:
    """Make a call again and again, on a new instance after each trap."""
    fresh = Fresh(lab)
    outcomes = []
    for _ in range(ROUNDS):
        outcomes.append(fresh.call(name))
        if not fresh.usable:
            fresh = Fresh(lab)
    return [*outcomes, str(fresh.state())]


def in_order(lab: Lab, names: Sequence[str]) -> list[str]:
    """Make calls on a new instance, one after the other."""
    fresh = Fresh(lab)
    return [*(fresh.call(name) for name in names), str(fresh.state())]


def behind_lock(lab: Lab, names: Sequence[str]) -> list[str]:
    """Make calls on a new instance at the same time, each under one lock."""
    fresh = Fresh(lab)
    lock = threading.Lock()

    def job(name: str) -> str:
        with lock:
            return fresh.call(name)

    return [*together([partial(job, name) for name in names]), str(fresh.state())]


`;

const TESTS = `class ThreadsTest(unittest.TestCase):
    """Calls of many threads give what serial calls give."""

    lab: Lab

    @classmethod
    def setUpClass(cls) -> None:
        """Compile the module, and see whether instances can be made."""
        cls.lab = Lab()
        try:
            Fresh(cls.lab)
        except Exception as error:
            raise unittest.SkipTest(f"there is no instance: {error}") from error

    def alone(self, job: Callable[[], list[str]]) -> list[str]:
        """Give what a job returns by itself, if it can be compared with."""
        try:
            first, second = together([job])[0], together([job])[0]
        except Hang as hang:
            self.skipTest(f"{hang}, even alone: choose other arguments")
        if first != second:
            self.skipTest("the results differ from run to run, even alone")
        return list(first)

    def need_returns(self, *results: list[str]) -> None:
        """Skip what shows nothing: a test of which no call returned."""
        outcomes = [one for some in results for one in some[:-1]]
        if all(one in (TRAPPED, UNUSABLE) for one in outcomes):
            self.skipTest("no call returned: choose other arguments, define imports")

    def test_separate_stores(self) -> None:
        """Threads with a store each get what one thread gets."""
        for name in CALLS:
            with self.subTest(name):
                job = partial(sequence, self.lab, name)
                wanted = self.alone(job)
                self.need_returns(wanted)
                for got in together([job] * THREADS):
                    self.assertEqual(got, wanted)

    def test_one_instance_behind_a_lock(self) -> None:
        """Two calls under a lock get what they get in one of the two orders."""
        for a, b in PAIRS:
            with self.subTest(f"{a} with {b}"):
                ab = self.alone(partial(in_order, self.lab, (a, b)))
                b_first = self.alone(partial(in_order, self.lab, (b, a)))
                self.need_returns(ab, b_first)
                ba = [b_first[1], b_first[0], b_first[2]]
                for _ in range(ROUNDS):
                    self.assertIn(behind_lock(self.lab, (a, b)), (ab, ba))

    @unittest.skipUnless(os.environ.get(UNSAFE) == "1", f"needs {UNSAFE}=1")
    def test_without_a_lock(self) -> None:
        """Show what goes wrong without a lock, in child processes."""
        for index, (a, b) in enumerate(PAIRS):
            with self.subTest(f"{a} with {b}"):
                command = [sys.executable, __file__, "--unsafe", str(index)]
                try:
                    child = subprocess.run(
                        command, capture_output=True, text=True, timeout=2 * PATIENCE
                    )
                except subprocess.TimeoutExpired:
                    self.fail("the process did not end")
                if child.returncode != 0:
                    end = child.stderr[-500:]
                    self.fail(f"the process ended with {child.returncode}: {end}")
                self.assertEqual(child.stdout.strip(), "0", "rounds with wrong results")
                self.skipTest("nothing went wrong, which does not mean that it is safe")

`;

/** What a child process runs. */
const unsafeFunction = (common: boolean): string => `def unsafe(a: str, b: str) -> int:
    """Call ${common ? 'over one shared memory' : 'into one store'} without a lock, and count rounds with wrong results.

    Only equal calls are judged: every order of them has the same results.
    """
    lab = Lab()
    names = (a, b) * (THREADS // 2)
    calls = 20

    def job(fresh: Fresh, name: str) -> list[str]:
        return [fresh.call(name) for _ in range(calls)]

    *outcomes, state = in_order(lab, names * calls)
    wanted = [*sorted(outcomes), state]
    wrong = 0
    for _ in range(10 * ROUNDS):
        fresh = Fresh(lab)
        jobs = [partial(job, ${common ? 'Fresh(lab, fresh)' : 'fresh'}, name) for name in names]
        got = sorted(one for some in together(jobs) for one in some)
        wrong += a == b and [*got, str(fresh.state())] != wanted
    return wrong


`;

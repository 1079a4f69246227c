/** The `use` lines of a Rust file, made from what its code names. */
import { use } from './layout.ts';

/** Names by the path that they are imported from, in the order in which rustfmt has the lines; `self`: the path itself. */
const NAMES: readonly (readonly [path: string, ...names: string[]])[] = [
  ['std::cell', 'UnsafeCell'],
  ['std::fmt', 'self'],
  ['std::future', 'Future'],
  ['std::mem', 'self'],
  ['std::ops', 'Deref', 'DerefMut'],
  ['std::path', 'Path'],
  ['std::sync::atomic', 'AtomicU8', 'Ordering'],
  ['std::sync', 'Barrier', 'Condvar', 'Mutex', 'MutexGuard', 'PoisonError'],
  ['std::task', 'Context', 'Poll', 'Waker'],
  ['std::thread', 'self'],
  ['std::time', 'Duration', 'Instant'],
  ['', ''],
  [
    'wasmtime',
    ...'Caller Config Engine Error Extern Func Global GlobalType InstanceAllocationStrategy InstancePre Linker Memory MemoryType Module Mutability PoolingAllocationConfig Ref RefType Result SharedMemory Store StoreLimits StoreLimitsBuilder Table TableType Trap TypedFunc Val ValType WasmParams WasmResults'.split(
      ' ',
    ),
  ],
  ['wasmtime_wasi::p1', 'self', 'WasiP1Ctx'],
];

/**
 * The lines that `body` needs, the standard library first. Names in comments and in string literals do not count, nor do
 * names that are written with a path.
 */
export function useLines(body: string): string {
  const code = body.replace(/^\s*\/\/.*$/gm, '').replace(/"(?:[^"\\]|\\.)*"/gs, '""');
  const lines = NAMES.map(([path, ...names]) => {
    if (path === '') return '';
    const used = names.filter((name) => isUsed(code, path, name));
    if (used.length === 0) return undefined;
    return used.length === 1 && used[0] === 'self' ? `use ${path};` : use(path, used);
  });
  return lines
    .filter((line) => line !== undefined)
    .join('\n')
    .trim();
}

const isUsed = (code: string, path: string, name: string): boolean =>
  name === 'self'
    ? new RegExp(`(?<![:\\w])${path.slice(path.lastIndexOf(':') + 1)}::`).test(code)
    : new RegExp(`(?<!::|[.\\w]|fn |struct )${name}\\b`).test(code);

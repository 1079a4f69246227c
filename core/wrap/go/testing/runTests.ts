/** Tests in Go of what generated code does, each in a package with the code. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrapKind } from '../../template.ts';
import { wrap } from '../../testing/generate.ts';
import { testModule } from '../../testing/modules.ts';

/** The module, the kind of wrapper, the package, and the test: `run/<test>_run_test.go`. */
const PACKAGES: readonly (readonly [module: string, kind: WrapKind, packageName: string, test: string])[] = [
  ['tally.wasm', 'pool', 'counter', 'pool'],
  ['tally.wasm', 'mutex', 'counter', 'mutex'],
  // Instances that import state have a runtime each.
  ['own-state.wasm', 'pool', 'state', 'imported_state_pool'],
  ['own-state.wasm', 'mutex', 'state', 'imported_state_mutex'],
  // A program runs once in an instance; the main program of a module with an API runs before its API.
  ['command.wasm', 'pool', 'command', 'program'],
  ['plugin.wasm', 'pool', 'plugin', 'plugin'],
  // Contexts, errors, options, misuse.
  ['tally.wasm', 'pool', 'counter', 'pool_contract'],
  ['tally.wasm', 'mutex', 'counter', 'mutex_contract'],
  ['imports.wasm', 'pool', 'host', 'imports_pool'],
  ['imports.wasm', 'mutex', 'host', 'imports_mutex'],
  ['wide-shared.wasm', 'mutex', 'wide', 'memory_limit'],
  // Strings and byte slices.
  ['text.wasm', 'pool', 'text', 'bytes_pool'],
  ['text.wasm', 'mutex', 'text', 'bytes_mutex'],
  // What runs in a new instance before its API, and once in a memory.
  ['haskell.wasm', 'pool', 'haskell', 'life'],
  ['reactor-threads.wasm', 'pool', 'reactor', 'life_of_a_memory'],
  // Instances over one memory have a stack and thread-local storage of their own.
  ['threads.wasm', 'pool', 'threads', 'threads'],
  ['linked-threads.wasm', 'pool', 'linked', 'linked_threads'],
  ['linked-threads.wasm', 'mutex', 'linked', 'linked_threads_lock'],
  ['stack-setter.wasm', 'pool', 'setter', 'stack_setter'],
];

/** Writes a package for each test into a Go module. */
export async function writePackages(folder: string): Promise<void> {
  for (const [file, kind, packageName, test] of PACKAGES) {
    const module = await testModule(file);
    const package_ = join(folder, test);
    mkdirSync(package_);
    const { fileName, text } = wrap(module, 'wazero', kind, { packageName });
    writeFileSync(join(package_, fileName), text);
    writeFileSync(join(package_, file), module.bytes);
    cpSync(join(import.meta.dirname, 'run', `${test}_run_test.go`), join(package_, `${test}_run_test.go`));
  }
}

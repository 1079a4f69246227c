/** Compiling and running generated C in tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrapKind } from '../../template.ts';
import { wrap } from '../../testing/generate.ts';
import type { TestModule } from '../../testing/modules.ts';
import { ran, temporary } from '../../testing/tools.ts';
import type { CHost } from './hosts.ts';

/** What generated C has to pass without a warning. */
export const STRICT = ['-std=c11', '-Wall', '-Wextra', '-Wshadow', '-Werror', '-pedantic'];
/** The compilers that it is compiled with. */
export const COMPILERS = ['gcc', 'clang'] as const;

/** Writes a wrapper into a folder, with a source file that has its implementation; answers that file. */
export function written(folder: string, module: TestModule, host: CHost['name'], kind: WrapKind): string {
  const { fileName, text } = wrap(module, host, kind);
  const own = join(folder, `${module.file.replace(/\W/g, '_')}_${kind}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, module.file), module.bytes);
  writeFileSync(join(own, fileName), text);
  const wanted = /^#ifdef (\w+_IMPLEMENTATION)$/m.exec(text)?.[1];
  if (wanted === undefined) return join(own, fileName);
  const source = join(own, 'implementation.c');
  writeFileSync(source, `#define ${wanted}\n#include "${fileName}"\n`);
  return source;
}

/** Builds a program of C files, linked with a host. */
export function built(
  host: CHost,
  compiler: string,
  sources: readonly string[],
  flags: readonly string[] = [],
): string {
  const program = join(temporary(), 'program');
  const args = [...STRICT, '-g', '-O1', ...flags, ...host.compile, ...sources, '-o', program, ...host.link];
  ran(compiler, args, { cwd: temporary() });
  return program;
}

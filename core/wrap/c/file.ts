/** A generated file as a whole: comment, guard, public part, implementation. */

import type { ModuleBlocks } from '../blocks/blocks.ts';
import { header } from '../header.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { publicMethods, publicTypes } from './api.ts';
import { bytesDeclarations, bytesDefinitions } from './bytes.ts';
import { type CNames, includeGuard } from './names.ts';
import type { CRuntime } from './runtime.ts';
import { safeComment } from './text.ts';
import { tidied } from './tidy.ts';

/** What a kind adds to what all have. */
export interface Kind {
  /** `pool`: in the names of guards and files. */
  name: string;
  title: string;
  advice: readonly string[];
  /** Declarations after the types and before the methods. */
  declarations: string;
  implementation: string;
}

/** Headers of the C library that the implementation needs. */
export const STANDARD = ['errno', 'pthread', 'signal', 'stdio', 'stdlib', 'string', 'time'];

/** Text of a header that is also its implementation, for the one source file that asks for it. */
export function headerFile(
  input: WrapInput,
  names: CNames,
  runtime: CRuntime,
  bytes: ModuleBlocks,
  kind: Kind,
): string {
  const guard = includeGuard(names.upper, kind.name);
  const wanted = `${names.upper}_${kind.name.toUpperCase()}_IMPLEMENTATION`;
  return `${comments(input, names, runtime, kind)}${tidied(`
#ifndef ${guard}
#define ${guard}

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <${runtime.header}>

#ifdef __cplusplus
extern "C" {
#endif

${publicTypes(input, names, runtime)}
${kind.declarations}
${publicMethods(input, names, runtime)}${bytesDeclarations(bytes, names)}
#ifdef __cplusplus
}
#endif

#endif  // ${guard}

#ifdef ${wanted}

${STANDARD.map((name) => `#include <${name}.h>`).join('\n')}
${runtime.implementation(input, names, kind.name)}${bytesDefinitions(bytes, names)}${kind.implementation}
#endif  // ${wanted}
`)}`;
}

/** The comment at the top. */
export function comments(input: WrapInput, { prefix, methods }: CNames, runtime: CRuntime, kind: Kind): string {
  const advice = protocolAdvice(input, {
    nameOf: (one) => methods.get(one) ?? '',
    memory: runtime.memory(input) ? { write: `${prefix}_memory_write`, read: `${prefix}_memory_read` } : undefined,
    hold: kind.name === 'lock' ? 'critical section' : 'loan of one instance',
  });
  return `${safeComment(header(input, kind.title, [...kind.advice, ...advice, ...runtime.advice(input, kind.name)])).join('\n')}\n`;
}

/** Names in generated C: one prefix for all that a file defines, so that several files fit into one program. */
import { Identifiers, identifierOf } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import type { FunctionImport, WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';

/** Keywords of C11 and C23, and macros in lower case that the headers of a C library define. */
const RESERVED =
  'alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern false float for goto if inline int long nullptr register restrict return short signed sizeof static static_assert struct switch thread_local true typedef typeof union unsigned void volatile while assert errno stdin stdout stderr unix linux i386 complex imaginary noreturn offsetof'.split(
    ' ',
  );

/** Public names of the templates after the prefix; `t` would make the name of a type, as in `size_t`. */
const OWN =
  't status error imports options instance memory_read memory_write pool pool_new pool_get pool_get_within pool_put pool_close pool_delete pool_tick lock lock_new lock_acquire lock_acquire_within lock_release lock_reset lock_close lock_delete lock_tick'.split(
    ' ',
  );
/** Begins the names that are not public, so that those of exports must not. */
const PRIVATE = 'impl';

/** Words that begin the names of libraries that an embedder has: `wasm_instance_new` exists already. */
const LIBRARIES = new Set(
  'wasm wasmtime wasi wamr aot bh os pthread sem mq aio clock sched timer posix nl thrd mtx cnd tss call atomic memory va sig tc if get set native module validate addr app'.split(
    ' ',
  ),
);

/** The names of one file. */
export interface CNames {
  /** Before every name: `counter`. */
  prefix: string;
  /** Before every constant: `COUNTER`. */
  upper: string;
  /** The function of each export, whole: `counter_increment`. */
  methods: ReadonlyMap<WrapExport, string>;
  /** The function with bytes of each export that takes blocks. */
  bytes: ReadonlyMap<WrapExport, string>;
  /** The member of each imported function in the structure of imports. */
  imports: ReadonlyMap<FunctionImport, string>;
}

/** Made from the name that the user wants, else from that of the module's file. */
export function cNames({ surface, base, typeName }: WrapInput, takesBytes: Iterable<WrapExport>): CNames {
  const wanted = identifierOf(typeName ?? base, 'snake') || 'module';
  const prefix = LIBRARIES.has(wanted) ? `my_${wanted}` : wanted;
  const scope = new Identifiers('snake', OWN);
  const members = new Identifiers('snake', [...RESERVED, 'user']);
  const methods = new Map(
    surface.exports.map((one) => {
      const isPrivate = new RegExp(`^${PRIVATE}(?:_|$)`).test(identifierOf(one.name, 'snake'));
      return [
        one,
        `${prefix}_${scope.claim(isPrivate ? `export ${one.name}` : one.name, `export ${one.position}`)}`,
      ] as const;
    }),
  );
  return {
    prefix,
    upper: prefix.toUpperCase(),
    methods,
    bytes: new Map(
      [...takesBytes].map((one) => [
        one,
        `${prefix}_${scope.claim(`${one.name} bytes`, `export ${one.position} bytes`)}`,
      ]),
    ),
    imports: new Map(
      surface.functions.map((one) => [one, members.claim(`${one.module} ${one.name}`, `import ${one.name}`)]),
    ),
  };
}

/** Names of the parameters of a method. */
export const cParameters = (one: WrapExport): string[] =>
  parameterNames(one.names, 'snake', [
    ...RESERVED,
    ...'instance error result results args status values'.split(' '),
    ...one.results.map((_, i) => `result${i}`),
  ]);

/** Names of the results: `result`, or `result0`, `result1`. */
export const cResults = (count: number): string[] =>
  count === 1 ? ['result'] : Array.from({ length: count }, (_, i) => `result${i}`);

/** A file's base name with the user's own name, where one is wanted. */
export const includeGuard = (upper: string, kind: string): string => `${upper}_${kind.toUpperCase()}_H`;

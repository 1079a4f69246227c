/** Names of the declarations of a generated Go package. */
import { identifierOf } from '../identifiers.ts';
import { packageNameOf } from './packageName.ts';

/**
 * Names in Go of what a wrapper declares at the top level. Without a type name they are the plain ones, `Pool`,
 * `NewPool`, `ErrClosed`; with the type name `Codec` they are `CodecPool`, `NewCodecPool`, `ErrCodecClosed`, and
 * unexported ones begin with `codec`, so that wrappers of several modules fit into one package.
 */
export interface GoNames {
  /** Of the package, which is also the prefix of its errors. */
  package: string;
  /** Part of exported names; '' for none. */
  type: string;
  pool: string;
  /** The type of one instance behind a lock, and what makes one. */
  guarded: string;
  newGuarded: string;
  instance: string;
  /** The interface of the functions that the module imports. */
  imports: string;
  option: string;
  /** `ErrClosed` for `Closed`. */
  error(name: string): string;
  /** `WithCompilationCache` for `CompilationCache`. */
  with(name: string): string;
  /** `NewPool` for `Pool`. */
  make(name: string): string;
  /** An unexported name. */
  local(name: string): string;
}

/** A name that begins with a capital letter, as `--type` takes it. */
export const isTypeName = (name: string): boolean => /^[A-Z][A-Za-z0-9]{0,39}$/.test(name);

/** The names for a wrapper; `typeName` is a valid one, or undefined. */
export function goNames(input: {
  base: string;
  packageName: string | undefined;
  typeName: string | undefined;
}): GoNames {
  const type = input.typeName ?? '';
  const prefix = identifierOf(type, 'camel');
  return {
    package: input.packageName ?? packageNameOf(input.base),
    type,
    pool: `${type}Pool`,
    guarded: type === '' ? 'Guarded' : type,
    newGuarded: `New${type}`,
    instance: `${type}Instance`,
    imports: `${type}Imports`,
    option: `${type}Option`,
    error: (name) => `Err${type}${name}`,
    with: (name) => `With${type}${name}`,
    make: (name) => `New${type}${name}`,
    local: (name) => (prefix === '' ? name : `${prefix}${name[0].toUpperCase()}${name.slice(1)}`),
  };
}

/**
 * Functions of the glue of wasm-bindgen that do no more than what is said here. Handles of 32 bits lead to values in a list
 * of the glue, which calls share.
 * Source: crates/cli-support/src/js/mod.rs of wasm-bindgen.
 */
import { counted, described, type HostDescription, reads, writes } from './description.ts';

const AT_ONCE = { atOnce: true };
/** Looks at a value. */
const looks = described('i', 'reads', [], AT_ONCE);
const text = reads(0, counted(1));

/** Functions by name, without prefix and hash. */
const FUNCTIONS: Readonly<Record<string, HostDescription>> = {
  throw: described('ii', 'none', [text], AT_ONCE),
  rethrow: described('i', 'changes', [], AT_ONCE),
  object_drop_ref: described('i', 'changes', [], AT_ONCE),
  object_clone_ref: described('i', 'changes', [], AT_ONCE),
  string_new: described('ii', 'changes', [text], AT_ONCE),
  error_new: described('ii', 'changes', [text], AT_ONCE),
  number_new: described('F', 'changes', [], AT_ONCE),
  bigint_from_i64: described('I', 'changes', [], AT_ONCE),
  bigint_from_u64: described('I', 'changes', [], AT_ONCE),
  number_get: described('ii', 'reads', [writes(0, 16)], AT_ONCE),
  boolean_get: looks,
  is_undefined: looks,
  is_null: looks,
  is_string: looks,
  is_function: looks,
  is_object: looks,
  is_bigint: looks,
  is_symbol: looks,
  is_falsy: looks,
};

const MODULES: ReadonlySet<string> = new Set(['wbg', '__wbindgen_placeholder__']);

/** Whether an import is a function of the glue. */
export const isBindgenImport = (module: string, name: string): boolean =>
  (MODULES.has(module) || module.endsWith('_bg.js')) && (name.startsWith('__wbindgen_') || name.startsWith('__wbg_'));

/** `throw` of `__wbindgen_throw` and of `__wbg___wbindgen_throw_b855445ff6a94295`. */
export function bindgenOwnName(name: string): string | undefined {
  return /^(?:__wbg_)?__wbindgen_(\w+?)(?:_[\da-f]{16})?$/.exec(name)?.[1];
}

/** What is known of an import of the glue. */
export function bindgenFunction(module: string, name: string): HostDescription | undefined {
  const own = isBindgenImport(module, name) ? bindgenOwnName(name) : undefined;
  return own !== undefined && Object.hasOwn(FUNCTIONS, own) ? FUNCTIONS[own] : undefined;
}

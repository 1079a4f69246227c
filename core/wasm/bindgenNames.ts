/**
 * Readable forms of the names that wasm-bindgen gives to imports: `__wbg_log_1d3f0a2b4c5d6e7f` is `log` of JavaScript, with a
 * hash. Source: wasm-bindgen, crates/backend/src/codegen.rs and crates/cli-support/src/js/mod.rs
 */
const IMPORTED = /^__wbg_(?:static_accessor_)?([A-Za-z0-9$_]{1,200}?)_[0-9a-f]{16}$/;

/** The JavaScript function, property or class that an import stands for; undefined for other names. */
export const bindgenName = (name: string): string | undefined => IMPORTED.exec(name)?.[1];

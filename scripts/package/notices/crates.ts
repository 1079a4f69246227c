/**
 * Crates that are compiled into the WebAssembly of packages. Such a package has no list of them, but the messages of
 * panics name the source file, and with it crate and version.
 */

/** A crate that code was found of. */
export interface Crate {
  readonly name: string;
  readonly version: string;
}

/** The licence under which the crate is used, as the crate's manifest offers it. */
const LICENCES: Readonly<Record<string, string>> = {
  anyhow: 'Apache-2.0',
  bumpalo: 'Apache-2.0',
  cpp_demangle: 'Apache-2.0',
  dlmalloc: 'Apache-2.0',
  flate2: 'Apache-2.0',
  hashbrown: 'Apache-2.0',
  icu_normalizer: 'Unicode-3.0',
  idna: 'Apache-2.0',
  indexmap: 'Apache-2.0',
  leb128fmt: 'Apache-2.0',
  miniz_oxide: 'Apache-2.0',
  // Offered under one or the other; parts come from LLVM, so that both are given.
  'msvc-demangler': 'msvc-demangler-MIT and msvc-demangler-NCSA',
  once_cell: 'Apache-2.0',
  'percent-encoding': 'Apache-2.0',
  'rustc-demangle': 'Apache-2.0',
  semver: 'Apache-2.0',
  serde: 'Apache-2.0',
  serde_core: 'Apache-2.0',
  serde_json: 'Apache-2.0',
  smallvec: 'Apache-2.0',
  spdx: 'Apache-2.0',
  termcolor: 'Unlicense',
  'unicode-width': 'Apache-2.0',
  url: 'Apache-2.0',
  utf8_iter: 'Apache-2.0',
  'wasm-bindgen': 'Apache-2.0',
  'wasm-encoder': 'Apache-2.0',
  'wasm-metadata': 'Apache-2.0',
  wasmparser: 'Apache-2.0',
  wasmprinter: 'Apache-2.0',
  wast: 'Apache-2.0 WITH LLVM-exception',
  'wit-component': 'Apache-2.0',
  'wit-parser': 'Apache-2.0',
};

/** Crates whose code a binary contains, as far as its messages tell; sorted by name. */
export function cratesIn(binary: Uint8Array): Crate[] {
  const found = new Map<string, Crate>();
  const path = /[\\/]([a-zA-Z][\w-]*)-(\d+\.\d+\.\d+(?:-[\w.]+)?(?:\+[\w.-]+)?)[\\/]src[\\/]/g;
  for (const [, name, version] of Buffer.from(binary).toString('latin1').matchAll(path))
    found.set(`${name} ${version}`, { name, version });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The licence under which a crate is used; undefined for a crate that the table does not have. */
export const licenceOfCrate = ({ name }: Crate): string | undefined =>
  Object.hasOwn(LICENCES, name) ? LICENCES[name] : undefined;

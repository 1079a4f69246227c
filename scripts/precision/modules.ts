/** The modules whose precision is measured: libraries that people embed, of different languages and kinds of state. */
import type { CorpusModule } from '../corpus/fetch.ts';

/** What people call each library, and the names of its modules in the corpus. */
export const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  llhttp: ['undici/lib/llhttp/llhttp.wasm'],
  libsodium: ['libsodium/dist/modules/libsodium.wasm'],
  'node-sqlite3': ['node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm'],
  yoga: ['yoga-layout/dist/binaries/yoga.wasm'],
  'draco decoder': ['draco3d/draco_decoder.wasm'],
  'draco encoder': ['draco3d/draco_encoder.wasm'],
  'tree-sitter': ['web-tree-sitter/web-tree-sitter.wasm'],
  'hash-wasm': ['argon2', 'bcrypt', 'blake3', 'sha256', 'xxhash64'].map((hash) => `hash-wasm/dist/${hash}.wasm`),
  blake3: ['blake3-wasm/dist/wasm/blake3.wasm'],
};

/** The name of the library that a module of the corpus belongs to; undefined if it is not measured unless asked for. */
export const libraryOf = ({ name }: Pick<CorpusModule, 'name'>): string | undefined =>
  Object.keys(LIBRARIES).find((library) => LIBRARIES[library].includes(name));

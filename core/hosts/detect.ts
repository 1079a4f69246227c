/**
 * Which host runs the modules of a workspace, told from the manifests that lie in it.
 *
 * Order of precedence, the first that differs decides:
 * 1. strength: a direct dependency, then an indirect, development or build one, then the mere
 *    presence of a package.json (a JavaScript project, or only its tooling)
 * 2. kind of manifest: go.mod, Cargo.toml, CMakeLists.txt and C sources, package.json; the last has
 *    the least weight because projects in every language have one for their tools
 * 3. depth: the manifest nearest to the root of the workspace
 * 4. the path, alphabetically, so that the answer does not depend on the order of `files`
 * 5. within one manifest the library: Extism before the runtime below it, `wasmtime-wasi-threads`
 *    before `wasmtime`
 */
import { type Dependency, readCargoToml, readGoMod, readPackageJson } from './manifests.ts';
import type { HostId } from './profile.ts';

export interface DetectedHost {
  host: HostId;
  /** Why, without full stop: `go.mod requires github.com/tetratelabs/wazero`. */
  reason: string;
}

export interface ManifestFile {
  /** Relative to the workspace, `/` or `\` between segments. */
  path: string;
  text: string;
}

/** Names to look for, the most telling first. A pattern must match the whole name. */
const GO_MODULES: readonly [RegExp, HostId][] = [
  [/github\.com\/extism\/(go-sdk|extism|go-pdk)(\/.*)?/, 'extism'],
  [/github\.com\/(tetratelabs|wazero)\/wazero(\/.*)?/, 'wazero'],
  [/github\.com\/bytecodealliance\/wasmtime-go(\/.*)?/, 'wasmtime'],
  [/github\.com\/wasmerio\/(wasmer-go|go-ext-wasm)(\/.*)?/, 'wasmer'],
  [/github\.com\/(bytecodealliance|wasm-micro-runtime)\/wasm-micro-runtime(\/.*)?/, 'wamr'],
];
const CRATES: readonly [RegExp, HostId][] = [
  [/extism(-pdk|-manifest)?/, 'extism'],
  [/wasmtime-wasi-threads/, 'wasi-threads'],
  [/wasmtime(-.+)?/, 'wasmtime'],
  [/wasmer(-.+)?/, 'wasmer'],
  [/wamr(-rust)?-(sdk|sys)/, 'wamr'],
  [/wasm-bindgen|js-sys|web-sys/, 'javascript'],
];
const NPM_PACKAGES: readonly [RegExp, HostId][] = [[/@extism\/.+/, 'extism']];

/** Words in a CMakeLists.txt, and headers in C and C++ sources. */
const CMAKE_WORDS: readonly [RegExp, HostId, string][] = [
  [/\bWAMR_(ROOT_DIR|BUILD_\w+)\b|\bwasm-micro-runtime\b/, 'wamr', 'wasm-micro-runtime'],
  [/\bwasmtime\b/i, 'wasmtime', 'wasmtime'],
  [/\bwasmer\b/i, 'wasmer', 'wasmer'],
];
const C_HEADERS: readonly [RegExp, HostId][] = [
  [/(?:.*\/)?wasm_export\.h/, 'wamr'],
  [/(?:.*\/)?extism\.h/, 'extism'],
  [/(?:.*\/)?wasmtime(?:\.hh?|\/.*)/, 'wasmtime'],
  [/(?:.*\/)?wasmer\.h/, 'wasmer'],
];

/** A hint and its rank: one entry a step of the order of precedence above, the smaller the stronger. */
interface Hint extends DetectedHost {
  rank: [strength: number, kind: number, depth: number, path: string, library: number];
}

const DIRECT = 0;
const INDIRECT = 1;
const PRESENCE = 2;

/**
 * Decides the host profile from manifests (`go.mod`, `Cargo.toml`, `package.json`,
 * `CMakeLists.txt`, C and C++ sources; other files are ignored). Undefined when none tells. Never
 * throws: a manifest that does not parse says nothing.
 */
export function detectHost(files: readonly ManifestFile[]): DetectedHost | undefined {
  let best: Hint | undefined;
  for (const file of files) {
    for (const hint of hintsOf(file)) if (best === undefined || before(hint, best)) best = hint;
  }
  return best && { host: best.host, reason: best.reason };
}

function hintsOf(file: ManifestFile): Hint[] {
  const path = file.path.replaceAll('\\', '/').replace(/^\.\//, '');
  const segments = path.split('/');
  const depth = segments.length - 1;
  const name = segments[depth];
  // Manifests of dependencies say what those use, not what this workspace does.
  if (segments.includes('node_modules') || segments.includes('vendor')) return [];

  const hint = (host: HostId, reason: string, strength: number, kind: number, library: number): Hint => ({
    host,
    reason: `${path} ${reason}`,
    rank: [strength, kind, depth, path, library],
  });
  const fromNames = (found: Dependency[], table: readonly [RegExp, HostId][], verb: string, kind: number): Hint[] =>
    found.flatMap((dependency) => {
      const library = table.findIndex(([pattern]) => matchesWhole(pattern, dependency.name));
      if (library < 0) return [];
      const strength = dependency.scope === undefined ? DIRECT : INDIRECT;
      const how = dependency.scope === undefined ? '' : ` (${dependency.scope})`;
      return [hint(table[library][1], `${verb} ${dependency.name}${how}`, strength, kind, library)];
    });

  switch (name) {
    case 'go.mod':
      return fromNames(readGoMod(file.text), GO_MODULES, 'requires', 0);
    case 'Cargo.toml':
      return fromNames(readCargoToml(file.text), CRATES, 'depends on', 1);
    case 'CMakeLists.txt': {
      const text = file.text.replaceAll(/#.*/g, '');
      return CMAKE_WORDS.flatMap(([word, host, shown], i) =>
        word.test(text) ? [hint(host, `builds with ${shown}`, DIRECT, 2, i)] : [],
      );
    }
    case 'package.json': {
      const found = readPackageJson(file.text);
      if (found === undefined) return [];
      const hints = fromNames(found, NPM_PACKAGES, 'depends on', 3);
      hints.push(hint('javascript', 'makes this a JavaScript project', PRESENCE, 3, NPM_PACKAGES.length));
      return hints;
    }
  }
  if (!/\.(c|cc|cpp|cxx|h|hpp)$/.test(name)) return [];
  const includes = [...file.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/gm)];
  return includes.flatMap(([, header]) => {
    const library = C_HEADERS.findIndex(([pattern]) => matchesWhole(pattern, header));
    return library < 0 ? [] : [hint(C_HEADERS[library][1], `includes ${header}`, DIRECT, 2, library)];
  });
}

const matchesWhole = (pattern: RegExp, name: string): boolean => new RegExp(`^(?:${pattern.source})$`).test(name);

function before(a: Hint, b: Hint): boolean {
  for (let i = 0; i < a.rank.length; i++) if (a.rank[i] !== b.rank[i]) return a.rank[i] < b.rank[i];
  return false;
}

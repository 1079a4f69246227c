/**
 * Dependency names from manifests, a reader a format. Not full parsers: each reads the forms
 * in which the format's own tool writes dependencies, skips comments, and never throws.
 */

/** One dependency as a manifest names it. A manifest may name the same one several times. */
export interface Dependency {
  /** Module path, crate, package or header, without version. */
  name: string;
  /** Undefined for a direct dependency; else why it tells less: `indirect`, `development`, `build`. */
  scope: 'indirect' | 'development' | 'build' | undefined;
}

/**
 * `require` directives, single and in blocks; `replace`, `exclude` and the like say nothing new.
 * Source: https://go.dev/ref/mod#go-mod-file-require
 */
export function readGoMod(text: string): Dependency[] {
  const found: Dependency[] = [];
  let block: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const comment = line.indexOf('//');
    const code = (comment < 0 ? line : line.slice(0, comment)).trim();
    if (block !== undefined && code === ')') {
      block = undefined;
      continue;
    }
    const opened = /^(\w+)\s*\($/.exec(code);
    if (opened) {
      block = opened[1];
      continue;
    }
    const directive = block ?? /^\w+/.exec(code)?.[0];
    if (directive !== 'require') continue;
    const name = /^["`]?([^\s"`]+)/.exec(block === undefined ? code.slice('require'.length).trim() : code)?.[1];
    if (name === undefined) continue;
    const indirect = comment >= 0 && /^\/\/\s*indirect\b/.test(line.slice(comment));
    found.push({ name, scope: indirect ? 'indirect' : undefined });
  }
  return found;
}

/**
 * Keys of `[dependencies]` tables and their relatives, `[dependencies.<crate>]` tables, and the
 * `package = "..."` of a renamed crate, which is the name that counts.
 * Source: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
 */
export function readCargoToml(text: string): Dependency[] {
  const found: Dependency[] = [];
  let scope: Dependency['scope'];
  /** Inside a table that lists crates; inside the table of one crate, that crate. */
  let listing = false;
  let crate: Dependency | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = withoutTomlComment(raw).trim();
    const header = /^\[\s*([^[\]]+?)\s*\]$/.exec(line);
    if (header) {
      const keys = tomlKeys(header[1]);
      const at = keys.findIndex((key) => /^(dev-|build-)?dependencies$/.test(key));
      listing = at >= 0 && at === keys.length - 1;
      scope = at < 0 ? undefined : cargoScope(keys[at]);
      crate = at >= 0 && at === keys.length - 2 ? { name: keys[at + 1], scope } : undefined;
      if (crate) found.push(crate);
      continue;
    }
    if (line.startsWith('[')) {
      // An array of tables, `[[bin]]`: none of them lists dependencies.
      listing = false;
      crate = undefined;
      continue;
    }
    const pair = /^((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=\s*(.*)$/.exec(line);
    if (!pair) continue;
    const keys = tomlKeys(pair[1]);
    if (crate && keys.length === 1 && keys[0] === 'package') crate.name = tomlString(pair[2]) ?? crate.name;
    if (!listing) continue;
    const renamed =
      keys[1] === 'package' ? tomlString(pair[2]) : /[{,]\s*package\s*=\s*["']([^"']+)["']/.exec(pair[2])?.[1];
    found.push({ name: renamed ?? keys[0], scope });
  }
  return found;
}

/** Dependencies of a package.json; undefined when it is not an object in JSON. */
export function readPackageJson(text: string): Dependency[] | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return undefined;
  const fields = manifest as Record<string, unknown>;
  const names = (field: string, scope: Dependency['scope']): Dependency[] => {
    const value = fields[field];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.keys(value).map((name) => ({ name, scope }));
  };
  return [
    ...names('dependencies', undefined),
    ...names('peerDependencies', undefined),
    ...names('optionalDependencies', undefined),
    ...names('devDependencies', 'development'),
  ];
}

/** Headers that a C or C++ source includes, as they stand between quotes or angle brackets. */
export const readIncludes = (text: string): Dependency[] =>
  [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/gm)].map(([, name]) => ({ name, scope: undefined }));

const cargoScope = (table: string): Dependency['scope'] =>
  table === 'dev-dependencies' ? 'development' : table === 'build-dependencies' ? 'build' : undefined;

/** Cuts a `#` comment, unless the `#` is inside a string of that line. */
export function withoutTomlComment(line: string): string {
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote !== '') {
      if (c === '\\' && quote === '"') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '#') return line.slice(0, i);
  }
  return line;
}

/** Splits a dotted key; quoted parts may hold dots, as in `target.'cfg(unix)'.dependencies`. */
export const tomlKeys = (dotted: string): string[] =>
  [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map((m) => m[1] ?? m[2] ?? m[3]);

const tomlString = (value: string): string | undefined => /^["']([^"']+)["']/.exec(value)?.[1];

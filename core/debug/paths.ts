/**
 * From paths of the machine that built a module to files of the workspace. A path is compared from its end, because builds
 * are made elsewhere; where more than one file could be meant, none is. Pure: the files of the workspace are given.
 */

/** Folders by the beginning of paths that the build wrote, as setting `wasmHazards.sourcePaths` has them. */
export type SourcePaths = Readonly<Record<string, string>>;

/** What there is to choose from. All paths are absolute, with `/` between folders. */
export interface Candidates {
  /** Files of the workspace, or those of them whose names occur in the build. */
  files: readonly string[];
  /** The module: of two files that fit equally well, the one that is nearer to it is meant. */
  module: string;
}

/** Most components of a path that are looked at. */
const DEEPEST = 64;

/** Most paths of one build that are looked for. LLVM has 10,000. */
const MOST_PATHS = 20_000;

/**
 * The folders and the name in a path as a build writes it: absolute or not, of any system, a URL of a bundler
 * (`webpack:///./src/a.ts`). `.` is left out, `..` takes the folder before it away, and never leads out of the path.
 */
function pathParts(path: string): string[] {
  const plain = path
    .replace(/^[a-z][a-z\d+.-]+:\/{2,3}/i, '')
    .replace(/^[a-z]:(?=[\\/])/i, '')
    .split(/[\\/]+/);
  const parts: string[] = [];
  for (const part of plain) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.slice(-DEEPEST);
}

/** Name of the file at the end of a path; empty for a path without one. */
export const lastPart = (path: string): string => pathParts(path).at(-1) ?? '';

/**
 * Folders of toolchains and of package managers, each up to the folder of one package: all packages have a `src/lib.rs`, and
 * that of a dependency is not the one of the workspace.
 */
const FOREIGN: readonly RegExp[] = [
  /^rustc\/[^/]+\//,
  /(?:^|\/)\.cargo\/(?:registry\/src|git\/checkouts)\/[^/]+\//,
  /(?:^|\/)registry\/src\/[^/]*crates\.io[^/]*\//,
  /(?:^|\/)\.rustup\/toolchains\/[^/]+\//,
  /(?:^|\/)pkg\/mod\//,
  /^~lib\//,
  /(?:^|\/)node_modules\//,
  /(?:^|\/)emscripten\/(?:system|cache)\//,
  /(?:^|\/)emsdk(?:\/emscripten)?\//,
  /^usr\/(?:local\/)?(?:include|lib|share|go|src)\//,
  /(?:^|\/)go\/src\//,
  /(?:^|\/)tinygo\/(?:src|lib)\//,
  /(?:^|\/)wasi-(?:sdk|libc)[^/]*\//,
  /(?:^|\/)lib\/(?:libc|compiler_rt|std|zig)\//,
];

/** Whether a path of the build is in a folder of a toolchain or of a package manager: nobody's own code. */
export function isForeign(path: string): boolean {
  const whole = pathParts(path).join('/');
  return FOREIGN.some((one) => one.test(whole));
}

/** Number of components that have to fit: all after the folder of a toolchain or a package manager, and two; else one. */
function leastShared(parts: readonly string[]): number {
  const path = parts.join('/');
  const ends = FOREIGN.map((one) => one.exec(path)).flatMap((found) => (found ? [found.index + found[0].length] : []));
  return ends.length === 0 ? 1 : Math.max(2, path.slice(Math.max(...ends)).split('/').length);
}

/**
 * The files of the workspace that `paths`, all sources of one module, are: only those of which there is no doubt. Two files
 * of the build never are the same file of the workspace; the one of which more folders fit is.
 */
export function sourcesInWorkspace(paths: readonly string[], { files, module }: Candidates): Map<string, string> {
  const byEnd = new Map<string, string[][]>();
  for (const file of files) {
    const parts = file.split('/').filter((part) => part !== '');
    for (let depth = 1; depth <= Math.min(DEEPEST_END, parts.length); depth++) {
      const end = endOf(parts, depth);
      const known = byEnd.get(end);
      if (known === undefined) byEnd.set(end, [parts]);
      else if (known.length <= MOST_ALIKE) known.push(parts);
    }
  }
  const moduleParts = module.split('/').filter((part) => part !== '');
  const byTarget = new Map<string, Fit[]>();
  for (const path of paths.slice(0, MOST_PATHS)) {
    const parts = pathParts(path);
    const fit = bestFit(path, parts, candidatesFor(parts, byEnd), moduleParts);
    if (fit === undefined) continue;
    const known = byTarget.get(fit.target);
    if (known === undefined) byTarget.set(fit.target, [fit]);
    else known.push(fit);
  }
  const found = new Map<string, string>();
  for (const [target, fits] of byTarget) for (const { path } of undisputed(fits)) found.set(path, target);
  return found;
}

/** Parts of the ends by which files are found. */
const DEEPEST_END = 4;
/** Files with one end that are compared; if there are more, nobody knows which one is meant. */
const MOST_ALIKE = 200;

const endOf = (parts: readonly string[], depth: number): string => parts.slice(-depth).join('/');

/** The files that share most with a path, as far as ends of some parts tell. */
function candidatesFor(
  parts: readonly string[],
  byEnd: ReadonlyMap<string, readonly (readonly string[])[]>,
): readonly (readonly string[])[] {
  for (let depth = Math.min(DEEPEST_END, parts.length); depth > 0; depth--) {
    const found = byEnd.get(endOf(parts, depth));
    if (found !== undefined) return found.length > MOST_ALIKE ? [] : found;
  }
  return [];
}

/** A path of the build, a file of the workspace, and the number of components at their ends that are equal. */
interface Fit {
  path: string;
  parts: readonly string[];
  target: string;
  shared: number;
}

function bestFit(
  path: string,
  parts: readonly string[],
  candidates: readonly (readonly string[])[],
  module: readonly string[],
): Fit | undefined {
  const least = leastShared(parts);
  const fits = candidates
    .map((candidate) => ({
      candidate,
      shared: sharedAtEnd(parts, candidate),
      near: sharedAtStart(candidate, module),
    }))
    .filter(({ shared }) => shared >= least)
    .sort((a, b) => b.shared - a.shared || b.near - a.near || a.candidate.length - b.candidate.length);
  const [best, next] = fits;
  if (best === undefined) return undefined;
  // A name alone says little where folders were to be compared.
  if (best.shared === 1 && parts.length > 1 && fits.length > 1) return undefined;
  if (next !== undefined && next.shared === best.shared && next.near === best.near) return undefined;
  return { path, parts, target: rootOfTarget(best.candidate), shared: best.shared };
}

/** `C:` of Windows is the first component of its paths; all other absolute paths begin with a slash. */
const rootOfTarget = (parts: readonly string[]): string =>
  /^[A-Za-z]:$/.test(parts[0]) ? parts.join('/') : `/${parts.join('/')}`;

/** Those that may be the file: the best, and shorter spellings of its path; none if there are two that differ. */
function undisputed(fits: readonly Fit[]): readonly Fit[] {
  const most = fits.reduce((max, { shared }) => Math.max(max, shared), 0);
  const best = fits.filter(({ shared }) => shared === most);
  const longest = best.reduce((a, b) => (b.parts.length > a.parts.length ? b : a));
  const isSpelling = ({ parts }: Fit): boolean => sharedAtEnd(parts, longest.parts) === parts.length;
  return best.every(isSpelling) ? fits.filter(isSpelling) : [];
}

function sharedAtEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

function sharedAtStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

/**
 * The path that the setting gives to a path of the build: the folder of the longest prefix that ends between components,
 * and the rest. Undefined where no prefix fits, or the rest leads out of the folder.
 */
export function pathBySetting(path: string, folders: SourcePaths): string | undefined {
  const plain = path.replaceAll('\\', '/');
  const fitting = Object.keys(folders)
    .map((prefix) => ({ prefix, plain: prefix.replaceAll('\\', '/') }))
    .filter((one) => plain.startsWith(one.plain) && (/\/$|^$/.test(one.plain) || plain[one.plain.length] === '/'))
    .sort((a, b) => b.plain.length - a.plain.length);
  const [best] = fitting;
  if (best === undefined) return undefined;
  const rest = plain
    .slice(best.plain.length)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (rest.length === 0 || rest.includes('..')) return undefined;
  return [folders[best.prefix].replaceAll('\\', '/').replace(/\/+$/, ''), ...rest].join('/');
}

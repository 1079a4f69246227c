/**
 * Which host runs the modules of a workspace, told from the manifests that lie in it. What to look for is in the
 * profiles (`detection`); how each kind of manifest is read is in `manifests.ts`.
 *
 * Order of precedence, the first that differs decides:
 * 1. strength: a direct dependency, then an indirect, development or build one, then the mere
 *    presence of a package.json (a JavaScript project, or only its tooling)
 * 2. kind of manifest: go.mod, Cargo.toml, CMakeLists.txt and C sources, projects of .NET, manifests
 *    of Python, package.json; the last has the least weight because projects in every language have
 *    one for their tools
 * 3. depth: the manifest nearest to the root of the workspace
 * 4. the path, alphabetically, so that the answer does not depend on the order of `files`
 * 5. within one manifest the host: Extism before the runtime below it, wasi-threads before Wasmtime,
 *    then the order of the table of hosts
 */
import { type Message, message, t, translated } from '../text/l10n.ts';
import { HOST_IDS, HOST_PROFILES, type HostId } from './index.ts';
import { type Dependency, readCargoToml, readGoMod, readIncludes, readPackageJson } from './manifests.ts';
import { readDotnetProject, readPyproject, readRequirements } from './manifestsOfBindings.ts';
import type { DetectionPatterns } from './profile.ts';

/** The host that the manifests tell, with the one mention of it that decided. */
export interface DetectedHost {
  host: HostId;
  /** Why, without full stop: `go.mod requires github.com/tetratelabs/wazero`. */
  reason: string;
}

/** A file of the workspace that may be a manifest; `detectHost` ignores it if its name is not that of one. */
export interface ManifestFile {
  /** Relative to the workspace, `/` or `\` between segments. */
  path: string;
  text: string;
}

/** What a manifest says of one host. */
interface Mention {
  host: HostId;
  /** Why, of the manifest at `path`: `go.mod requires github.com/tetratelabs/wazero`. */
  reason(path: string): string;
  strength: number;
}

interface ManifestKind {
  /** For display: the file name, or its form where it is free. */
  name: string;
  pattern: RegExp;
  /** There may be many in a folder, and most say nothing. */
  isSource?: true;
  mentions(text: string): Mention[];
}

/** How a manifest names a host, of its path and the name. */
const REQUIRES = message('{0} requires {1}');
const DEPENDS = message('{0} depends on {1}');
const INCLUDES = message('{0} includes {1}');
const REFERENCES = message('{0} references {1}');

const DIRECT = 0;
const INDIRECT = 1;
const PRESENCE = 2;

/** Hosts in the order in which a manifest that names several of them decides. */
const BY_LAYER: readonly HostId[] = HOST_IDS.toSorted((a, b) => layerOf(b) - layerOf(a));

/** Kinds of manifest, the strongest first. */
const KINDS: readonly (readonly ManifestKind[])[] = [
  [
    {
      name: 'go.mod',
      pattern: /^go\.mod$/,
      mentions: (text) => named(readGoMod(text), 'goModule', REQUIRES),
    },
  ],
  [
    {
      name: 'Cargo.toml',
      pattern: /^Cargo\.toml$/,
      mentions: (text) => named(readCargoToml(text), 'crate', DEPENDS),
    },
  ],
  [
    { name: 'CMakeLists.txt', pattern: /^CMakeLists\.txt$/, mentions: builtWith },
    {
      name: '*.c',
      pattern: /\.(c|cc|cpp|cxx|h|hpp)$/,
      isSource: true,
      mentions: (text) => named(readIncludes(text), 'header', INCLUDES),
    },
  ],
  [
    {
      name: '*.csproj',
      pattern: /\.(cs|fs|vb)proj$/,
      mentions: (text) => named(readDotnetProject(text), 'nugetPackage', REFERENCES),
    },
  ],
  [
    {
      name: 'pyproject.toml',
      pattern: /^pyproject\.toml$/,
      mentions: (text) => named(readPyproject(text), 'pythonPackage', DEPENDS),
    },
    {
      name: 'requirements.txt',
      pattern: /^requirements\.txt$/,
      mentions: (text) => named(readRequirements(text), 'pythonPackage', REQUIRES),
    },
  ],
  [
    {
      name: 'package.json',
      pattern: /^package\.json$/,
      mentions(text) {
        const found = readPackageJson(text);
        return found === undefined ? [] : [...named(found, 'npmPackage', DEPENDS), ...javaScriptProject()];
      },
    },
  ],
];

/** Names of the files that can tell, for the user; sources are not among them. */
export const MANIFEST_NAMES: readonly string[] = KINDS.flat()
  .filter(({ isSource }) => !isSource)
  .map(({ name }) => name);

/** Whether a file of this name, without folders, can tell the host; `source`: there may be many, and most do not. */
export function manifestKind(fileName: string): 'manifest' | 'source' | undefined {
  const kind = KINDS.flat().find(({ pattern }) => pattern.test(fileName));
  return kind && (kind.isSource ? 'source' : 'manifest');
}

/** A hint and its rank: one entry a step of the order of precedence above, the smaller the stronger. */
interface Hint extends DetectedHost {
  rank: readonly [strength: number, kind: number, depth: number, path: string, host: number];
}

/**
 * Decides the host profile from manifests (the kinds above; other files are ignored). Undefined when none tells. Never
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
  // Manifests of dependencies say what those use, not what this workspace does.
  if (segments.includes('node_modules') || segments.includes('vendor')) return [];
  return KINDS.flatMap((kinds, kind) =>
    kinds
      .filter(({ pattern }) => pattern.test(segments[depth]))
      .flatMap(({ mentions }) => mentions(file.text))
      .map(({ host, reason, strength }) => ({
        host,
        reason: reason(path),
        rank: [strength, kind, depth, path, BY_LAYER.indexOf(host)] as const,
      })),
  );
}

/** Dependencies that a profile knows under `pattern`. */
function named(
  found: readonly Dependency[],
  pattern: 'goModule' | 'crate' | 'npmPackage' | 'header' | 'nugetPackage' | 'pythonPackage',
  relation: Message,
): Mention[] {
  return found.flatMap(({ name, scope }) => {
    const host = BY_LAYER.find((id) => matchesWhole(patternsOf(id)[pattern], name));
    if (host === undefined) return [];
    const how = scope === undefined ? '' : ` (${scope})`;
    return [
      {
        host,
        reason: (path) => translated(relation, path, `${name}${how}`),
        strength: scope === undefined ? DIRECT : INDIRECT,
      },
    ];
  });
}

function builtWith(text: string): Mention[] {
  const commands = text.replaceAll(/#.*/g, '');
  return BY_LAYER.flatMap((host) => {
    const { cmake } = patternsOf(host);
    return cmake?.word.test(commands)
      ? [{ host, reason: (path) => t('{0} builds with {1}', path, cmake.shown), strength: DIRECT }]
      : [];
  });
}

const javaScriptProject = (): Mention[] =>
  BY_LAYER.filter((host) => patternsOf(host).anyPackageJson).map((host) => ({
    host,
    reason: (path) => t('{0} makes this a JavaScript project', path),
    strength: PRESENCE,
  }));

function patternsOf(host: HostId): DetectionPatterns {
  return HOST_PROFILES[host].detection;
}

function layerOf(host: HostId): number {
  return patternsOf(host).layer ?? 0;
}

const matchesWhole = (pattern: RegExp | undefined, name: string): boolean =>
  pattern !== undefined && new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(name);

function before(a: Hint, b: Hint): boolean {
  for (let i = 0; i < a.rank.length; i++) if (a.rank[i] !== b.rank[i]) return a.rank[i] < b.rank[i];
  return false;
}

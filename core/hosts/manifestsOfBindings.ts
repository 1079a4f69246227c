/** Dependency names from the manifests of Python and .NET, where hosts are bindings of a C API. */
import { type Dependency, tomlKeys, withoutTomlComment } from './manifests.ts';

/**
 * Requirements of a pip file, one a line; options (`-r other.txt`) and comments say nothing.
 * Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export const readRequirements = (text: string): Dependency[] =>
  text.split(/\r?\n/).flatMap((line) => requirement(line.replace(/(^|\s)#.*$/, ''), undefined));

/**
 * Lists of requirements of a pyproject.toml (`project.dependencies`, `project.optional-dependencies`,
 * `dependency-groups`) and the tables of Poetry. A list ends with the line that closes it.
 * Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/
 */
export function readPyproject(text: string): Dependency[] {
  const found: Dependency[] = [];
  let table: string[] = [];
  /** Inside a list of requirements: why they tell less. */
  let list: { scope: Dependency['scope'] } | undefined;
  for (const raw of text.split(/\r?\n/)) {
    let line = withoutTomlComment(raw).trim();
    const header = list === undefined ? /^\[\s*([^[\]]+?)\s*\]$/.exec(line) : null;
    if (header) {
      table = tomlKeys(header[1]);
      continue;
    }
    if (list === undefined) {
      const pair = /^("[^"]*"|'[^']*'|[\w-]+)\s*=\s*(.*)$/.exec(line);
      if (!pair) continue;
      const [key] = tomlKeys(pair[1]);
      if (isPoetryTable(table)) {
        found.push({ name: normalised(key), scope: table.includes('group') ? 'development' : undefined });
        continue;
      }
      if (!pair[2].startsWith('[') || !isRequirementList(table, key)) continue;
      list = { scope: table.join('.') === 'project' ? undefined : 'development' };
      line = pair[2];
    }
    const { scope } = list;
    for (const [, double, single] of line.matchAll(/"([^"]*)"|'([^']*)'/g)) {
      found.push(...requirement(double ?? single, scope));
    }
    if (/\]$/.test(line.replaceAll(/"[^"]*"|'[^']*'/g, ''))) list = undefined;
  }
  return found;
}

/** `project.dependencies`, and every list of the tables that name their lists freely. */
const isRequirementList = (table: readonly string[], key: string): boolean => {
  const name = table.join('.');
  if (name === 'project') return key === 'dependencies';
  return name === 'project.optional-dependencies' || name === 'dependency-groups';
};

/** `tool.poetry.dependencies` and `tool.poetry.group.<name>.dependencies`. */
const isPoetryTable = (table: readonly string[]): boolean =>
  table[0] === 'tool' && table[1] === 'poetry' && table.at(-1) === 'dependencies';

/** The name that a requirement begins with, as in `wasmtime[testing]>=25; python_version > "3.9"`. */
function requirement(text: string, scope: Dependency['scope']): Dependency[] {
  const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(text)?.[1];
  return name === undefined ? [] : [{ name: normalised(name), scope }];
}

/** Source: https://packaging.python.org/en/latest/specifications/name-normalization/ */
const normalised = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/**
 * Packages that a project file of .NET references.
 * Source: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
 */
export const readDotnetProject = (text: string): Dependency[] =>
  [
    ...text.replaceAll(/<!--[\s\S]*?-->/g, '').matchAll(/<PackageReference\s[^>]*?\bInclude\s*=\s*["']([^"']+)["']/g),
  ].map(([, name]) => ({ name, scope: undefined }));

/** Names of Go packages. */

/** Names that Go does not allow for a package, or that shadow one that the code imports. */
const NOT_PACKAGES = new Set(
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var main init wazero api experimental context errors fmt sync sys rand os sort runtime testing sha256 atomic strings'.split(
    ' ',
  ),
);

/** One short lower-case word, as is the custom, from the module's name in snake case. */
export function packageNameOf(base: string): string {
  const word = base.replaceAll('_', '').slice(0, 30);
  return NOT_PACKAGES.has(word) ? `${word}wasm` : word;
}

/** Whether `name` is valid for a Go package: a name that the user gives is not corrected. */
export const isPackageName = (name: string): boolean =>
  /^[a-z][a-z0-9_]{0,60}$/.test(name) && (name === 'main' || !NOT_PACKAGES.has(name));

/** What `npm ci` needs from a lock file on every platform. */

/** The part of `package-lock.json` that is read here. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly integrity?: string;
        readonly link?: boolean;
        readonly resolved?: string;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/**
 * Faults of a lock file, a sentence each. Entries of other platforms have to have their hash, too: npm leaves it out
 * where a package was not downloaded, and then installs there whatever a registry serves. A lock file that was made where
 * packages were already installed may lack entries of other platforms altogether.
 */
export function lockfileFaults({ lockfileVersion, packages }: Lockfile): string[] {
  const faults = lockfileVersion === 3 ? [] : [`lockfileVersion is ${lockfileVersion}, not 3`];
  for (const [path, { integrity, link, resolved, optionalDependencies }] of Object.entries(packages)) {
    if (path === '' || link) continue;
    for (const name of Object.keys(optionalDependencies ?? {}))
      if (!isFound(name, path, packages)) faults.push(`${path} needs ${name} on some platform, which has no entry`);
    if (!integrity?.startsWith('sha512-')) faults.push(`${path} has no SHA-512 in integrity`);
    if (resolved !== undefined) faults.push(`${path} names a registry in resolved`);
  }
  return faults;
}

/** Whether a package finds another one as Node does: in its own `node_modules`, or in one further out. */
function isFound(name: string, from: string, packages: Lockfile['packages']): boolean {
  const places = from.split('/node_modules/').map((_, i, all) => `${all.slice(0, i + 1).join('/node_modules/')}/`);
  return ['', ...places].some((place) => Object.hasOwn(packages, `${place}node_modules/${name}`));
}

/** What `npm ci` needs from a lock file on every platform. */

/** The part of `package-lock.json` that is read here. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly link?: boolean; readonly resolved?: string }>
  >;
}

/**
 * Faults of a lock file, a sentence each. Entries of other platforms have to have their hash, too: npm leaves it out
 * where a package was not downloaded, and then installs there whatever a registry serves.
 */
export function lockfileFaults({ lockfileVersion, packages }: Lockfile): string[] {
  const faults = lockfileVersion === 3 ? [] : [`lockfileVersion is ${lockfileVersion}, not 3`];
  for (const [path, { integrity, link, resolved }] of Object.entries(packages)) {
    if (path === '' || link) continue;
    if (!integrity?.startsWith('sha512-')) faults.push(`${path} has no SHA-512 in integrity`);
    if (resolved !== undefined) faults.push(`${path} names a registry in resolved`);
  }
  return faults;
}

/** Where the JavaScript module is that a scenario names for its imports, and whether it belongs to the scenario. */

import { resolve } from 'node:path';
import { isInside, realPath } from '../debug/allowedPath.ts';

/** A JavaScript module that a scenario names. */
export interface ImportsPlace {
  /** Absolute path, with links followed where the file exists. */
  path: string;
  /**
   * Whether the file is not in the scenario's folder. A scenario is data that people pass on; it may bring code along, but
   * must not choose any other file of the machine to run.
   */
  outside: boolean;
}

/** Where `name` is for a scenario in `folder`. Nothing outside of it is looked at: a look can be a connection. */
export function importsPlace(name: string, folder: string): ImportsPlace {
  const home = resolve(folder);
  const path = resolve(home, name);
  const real = realPath(home) ?? home;
  if (!isInside(path, [home, real])) return { path, outside: true };
  const found = realPath(path);
  return found === undefined ? { path, outside: false } : { path: found, outside: !isInside(found, [real]) };
}

/** The versions of Node on this machine. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** This Node, and the first one on the PATH of each other supported major version: executables by `v24`. */
export function nodes(): Map<string, string> {
  const found = new Map([[process.version.split('.')[0], process.execPath]]);
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(directory, process.platform === 'win32' ? 'node.exe' : 'node');
    if (!existsSync(program)) continue;
    const major = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split('.')[0];
    if (Number(major.slice(1)) >= 20 && !found.has(major)) found.set(major, program);
  }
  return found;
}

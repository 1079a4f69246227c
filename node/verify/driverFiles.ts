/** The sources of the Go driver. The build replaces this file by one that carries them in itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../core/verify/go');

/** Contents by file name. */
export function driverFiles(): Record<string, string> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.go'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

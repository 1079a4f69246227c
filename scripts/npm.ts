/** Running npm, whichever way this process was started. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs npm in a folder and resolves with what it printed. The settings that npm passes to scripts, such as a prefix or
 * a workspace of the outer call, do not reach it.
 * @throws Error if it fails, with `stderr`
 */
export async function npm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const outer = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name));
  const options = { cwd, env: { ...Object.fromEntries(outer), ...env }, encoding: 'utf8' as const };
  const script = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const run = promisify(execFile);
  const { stdout } = script
    ? await run(process.execPath, [script, ...args], options)
    : await run('npm', [...args], { ...options, shell: process.platform === 'win32' });
  return stdout;
}

/** Installs what the tests compile with, but the project does not depend on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Something that this machine cannot have now. The message says what is not checked without it. */
export class CannotInstall extends Error {}

/** Installs what a lock file names. @throws CannotInstall, offline for example */
export async function npmCi(folder: string): Promise<void> {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  try {
    if (npm) await run(process.execPath, [npm, ...args], { cwd: folder });
    else await run('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = (stderr || message).split('\n').find((line) => line.trim() !== '');
    throw new CannotInstall(`real modules: npm ci for AssemblyScript failed: ${reason ?? ''}`);
  }
}

/** Installs what the tests compile with, but the project does not depend on. */
import { npm } from './npm.ts';

/** Something that this machine cannot have now. The message says what is not checked without it. */
export class CannotInstall extends Error {}

/** Installs what a lock file names. @throws CannotInstall, offline for example */
export async function npmCi(folder: string): Promise<void> {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await npm(args, folder);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = (stderr || message).split('\n').find((line) => line.trim() !== '');
    throw new CannotInstall(`real modules: npm ci for AssemblyScript failed: ${reason ?? ''}`);
  }
}

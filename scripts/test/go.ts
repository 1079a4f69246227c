/** Go for the tests that compile and run generated Go: the installed one, else Debian's if the tests run as root. */

import { findOnPath, run } from '../vscode/processes.ts';

type Log = (line: string) => void;

/**
 * Installs Go if it is missing and can be installed. Never throws: without Go those tests are skipped, and a line says
 * so.
 */
export async function ensureGo(log: Log): Promise<void> {
  if (findOnPath('go') && findOnPath('gofmt')) return;
  const apt = findOnPath('apt-get');
  if (!apt || process.getuid?.() !== 0) {
    skipped(log, 'it is not installed (Debian: apt-get install golang-go gcc libc6-dev)');
    return;
  }
  log('installing golang-go with apt-get ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run(apt, ['update', '-q'], { env });
    // The race detector needs a C compiler.
    const packages = ['golang-go', 'gcc', 'libc6-dev'];
    await run(apt, ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
  } catch (error) {
    skipped(log, error instanceof Error ? error.message : String(error));
    return;
  }
  if (!findOnPath('go')) skipped(log, 'apt-get installed golang-go, yet go is not on the PATH');
}

function skipped(log: Log, why: string): void {
  log(`Go cannot be used: ${why}`);
}

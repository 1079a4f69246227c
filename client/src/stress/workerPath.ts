/** Where the worker's program is in the installed extension. */
import { join } from 'node:path';

export const workerPath = ({ extensionPath }: { extensionPath: string }): string =>
  join(extensionPath, 'dist', 'stressWorker.js');
